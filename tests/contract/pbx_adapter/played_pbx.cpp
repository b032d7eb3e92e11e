#include "tests/contract/pbx_adapter/played_pbx.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace citybridge::contract {
namespace {

bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool readable(int socket, int wait_ms) {
    pollfd watched{socket, POLLIN, 0};
    return ::poll(&watched, 1, wait_ms) > 0;
}

}  // namespace

PlayedPbx::PlayedPbx(std::string_view end_of_command) : end_(end_of_command) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, plain, size) != 0 || ::listen(listener_, 4) != 0 ||
        ::getsockname(listener_, plain, &size) != 0)
        throw std::runtime_error("no port on loopback");
    port_ = ntohs(address.sin_port);
}

PlayedPbx::~PlayedPbx() {
    stop();
    ::close(listener_);
}

void PlayedPbx::start() {
    thread_ = std::thread([this] { loop(); });
}

void PlayedPbx::stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

void PlayedPbx::loop() {
    while (!stopping_) {
        if (!readable(listener_, 10)) continue;
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) continue;
        if (!refuses_) serve(client);
        ::close(client);
    }
}

// True: the connection is over.
bool PlayedPbx::meet_fault(int client) {
    switch (fault_.exchange(Fault::none)) {
        case Fault::none: return false;
        case Fault::cut_in_the_middle: send_all(client, half_a_message()); return true;
        // Nothing a PBX says; the client has to go by itself.
        case Fault::garbage:
            send_all(client, std::string(300'000, '\x80'));
            while (!stopping_) {
                char byte = 0;
                if (readable(client, 10) && ::recv(client, &byte, 1, 0) <= 0) return true;
            }
            return true;
        case Fault::restart: begin_again(); return true;
    }
    return true;
}

void PlayedPbx::serve(int client) {
    if (!send_all(client, greet())) return;
    std::string bytes;
    while (!stopping_) {
        if (meet_fault(client)) return;
        if (!readable(client, 5)) continue;
        std::array<char, 4096> chunk{};
        const ssize_t got = ::recv(client, chunk.data(), chunk.size(), 0);
        if (got <= 0) return;
        bytes.append(chunk.data(), static_cast<std::size_t>(got));
        for (std::size_t end = bytes.find(end_); end != std::string::npos; end = bytes.find(end_)) {
            const std::string command = bytes.substr(0, end + end_.size());
            bytes.erase(0, end + end_.size());
            // In two halves: no client may rely on getting a message at once.
            const std::string out = silent_ ? std::string() : answer(command);
            if (!send_all(client, std::string_view(out).substr(0, out.size() / 2))) return;
            if (!send_all(client, std::string_view(out).substr(out.size() / 2))) return;
        }
    }
}

}  // namespace citybridge::contract
