#include "core/node/recording_fetch.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>
#include <optional>

#include "core/api/text.h"
#include "core/gateway/http_codec.h"

namespace citybridge {
namespace {

constexpr std::size_t kMaxHeadBytes = 64 << 10;

Error unavailable(std::string detail) { return {"recording.unavailable", std::move(detail)}; }

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// "bytes 0-99/1234" or "bytes */1234"
struct ContentRange {
    std::optional<gateway::Slice> slice;
    std::uint64_t size = 0;
};
std::optional<ContentRange> parse_content_range(std::string_view text) {
    constexpr std::string_view kUnit = "bytes ";
    const std::size_t slash = text.find('/');
    if (!text.starts_with(kUnit) || slash == std::string_view::npos) return std::nullopt;
    const auto size = number(text.substr(slash + 1));
    if (!size) return std::nullopt;
    const std::string_view range = text.substr(kUnit.size(), slash - kUnit.size());
    if (range == "*") return ContentRange{std::nullopt, *size};
    const std::size_t dash = range.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto first = number(range.substr(0, dash)), last = number(range.substr(dash + 1));
    if (!first || !last || *last < *first || *last >= *size) return std::nullopt;
    return ContentRange{gateway::Slice{*first, *last - *first + 1}, *size};
}

// One exchange. A thread at a time; which one may change between calls.
class Fetch final : public gateway::BodySource {
public:
    Fetch(const RecordingServer& server, const std::string& path, const RecordingAsk& ask);
    ~Fetch() override;
    Fetch(const Fetch&) = delete;
    Fetch& operator=(const Fetch&) = delete;

    Result<> wait_for_head();
    int status() const { return status_; }
    std::string_view header(const std::string& name) const;
    void set_length(std::uint64_t length) { length_ = length; }

    std::uint64_t length() const override { return length_; }
    Result<std::string> read(std::size_t most) override;

private:
    template <class Done>
    Result<> run_until(Done done);
    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);

    const Millis timeout_;
    CURLM* const multi_;
    CURL* const easy_;
    curl_slist* headers_ = nullptr;
    int status_ = 0;
    std::map<std::string, std::string> fields_;
    std::size_t head_bytes_ = 0;
    bool head_complete_ = false;
    std::uint64_t length_ = 0;
    std::string held_;
    bool paused_ = false;
    std::optional<CURLcode> result_;
};

std::string address_of(const RecordingServer& server, const std::string& path) {
    std::string out = server.url;
    for (std::string_view rest = path; !rest.empty();) {
        const std::string_view part = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        if (!out.ends_with('/')) out += '/';
        out += gateway::percent_encode(part);
    }
    return out;
}

Fetch::Fetch(const RecordingServer& server, const std::string& path, const RecordingAsk& ask)
    : timeout_(server.timeout), multi_(curl_multi_init()), easy_(curl_easy_init()) {
    const auto set = [this](auto option, auto value) {
        if (curl_easy_setopt(easy_, option, value) != CURLE_OK) result_ = CURLE_FAILED_INIT;
    };
    const std::string url = address_of(server, path);
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTP09_ALLOWED, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!server.ca_file.empty()) set(CURLOPT_CAINFO, server.ca_file.c_str());
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.timeout.count()));
    set(CURLOPT_USERAGENT, "CityBridge");
    if (!server.user.empty()) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        set(CURLOPT_USERNAME, server.user.c_str());
        set(CURLOPT_PASSWORD, server.password.c_str());
    }
    if (ask.head) set(CURLOPT_NOBODY, 1L);
    if (ask.range && !ask.head) headers_ = curl_slist_append(headers_, ("Range: " + to_string(*ask.range)).c_str());
    if (ask.range && !ask.head && !ask.if_range.empty())
        headers_ = curl_slist_append(headers_, ("If-Range: " + ask.if_range).c_str());
    if (headers_ != nullptr) set(CURLOPT_HTTPHEADER, headers_);
    set(CURLOPT_HEADERFUNCTION, &Fetch::on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &Fetch::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    if (multi_ == nullptr || curl_multi_add_handle(multi_, easy_) != CURLM_OK) result_ = CURLE_FAILED_INIT;
}

Fetch::~Fetch() {
    if (multi_ != nullptr) curl_multi_remove_handle(multi_, easy_);
    curl_easy_cleanup(easy_);
    if (multi_ != nullptr) curl_multi_cleanup(multi_);
    curl_slist_free_all(headers_);
}

std::string_view Fetch::header(const std::string& name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? std::string_view{} : std::string_view(found->second);
}

std::size_t Fetch::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    Fetch& fetch = *static_cast<Fetch*>(self);
    const std::string_view line(data, size * count);
    fetch.head_bytes_ += line.size();
    if (fetch.head_bytes_ > kMaxHeadBytes) return 0;
    if (line.starts_with("HTTP/")) {
        fetch.fields_.clear();
        return line.size();
    }
    if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
        std::string name(line.substr(0, colon));
        for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        fetch.fields_[name] = trimmed(line.substr(colon + 1));
        return line.size();
    }
    if (!trimmed(line).empty()) return line.size();
    long status = 0;
    curl_easy_getinfo(fetch.easy_, CURLINFO_RESPONSE_CODE, &status);
    fetch.status_ = static_cast<int>(status);
    fetch.head_complete_ = status >= 200;  // an interim answer's end is not the head's
    return line.size();
}

std::size_t Fetch::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    Fetch& fetch = *static_cast<Fetch*>(self);
    const std::size_t bytes = size * count;
    if (!fetch.held_.empty() && fetch.held_.size() + bytes > kFetchedBytes) {
        fetch.paused_ = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    fetch.held_.append(data, bytes);
    return bytes;
}

template <class Done>
Result<> Fetch::run_until(Done done) {
    const MonoTime until = system_now().mono + timeout_;
    while (!done() && !result_) {
        int running = 0, queued = 0;
        if (curl_multi_perform(multi_, &running) != CURLM_OK) return unavailable("The recording cannot be fetched.");
        while (const CURLMsg* message = curl_multi_info_read(multi_, &queued))
            if (message->msg == CURLMSG_DONE) result_ = message->data.result;
        if (done() || result_) break;
        const Millis left = std::chrono::ceil<Millis>(until - system_now().mono);
        if (left <= Millis{0}) return unavailable("The recordings' server says nothing.");
        curl_multi_poll(multi_, nullptr, 0, static_cast<int>(std::min(left, Millis{1'000}).count()), nullptr);
    }
    return ok();
}

Result<> Fetch::wait_for_head() {
    if (Result<> ran = run_until([&] { return head_complete_; }); !ran) return ran;
    if (head_complete_) return ok();
    // libcurl's sentence would hold the address; the configuration knows it.
    return unavailable(std::string("The recordings' server gives no answer: ") + curl_easy_strerror(*result_) + ".");
}

Result<std::string> Fetch::read(std::size_t most) {
    if (held_.empty() && paused_) {
        paused_ = false;
        curl_easy_pause(easy_, CURLPAUSE_CONT);
    }
    if (Result<> ran = run_until([&] { return !held_.empty(); }); !ran) return ran.error();
    if (held_.empty()) return unavailable("The recordings' server broke the recording off.");
    std::string out = held_.substr(0, most);
    held_.erase(0, out.size());
    return out;
}

// What the server's head means for the client's; its numbers are judged, never passed on unread.
Result<RecordingAnswer> answer_of(const Fetch& fetch, const RecordingAsk& ask) {
    RecordingAnswer answer;
    answer.etag = fetch.header("etag");
    answer.last_modified = fetch.header("last-modified");
    const auto range = parse_content_range(fetch.header("content-range"));
    const auto length = number(fetch.header("content-length"));
    const bool asked = ask.range && !ask.head;
    switch (fetch.status()) {
        case 200:
            if (!length || !fetch.header("content-encoding").empty())
                return unavailable("The recordings' server does not say how long the recording is.");
            answer.size = *length;
            answer.slice = {0, *length};
            return answer;
        case 206:
            if (!asked || !range || !range->slice || (length && *length != range->slice->length))
                return unavailable("The recordings' server sends another part than was asked for.");
            answer.status = 206;
            answer.size = range->size;
            answer.slice = *range->slice;
            return answer;
        case 416:
            if (!asked) break;
            answer.status = 416;
            answer.size = range ? range->size : 0;
            return answer;
        case 404:
        case 410: return Error{"recording.gone", "The recordings' server does not have the file."};
        default: break;
    }
    return unavailable("The recordings' server answers " + std::to_string(fetch.status()) + ".");
}

}  // namespace

Result<RecordingAnswer> fetch_recording(const RecordingServer& server, const std::string& path,
                                        const RecordingAsk& ask) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    auto fetch = std::make_shared<Fetch>(server, path, ask);
    if (Result<> head = fetch->wait_for_head(); !head) return head.error();
    auto answer = answer_of(*fetch, ask);
    if (!answer || answer->status == 416) return answer;
    fetch->set_length(answer->slice.length);
    answer->body = std::move(fetch);
    return answer;
}

}  // namespace citybridge
