#include "plugins/sms_http/request.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace citybridge::sms_http {
namespace {

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

std::string digest_value(const RequestStyle& style, const Values& values) {
    const std::string text = filled(style.digest_text, values);
    const auto key = values.find("key_secret");
    const std::string secret = key == values.end() ? std::string() : key->second;
    std::string raw;
    switch (style.digest) {
        case Digest::none: return {};
        case Digest::md5: raw = digest_of(Hash::md5, text); break;
        case Digest::sha1: raw = digest_of(Hash::sha1, text); break;
        case Digest::sha256: raw = digest_of(Hash::sha256, text); break;
        case Digest::hmac_sha1: raw = hmac_of(Hash::sha1, secret, text); break;
        case Digest::hmac_sha256: raw = hmac_of(Hash::sha256, secret, text); break;
    }
    if (style.digest_as == DigestAs::base64) return to_base64(raw);
    return style.digest_as == DigestAs::upper_hex ? upper(to_hex(raw)) : to_hex(raw);
}

// A value in a url is always percent-encoded, or it could change where the request goes.
std::string filled_url(const std::string& url, const Values& values) {
    Values encoded;
    for (const auto& [name, value] : values) encoded[name] = percent_encoded(value);
    return filled(url, encoded);
}

// A text that is nothing but this place becomes the list or the object itself.
bool is_structure(const std::string& text) { return text == "{values_list}" || text == "{values_json}"; }

nlohmann::ordered_json filled_json(const nlohmann::ordered_json& from, const Values& values) {
    if (from.is_string() && is_structure(from.get_ref<const std::string&>())) {
        auto made = nlohmann::ordered_json::parse(filled(from.get_ref<const std::string&>(), values), nullptr, false);
        if (made.is_structured()) return made;
    }
    if (from.is_string()) return filled(from.get_ref<const std::string&>(), values);
    if (!from.is_structured()) return from;
    nlohmann::ordered_json out = from;
    for (auto& each : out) each = filled_json(each, values);
    return out;
}

// "https://host:443/path?query": its parts as they are sent.
struct UrlParts {
    std::string host;
    std::string path = "/";
    std::string query;
};
UrlParts parts_of(const std::string& url) {
    UrlParts out;
    const std::size_t begin = url.find("://") == std::string::npos ? 0 : url.find("://") + 3;
    const std::size_t end = std::min(url.find_first_of("/?", begin), url.size());
    out.host = url.substr(begin, end - begin);
    const std::size_t question = std::min(url.find('?', end), url.size());
    if (question > end) out.path = url.substr(end, question - end);
    if (question < url.size()) out.query = url.substr(question + 1);
    return out;
}

std::optional<std::string> joined(const Parameters& parameters, const RequestStyle& style) {
    std::string out;
    for (const auto& [name, value] : parameters) {
        const auto encoded = in_charset(value, style.charset);
        if (!encoded) return std::nullopt;
        if (!out.empty()) out += '&';
        out += percent_encoded(name, style.form_blanks) + '=' + percent_encoded(*encoded, style.form_blanks);
    }
    return out;
}

bool is_header_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

void sign_sorted(const RequestStyle& style, const std::string& method, const Values& values, Parameters& parameters) {
    if (style.signing != Signing::sorted_hmac_sha1 && style.signing != Signing::sorted_hmac_sha256) return;
    const Hash hash = style.signing == Signing::sorted_hmac_sha1 ? Hash::sha1 : Hash::sha256;
    const auto secret = values.find("key_secret");
    std::string signature =
        sorted_signature(hash, method, parameters, secret == values.end() ? std::string() : secret->second);
    parameters.emplace_back(style.signature_parameter, std::move(signature));
}

void sign_tc3(const RequestStyle& style, const Values& values, WallTime now, const std::string& content_type,
              HttpOutgoing& out) {
    if (style.signing != Signing::tc3_hmac_sha256) return;
    const UrlParts url = parts_of(out.url);
    Tc3Request request;
    request.method = out.method;
    request.path = url.path;
    request.query = url.query;
    request.host = url.host;
    request.content_type = content_type;
    request.body = out.body;
    request.service = style.tc3_service;
    if (const auto id = values.find("key_id"); id != values.end()) request.secret_id = id->second;
    if (const auto key = values.find("key_secret"); key != values.end()) request.secret_key = key->second;
    request.at = now;
    out.headers.emplace_back("Authorization", tc3_authorization(request));
    out.headers.emplace_back("X-TC-Timestamp", filled("{timestamp}", values));
}

}  // namespace

Result<HttpOutgoing> make_request(const RequestTemplate& from, const RequestStyle& style, Values values, WallTime now) {
    values["digest"] = digest_value(style, values);
    HttpOutgoing out;
    out.method = from.method;
    out.url = filled_url(from.url, values);
    out.ca_file = style.ca_file;
    out.timeout = style.timeout;
    out.connect_timeout = std::min(out.connect_timeout, style.timeout);

    std::string content_type;
    if (from.send_as == SendAs::json) {
        content_type = "application/json; charset=utf-8";
        out.body = filled_json(from.body, values).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    } else {
        Parameters parameters = from.parameters;
        for (auto& [name, value] : parameters) value = filled(value, values);
        sign_sorted(style, from.method, values, parameters);
        const auto text = joined(parameters, style);
        if (!text) return Error{"sms.charset", "the text has a character that " + style.charset + " does not have"};
        if (from.send_as == SendAs::form) {
            content_type = "application/x-www-form-urlencoded";
            out.body = *text;
        } else if (!text->empty()) {
            out.url += (out.url.find('?') == std::string::npos ? '?' : '&') + *text;
        }
    }
    if (!content_type.empty()) out.headers.emplace_back("Content-Type", content_type);
    out.headers.emplace_back("User-Agent", "CityBridge-SMS/1");
    for (const auto& [name, value] : from.headers) {
        std::string text = filled(value, values);
        if (!is_header_value(text))
            return Error{"sms.bad_message", "a value of the message cannot stand in the header " + name};
        out.headers.emplace_back(name, std::move(text));
    }
    sign_tc3(style, values, now, content_type, out);
    return out;
}

}  // namespace citybridge::sms_http
