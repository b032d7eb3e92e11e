#include "core/host/http_origin.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "core/api/text.h"

namespace citybridge {
namespace {

struct UrlDeleter {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::optional<std::string> part_of(CURLU* url, CURLUPart part, unsigned flags) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
    std::string out = text;
    curl_free(text);
    return out;
}

}  // namespace

std::optional<HttpOrigin> origin_of(std::string_view url) {
    if (url.find('\0') != std::string_view::npos) return {};
    const std::unique_ptr<CURLU, UrlDeleter> parsed(curl_url());
    if (!parsed) return {};
    const std::string text(url);
    if (curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) return {};
    const auto scheme = part_of(parsed.get(), CURLUPART_SCHEME, 0);
    const auto host = part_of(parsed.get(), CURLUPART_HOST, 0);
    const auto port = part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    if (!scheme || !host || !port || host->empty()) return {};
    HttpOrigin out{lower_case(*scheme), lower_case(*host), static_cast<std::uint16_t>(std::stoul(*port))};
    if (out.scheme != "http" && out.scheme != "https") return {};
    return out;
}

bool on_allow_list(const HttpOrigin& origin, const std::vector<std::string>& entries) {
    if (entries.empty()) return true;
    const std::string with_port = origin.host + ':' + std::to_string(origin.port);
    return std::any_of(entries.begin(), entries.end(), [&](const std::string& entry) {
        const std::string wanted = lower_case(entry);
        return wanted == origin.host || wanted == with_port;
    });
}

std::string to_string(const HttpOrigin& origin) {
    return origin.scheme + "://" + origin.host + ':' + std::to_string(origin.port);
}

}  // namespace citybridge
