#include "plugins/email/curl_sockets.h"

#include <sys/socket.h>
#include <unistd.h>

namespace citybridge::email {

bool CurlSockets::watch(CURL* handle) {
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, &CurlSockets::on_open) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_SOCKOPTDATA, this) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, &CurlSockets::on_close) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, this) == CURLE_OK;
}

void CurlSockets::shut_all() {
    for (const curl_socket_t socket : open_) ::shutdown(socket, SHUT_RDWR);
}

int CurlSockets::on_open(void* self, curl_socket_t socket, curlsocktype) {
    static_cast<CurlSockets*>(self)->open_.push_back(socket);
    return CURL_SOCKOPT_OK;
}

int CurlSockets::on_close(void* self, curl_socket_t socket) {
    std::erase(static_cast<CurlSockets*>(self)->open_, socket);
    return ::close(socket);
}

}  // namespace citybridge::email
