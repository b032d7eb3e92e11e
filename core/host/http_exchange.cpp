#include "core/host/http_exchange.h"

#include <algorithm>
#include <array>
#include <new>

#include "core/api/text.h"

namespace citybridge {
namespace {

constexpr std::size_t kMaxHeaderBytes = 64 << 10;
// Shorter than the idle time-out of common servers (5 s): a request hardly ever
// meets a connection that the far side is just closing, which would be unclear.
constexpr long kMaxIdleSeconds = 3;
constexpr long kCaCacheSeconds = 300;

constexpr std::array<std::string_view, 6> kMethods{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};
// They say where the message ends and whom it is for: two opinions about that are how requests are smuggled.
constexpr std::array<std::string_view, 7> kOwnHeaders{
    "host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te"};

bool is_token(std::string_view text) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    const auto allowed = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kMarks.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

bool is_field_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
}

// What the far side or the way to it did, by libcurl's word for it.
std::string_view code_of(CURLcode result, bool connected) {
    switch (result) {
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CRL_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_ENGINE_INITFAILED:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_USE_SSL_FAILED: return "http.tls";
        case CURLE_OPERATION_TIMEDOUT: return connected ? "http.timeout" : "http.no_connection";
        case CURLE_PARTIAL_FILE:
        case CURLE_GOT_NOTHING:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR: return connected ? "http.closed_early" : "http.no_connection";
        default: return connected ? "http.bad_answer" : "http.no_connection";
    }
}

}  // namespace

std::string request_fault(const HttpOutgoing& request) {
    if (std::find(kMethods.begin(), kMethods.end(), request.method) == kMethods.end())
        return "method \"" + request.method + "\" is none of GET, POST, PUT, PATCH, DELETE, HEAD";
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name)) return "a header's name holds other than letters, digits and -";
        if (!is_field_value(value)) return "header " + name + " holds a line break or another control character";
        if (std::find(kOwnHeaders.begin(), kOwnHeaders.end(), lower_case(name)) != kOwnHeaders.end())
            return "header " + name + " is set by the node and cannot be given";
    }
    return {};
}

HttpExchange::HttpExchange() : easy_(curl_easy_init()) {
    if (easy_ == nullptr) throw std::bad_alloc();
}

HttpExchange::~HttpExchange() {
    curl_easy_cleanup(easy_);
    curl_slist_free_all(header_list_);
}

HttpExchange* HttpExchange::of(CURL* handle) {
    char* self = nullptr;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &self);
    return reinterpret_cast<HttpExchange*>(self);
}

bool HttpExchange::begin(HttpJob job, Millis left) {
    job_ = std::move(job);
    answer_ = {};
    header_bytes_ = 0;
    connected_ = false;
    abort_ = Abort::none;
    error_[0] = '\0';
    // Everything is set again each time: no setting of the last request can leak into this one.
    curl_easy_reset(easy_);
    return set_safety() && set_headers() && set_request(left);
}

// What holds for every request, whoever sends it.
bool HttpExchange::set_safety() {
    bool good = true;
    const auto set = [&](auto option, auto value) {
        good = curl_easy_setopt(easy_, option, value) == CURLE_OK && good;
    };
    set(CURLOPT_PRIVATE, static_cast<void*>(this));
    set(CURLOPT_ERRORBUFFER, static_cast<char*>(error_));
    set(CURLOPT_NOSIGNAL, 1L);
    // A lookup that hangs must not be waited for when its request has timed out.
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTP09_ALLOWED, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_CA_CACHE_TIMEOUT, kCaCacheSeconds);
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_MAXAGE_CONN, kMaxIdleSeconds);
    set(CURLOPT_USERAGENT, "CityBridge");
    set(CURLOPT_HEADERFUNCTION, &HttpExchange::on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &HttpExchange::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_PREREQFUNCTION, &HttpExchange::on_connected);
    set(CURLOPT_PREREQDATA, static_cast<void*>(this));
    return good;
}

bool HttpExchange::set_headers() {
    curl_slist_free_all(header_list_);
    header_list_ = nullptr;
    bool has_type = false;
    bool good = true;
    const auto append = [&](const std::string& line) {
        curl_slist* const longer = curl_slist_append(header_list_, line.c_str());
        if (longer != nullptr) header_list_ = longer;
        good = longer != nullptr && good;
    };
    // libcurl's spelling: "Name: value", "Name;" for an empty value, "Name:" for a header not to be sent.
    for (const auto& [name, value] : job_.request.headers) {
        append(trimmed(value).empty() ? name + ';' : name + ": " + value);
        has_type = has_type || lower_case(name) == "content-type";
    }
    if (!has_type) append("Content-Type:");
    append("Expect:");
    return good && curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, header_list_) == CURLE_OK;
}

bool HttpExchange::set_request(Millis left) {
    const HttpOutgoing& request = job_.request;
    bool good = true;
    const auto set = [&](auto option, auto value) {
        good = curl_easy_setopt(easy_, option, value) == CURLE_OK && good;
    };
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_TIMEOUT_MS, std::max<long>(1, left.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, std::max<long>(1, std::min(request.connect_timeout, left).count()));
    if (!request.ca_file.empty()) {
        set(CURLOPT_CAINFO, request.ca_file.c_str());
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // that file alone, not the system's as well
    }
    if (request.method == "HEAD") {
        set(CURLOPT_NOBODY, 1L);
    } else if (request.method == "POST" || !request.body.empty()) {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDS, request.body.c_str());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    } else {
        set(CURLOPT_HTTPGET, 1L);
    }
    if (request.method != "HEAD" && request.method != "POST") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    return good;
}

std::size_t HttpExchange::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<HttpExchange*>(self);
    const std::string_view line(data, size * count);
    exchange.header_bytes_ += line.size();
    if (exchange.header_bytes_ > kMaxHeaderBytes) {
        exchange.abort_ = Abort::answer_too_large;
        return 0;
    }
    // Another status line: what came before was an interim answer (1xx).
    if (line.starts_with("HTTP/")) {
        exchange.answer_.headers.clear();
        return line.size();
    }
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
        exchange.answer_.headers.emplace_back(lower_case(trimmed(line.substr(0, colon))),
                                              trimmed(line.substr(colon + 1)));
    return line.size();
}

std::size_t HttpExchange::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<HttpExchange*>(self);
    const std::size_t bytes = size * count;
    if (exchange.answer_.body.size() + bytes > exchange.job_.request.max_answer_bytes) {
        exchange.abort_ = Abort::answer_too_large;
        return 0;
    }
    exchange.answer_.body.append(data, bytes);
    return bytes;
}

// Called when a connection stands and the request is about to be written. A
// second call means that libcurl repeats the request by itself, because a
// kept-alive connection ended without an answer: right only if not one byte of
// the first attempt went out, for the far side may have acted on it.
int HttpExchange::on_connected(void* self, char*, char*, int, int) {
    auto& exchange = *static_cast<HttpExchange*>(self);
    if (exchange.connected_ && exchange.sent_anything()) {
        exchange.abort_ = Abort::would_repeat;
        return CURL_PREREQFUNC_ABORT;
    }
    exchange.connected_ = true;
    return CURL_PREREQFUNC_OK;
}

bool HttpExchange::sent_anything() const {
    long head = 0;
    curl_off_t body = 0;
    if (curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &head) != CURLE_OK) return true;
    if (curl_easy_getinfo(easy_, CURLINFO_SIZE_UPLOAD_T, &body) != CURLE_OK) return true;
    return head > 0 || body > 0;
}

HttpFinished HttpExchange::finish(CURLcode result) {
    HttpFinished out{job_.ticket, judge(result)};
    job_.request = {};
    return out;
}

HttpOutcome HttpExchange::judge(CURLcode result) {
    HttpOutcome out;
    if (result == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
        out = std::move(answer_);
        if (status >= 200 && status <= 999) {
            out.progress = HttpProgress::answered;
            out.status = static_cast<int>(status);
            return out;
        }
        out = {};
        out.code = "http.bad_answer";
        out.detail = to_string(job_.origin) + ": an answer with status " + std::to_string(status);
        return out;
    }
    // Once the request was about to be written, only a write that failed with nothing written proves that nothing
    // went out.
    const bool surely_unsent = !connected_ || (result == CURLE_SEND_ERROR && !sent_anything());
    out.progress = surely_unsent ? HttpProgress::not_sent : HttpProgress::unclear;
    out.code = surely_unsent && connected_ ? "http.no_connection" : code_of(result, connected_);
    if (abort_ == Abort::answer_too_large) out.code = "http.answer_too_large";
    if (abort_ == Abort::would_repeat) out.code = "http.closed_early";
    const std::string why = error_[0] != '\0' ? error_ : curl_easy_strerror(result);
    out.detail = to_string(job_.origin) + ": " +
                 (abort_ == Abort::would_repeat ? "the connection ended before an answer; not sent again" : why);
    return out;
}

}  // namespace citybridge
