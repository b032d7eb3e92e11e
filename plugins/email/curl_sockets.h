#pragma once
// The sockets of one libcurl handle. To break a transfer off, libcurl says
// goodbye to the server and waits for its answer, where nothing can interrupt
// it; on sockets that are shut it does not wait. One thread.
#include <curl/curl.h>

#include <vector>

namespace citybridge::email {

class CurlSockets {
public:
    CurlSockets() = default;
    CurlSockets(const CurlSockets&) = delete;
    CurlSockets& operator=(const CurlSockets&) = delete;

    // Must outlive the handle and its connections.
    bool watch(CURL* handle);
    void shut_all();

private:
    static int on_open(void* self, curl_socket_t socket, curlsocktype purpose);
    static int on_close(void* self, curl_socket_t socket);

    std::vector<curl_socket_t> open_;
};

}  // namespace citybridge::email
