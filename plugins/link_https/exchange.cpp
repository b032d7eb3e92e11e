#include "plugins/link_https/exchange.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <new>
#include <unordered_map>

#include "core/api/delivery_text.h"
#include "plugins/link_https/batch.h"

namespace citybridge::link_https {
namespace {

constexpr std::size_t kMostAnswerBytes = 2U << 20U;
// Shorter than the far door's patience with an idle connection.
constexpr long kMaxIdleSeconds = 60;
// What was sent and not acknowledged for so long: the line is cut, though nobody said so.
constexpr unsigned int kCutAfterMs = 15'000;

}  // namespace

Exchange::Exchange(std::size_t peer, const Identity& identity, const Pins& pins)
    : easy_(curl_easy_init()), peer_(peer), identity_(identity), pins_(pins) {
    if (easy_ == nullptr) throw std::bad_alloc();
    for (const char* line : {"Content-Type: application/x-ndjson", "Accept: application/json", "Expect:"})
        if (curl_slist* const longer = curl_slist_append(headers_, line)) headers_ = longer;
}

Exchange::~Exchange() {
    curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
}

Exchange* Exchange::of(CURL* handle) {
    char* self = nullptr;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &self);
    return reinterpret_cast<Exchange*>(self);
}

bool Exchange::begin(const std::string& url, std::vector<Parcel> parcels, const CourierLimits& limits) {
    parcels_ = std::move(parcels);
    answer_.clear();
    error_[0] = '\0';
    body_.clear();
    for (const Parcel& each : parcels_) body_.append(each.line).push_back('\n');
    curl_easy_reset(easy_);
    return set_options(url, limits);
}

bool Exchange::set_options(const std::string& url, const CourierLimits& limits) {
    bool good = true;
    const auto set = [&](auto option, auto value) {
        good = curl_easy_setopt(easy_, option, value) == CURLE_OK && good;
    };
    set(CURLOPT_PRIVATE, static_cast<void*>(this));
    set(CURLOPT_ERRORBUFFER, static_cast<char*>(error_));
    set(CURLOPT_URL, (url + std::string(kPath)).c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_PROTOCOLS_STR, "https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTP09_ALLOWED, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_3));
    // on_tls() puts the fingerprint in the place of names and authorities; a certificate it refuses ends the handshake.
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
    set(CURLOPT_SSL_SESSIONID_CACHE, 0L);
    set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    set(CURLOPT_SSL_CTX_FUNCTION, &Exchange::on_tls);
    set(CURLOPT_SSL_CTX_DATA, static_cast<void*>(this));
    set(CURLOPT_SOCKOPTFUNCTION, &Exchange::on_socket);
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_MAXAGE_CONN, kMaxIdleSeconds);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.exchange.count()));
    set(CURLOPT_HTTPHEADER, headers_);
    set(CURLOPT_USERAGENT, "CityBridge");
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, body_.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
    set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    return good;
}

CURLcode Exchange::on_tls(CURL*, void* context, void* self) {
    const auto& exchange = *static_cast<Exchange*>(self);
    return exchange.identity_.use_in(static_cast<SSL_CTX*>(context), exchange.pins_) ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

int Exchange::on_socket(void*, curl_socket_t socket, curlsocktype) {
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &kCutAfterMs, sizeof kCutAfterMs);
    return CURL_SOCKOPT_OK;
}

std::size_t Exchange::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    if (exchange.answer_.size() + size * count > kMostAnswerBytes) return 0;
    exchange.answer_.append(data, size * count);
    return size * count;
}

// The far side ignores repetitions, so nothing is gained by asking how far a request got.
DeliveryReply Exchange::broken(CURLcode result) const {
    DeliveryReply reply;
    reply.outcome = DeliveryOutcome::not_done;
    switch (result) {
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM: reply.code = "link_https.wrong_far_certificate"; break;
        case CURLE_OPERATION_TIMEDOUT: reply.code = "link_https.no_answer"; break;
        case CURLE_COULDNT_CONNECT:
        case CURLE_COULDNT_RESOLVE_HOST: reply.code = "link_https.no_connection"; break;
        default: reply.code = "link_https.cut_off"; break;
    }
    reply.detail = error_[0] != '\0' ? error_ : curl_easy_strerror(result);
    return reply;
}

std::vector<DeliveryReply> Exchange::finish(CURLcode result) {
    if (result != CURLE_OK) return std::vector(parcels_.size(), broken(result));
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    const auto verdicts =
        status == 200 ? read_city_verdicts(answer_)
                      : Result<std::vector<CityVerdict>>(Error{
                            "link_https.bad_answer", "status " + std::to_string(status) + " " + short_text(answer_)});
    if (!verdicts) {
        DeliveryReply reply;
        reply.outcome = DeliveryOutcome::not_done;
        reply.code = "link_https.bad_answer";
        reply.detail = verdicts.error().detail;
        return std::vector(parcels_.size(), reply);
    }
    std::unordered_map<std::string_view, const CityVerdict*> by_id;
    for (const CityVerdict& each : *verdicts) by_id.emplace(each.id, &each);
    std::vector<DeliveryReply> out;
    for (const Parcel& each : parcels_) {
        const auto found = by_id.find(each.message.id);
        out.push_back(found != by_id.end()
                          ? city_reply(found->second->answer, found->second->code, found->second->detail)
                          : city_reply(CityAnswer::not_now, {}, "the far node said nothing of this message"));
    }
    return out;
}

}  // namespace citybridge::link_https
