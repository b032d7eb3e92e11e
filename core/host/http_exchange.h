#pragma once
// One HTTP exchange on a libcurl easy handle, used again for the next one.
// It knows how far its request got, so that "certainly not sent" and "may have
// taken effect" are never mixed up (DESIGN P2). I/O thread only.
#include <curl/curl.h>

#include <cstdint>
#include <string>

#include "core/api/http.h"
#include "core/host/http_origin.h"

namespace citybridge {

struct HttpJob {
    std::uint64_t ticket = 0;
    HttpOrigin origin;
    HttpOutgoing request;
    MonoTime due{};  // the whole exchange's end, waiting for its turn included
};

struct HttpFinished {
    std::uint64_t ticket = 0;
    HttpOutcome outcome;
};

// Empty: the request can be sent. Else what is wrong with its method or headers.
std::string request_fault(const HttpOutgoing& request);

class HttpExchange {
public:
    HttpExchange();  // throws std::bad_alloc
    ~HttpExchange();
    HttpExchange(const HttpExchange&) = delete;
    HttpExchange& operator=(const HttpExchange&) = delete;

    // Precondition: request_fault() found nothing. The handle is then ready for a multi handle.
    // False: libcurl refused the request; finish() says so.
    bool begin(HttpJob job, Millis left);
    HttpFinished finish(CURLcode result);

    CURL* handle() { return easy_; }
    const HttpOrigin& origin() const { return job_.origin; }
    static HttpExchange* of(CURL* handle);

private:
    // Why this end broke the exchange off; libcurl only says that a callback did.
    enum class Abort { none, answer_too_large, would_repeat };

    bool set_safety();
    bool set_request(Millis left);
    bool set_headers();
    bool sent_anything() const;
    HttpOutcome judge(CURLcode result);
    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static int on_connected(void* self, char* far_ip, char* near_ip, int far_port, int near_port);

    CURL* const easy_;
    curl_slist* header_list_ = nullptr;
    HttpJob job_;
    HttpOutcome answer_;
    std::size_t header_bytes_ = 0;
    bool connected_ = false;  // the request was about to be written, at least once
    Abort abort_ = Abort::none;
    char error_[CURL_ERROR_SIZE] = {};
};

}  // namespace citybridge
