#include "bench/ami_sender.h"

namespace citybridge::bench {
namespace {

[[noreturn]] void serve(const Socket& listener, const std::vector<std::string>& streams) {
    for (;;) {
        const Socket reader = accept_from(listener);
        char index = 0;
        if (receive(reader.fd(), &index, 1) != 1) continue;
        send_all(reader.fd(), streams.at(static_cast<std::size_t>(index)));
    }
}

}  // namespace

AmiSender::AmiSender(const std::vector<std::string>& streams)
    : listener_(listen_on_loopback()), child_([&] { serve(listener_, streams); }) {}

Socket AmiSender::open(std::size_t index) const {
    Socket socket = connect_to_loopback(port_of(listener_));
    const char wanted = static_cast<char>(index);
    send_all(socket.fd(), {&wanted, 1});
    return socket;
}

}  // namespace citybridge::bench
