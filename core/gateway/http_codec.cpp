#include "core/gateway/http_codec.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/URI.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "core/api/text.h"

namespace citybridge::gateway {
namespace {

constexpr int kMaxFields = 100;

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

Error bad(std::string detail) { return Error{"http.bad_request", std::move(detail)}; }

int count_of(const HttpRequest& request, std::string_view name) {
    return static_cast<int>(std::count_if(request.headers.begin(), request.headers.end(),
                                          [&](const auto& field) { return field.first == name; }));
}

Result<NameValues> parse_query(std::string_view text) {
    NameValues out;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        const auto name = percent_decode(pair.substr(0, equals));
        const auto value = equals == std::string_view::npos ? "" : percent_decode(pair.substr(equals + 1));
        if (!name || !value) return bad("The query has a malformed percent escape.");
        out.emplace_back(*name, *value);
    }
    return out;
}

// The shape of each line, RFC 9112 sections 3 and 5. POCO reads past lines it does not understand; another
// reader of the same bytes may not.
Result<> check_lines(std::string_view head) {
    const std::string_view first = head.substr(0, head.find("\r\n"));
    if (first.starts_with(' ') || std::count(first.begin(), first.end(), ' ') != 2 ||
        first.find('\t') != std::string_view::npos)
        return bad("The request line is not 'METHOD TARGET VERSION' with single spaces.");
    head.remove_prefix(first.size() + 2);
    while (!head.starts_with("\r\n")) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        if (line.starts_with(' ') || line.starts_with('\t')) return bad("Folded header lines are not accepted.");
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
            return bad("A header line is not 'name: value' with the colon directly behind the name.");
        head.remove_prefix(line.size() + 2);
    }
    return ok();
}

// RFC 9112 section 3.2: origin-form, or absolute-form whose host is ignored.
Result<> split_target(std::string target, HttpRequest& request) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (lower_case(target.substr(0, scheme.size())) != scheme) continue;
        const std::size_t slash = target.find('/', scheme.size());
        target = slash == std::string::npos ? "/" : target.substr(slash);
    }
    if (target.empty() || target[0] != '/') return bad("The request target must start with '/'.");
    if (target.find('#') != std::string::npos) return bad("The request target must not hold a fragment.");
    const std::size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark == std::string::npos) return ok();
    auto query = parse_query(std::string_view(target).substr(mark + 1));
    if (!query) return query.error();
    request.query = std::move(*query);
    request.query_text = target.substr(mark + 1);
    return ok();
}

}  // namespace

const std::string* HttpRequest::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return &value;
    return nullptr;
}

std::optional<std::string> HttpRequest::parameter(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return std::nullopt;
}

bool lists_token(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        std::string_view item = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), item.size() + 1));
        while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
        while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
        if (lower_case(item) == word) return true;
    }
    return false;
}

RequestReader::Step RequestReader::feed(std::string_view bytes) {
    if (refused_) return Step::refused;
    buffer_.append(bytes);
    return advance();
}

RequestReader::Step RequestReader::advance() {
    if (!head_) {
        const Step step = look_for_head();
        if (step != Step::complete) return step;
    }
    if (buffer_.size() >= body_bytes_) return Step::complete;
    if (continue_wanted_) {
        continue_wanted_ = false;
        return Step::need_continue;
    }
    return Step::need_more;
}

RequestReader::Step RequestReader::look_for_head() {
    // RFC 9112 section 2.2: empty lines before a request are ignored.
    while (buffer_.starts_with("\r\n")) buffer_.erase(0, 2), scanned_ = 0;
    for (; scanned_ < buffer_.size(); ++scanned_) {
        const char c = buffer_[scanned_];
        if (scanned_ >= limits_.head_bytes)
            return refuse("http.head_too_large",
                          "The request line and headers exceed " + std::to_string(limits_.head_bytes) + " bytes.");
        if (c == '\n' && (scanned_ == 0 || buffer_[scanned_ - 1] != '\r'))
            return refuse("http.bad_request", "A line of the head does not end with CR LF.");
        if (c != '\n' && scanned_ > 0 && buffer_[scanned_ - 1] == '\r')
            return refuse("http.bad_request", "The head holds a carriage return that ends no line.");
        if (c != '\r' && c != '\n' && is_control(c))
            return refuse("http.bad_request", "The head holds a control character; is this HTTP?");
        const bool blank_line = c == '\n' && scanned_ >= 3 && buffer_[scanned_ - 2] == '\n';
        if (!blank_line) continue;
        const std::string head = buffer_.substr(0, scanned_ + 1);
        buffer_.erase(0, scanned_ + 1);
        scanned_ = 0;
        const Result<> read = read_head(head);
        return read ? Step::complete : refuse(read.error().code, read.error().detail);
    }
    return Step::need_more;
}

RequestReader::Step RequestReader::refuse(std::string code, std::string detail) {
    refused_ = true;
    refusal_ = Error{std::move(code), std::move(detail)};
    return Step::refused;
}

Result<> RequestReader::read_head(std::string_view head) {
    if (Result<> shape = check_lines(head); !shape) return shape;
    Poco::Net::HTTPRequest parsed;
    parsed.setFieldLimit(kMaxFields);
    try {
        std::istringstream stream{std::string(head)};
        parsed.read(stream);
    } catch (const Poco::Exception& failure) {
        return bad("The request cannot be read: " + std::string(failure.message()) + ".");
    }
    if (!is_token(parsed.getMethod())) return bad("The method is not a word.");
    const std::string& version = parsed.getVersion();
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return Error{"http.version", "Only HTTP/1.1 and HTTP/1.0 are spoken here."};

    HttpRequest request;
    request.method = parsed.getMethod();
    request.http_1_0 = version == "HTTP/1.0";
    for (const auto& [name, value] : parsed) request.headers.emplace_back(lower_case(name), value);
    if (Result<> split = split_target(parsed.getURI(), request); !split) return split;
    if (count_of(request, "host") > 1 || (!request.http_1_0 && count_of(request, "host") == 0))
        return bad("Exactly one Host header is needed.");
    const std::string* connection = request.header("connection");
    request.keep_alive = request.http_1_0 ? connection && lists_token(*connection, "keep-alive")
                                          : !connection || !lists_token(*connection, "close");
    head_ = std::move(request);
    return frame_body();
}

// How long the body is, RFC 9112 section 6.3; anything two servers could read differently is refused.
Result<> RequestReader::frame_body() {
    const int lengths = count_of(*head_, "content-length");
    if (count_of(*head_, "transfer-encoding") > 0) {
        if (lengths > 0) return bad("Content-Length and Transfer-Encoding exclude each other.");
        return Error{"http.length_required", "Send the body with a Content-Length; chunked bodies are not accepted."};
    }
    if (lengths > 1) return bad("More than one Content-Length.");
    body_bytes_ = 0;
    if (lengths == 1) {
        const std::string& text = *head_->header("content-length");
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), body_bytes_);
        const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
        if (!digits) return bad("Content-Length is not a number.");
        const std::size_t most = limits_.body_bytes_of ? limits_.body_bytes_of(*head_) : limits_.body_bytes;
        if (error != std::errc{} || end != text.data() + text.size() || body_bytes_ > most)
            return Error{"http.body_too_large", "The body exceeds " + std::to_string(most) + " bytes."};
    }
    if (const std::string* expect = head_->header("expect")) {
        if (lower_case(*expect) != "100-continue")
            return Error{"http.expectation", "Only 'Expect: 100-continue' is known."};
        continue_wanted_ = !head_->http_1_0 && body_bytes_ > 0;
    }
    return ok();
}

HttpRequest RequestReader::take() {
    HttpRequest request = std::move(*head_);
    head_.reset();
    request.body = buffer_.substr(0, body_bytes_);
    buffer_.erase(0, body_bytes_);
    body_bytes_ = 0;
    continue_wanted_ = false;
    return request;
}

std::string to_bytes(const HttpResponse& response, bool head_only, bool keep_alive) {
    Poco::Net::HTTPResponse head(Poco::Net::HTTPMessage::HTTP_1_1,
                                 static_cast<Poco::Net::HTTPResponse::HTTPStatus>(response.status));
    for (const auto& [name, value] : response.headers) {
        // A header value never breaks out of its line, whatever it was made of.
        std::string clean = value;
        std::replace_if(clean.begin(), clean.end(), is_control, ' ');
        head.add(name, clean);
    }
    if (response.status >= 200 && response.status != 204)
        head.setContentLength64(
            static_cast<Poco::Int64>(response.source ? response.source->length() : response.body.size()));
    if (response.status >= 200 && !keep_alive) head.set("Connection", "close");
    std::ostringstream out;
    head.write(out);
    if (!head_only && response.status >= 200) out << response.body;
    return std::move(out).str();
}

std::string http_date(WallTime time) {
    const Poco::Timestamp stamp(time.time_since_epoch().count() * 1000);
    return Poco::DateTimeFormatter::format(stamp, Poco::DateTimeFormat::HTTP_FORMAT);
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    try {
        Poco::URI::decode(std::string(text), out);
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
    if (std::any_of(out.begin(), out.end(), [](char c) { return is_control(c) || c == '\t'; })) return std::nullopt;
    return out;
}

std::string percent_encode(std::string_view text) {
    std::string out;
    Poco::URI::encode(std::string(text), "!#$&'()*+,/:;=?@[]%", out);
    return out;
}

}  // namespace citybridge::gateway
