#pragma once
// libcurl's multi handle on the host's epoll: cost per event, not per
// connection. I/O thread only, except wake().
#include <curl/curl.h>

#include <cstddef>
#include <optional>

#include "core/api/time.h"
#include "core/host/wait_set.h"

namespace citybridge {

class HttpMulti {
public:
    explicit HttpMulti(long kept_connections);  // throws std::bad_alloc, std::system_error
    ~HttpMulti();
    HttpMulti(const HttpMulti&) = delete;
    HttpMulti& operator=(const HttpMulti&) = delete;

    bool add(CURL* handle);
    void remove(CURL* handle);
    // Waits up to `most` for sockets, libcurl's timer or wake(), and carries on what is ready.
    void run(Millis most);
    struct Done {
        CURL* handle;
        CURLcode result;
    };
    std::optional<Done> next_done();
    void wake() { waits_.wake(); }  // any thread

private:
    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* known);
    static int on_timer(CURLM* multi, long timeout_ms, void* self);

    CURLM* const multi_;
    WaitSet waits_;
    std::optional<MonoTime> timer_;
};

}  // namespace citybridge
