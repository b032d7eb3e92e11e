#include "bench/frame_floor.h"

#include <sys/epoll.h>

#include <array>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/api/time.h"

namespace citybridge::bench {
namespace {

constexpr std::string_view kSwitching =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

class Floor {
public:
    explicit Floor(std::uint16_t pbx_port) : pbx_(connect_to_loopback(pbx_port)), epoll_(::epoll_create1(0)) {
        watch(pbx_.fd());
    }

    void take_agent(Socket client) {
        std::string request;
        std::array<char, 4096> buffer{};
        while (request.find("\r\n\r\n") == std::string::npos) {
            const std::size_t size = receive(client.fd(), buffer.data(), buffer.size());
            if (size == 0) throw std::runtime_error("a client left in its handshake");
            request.append(buffer.data(), size);
        }
        const std::size_t begin = request.find('/') + 1;
        const std::string agent = request.substr(begin, request.find(' ', begin) - begin);
        send_all(client.fd(), kSwitching);
        watch(client.fd());
        agents_["SIP/" + agent] = std::move(client);
    }

    // False: the load program has gone.
    bool step() {
        std::array<epoll_event, 64> ready{};
        const int count = ::epoll_wait(epoll_.fd(), ready.data(), static_cast<int>(ready.size()), -1);
        std::array<char, 65'536> bytes;
        for (int i = 0; i < count; ++i) {
            const int fd = ready[static_cast<std::size_t>(i)].data.fd;
            const std::size_t size = receive(fd, bytes.data(), bytes.size());
            if (size == 0) return false;
            if (fd == pbx_.fd()) read_events({bytes.data(), size});
        }
        return true;
    }

private:
    void watch(int fd) {
        epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
        if (::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, fd, &event) != 0) throw_errno("epoll_ctl");
    }

    void read_events(std::string_view bytes) {
        buffer_.append(bytes);
        std::size_t begin = 0;
        for (std::size_t at = 0;;) {
            const std::size_t end = buffer_.find("\r\n", at);
            if (end == std::string::npos) break;
            const std::string_view line = std::string_view(buffer_).substr(at, end - at);
            at = end + 2;
            if (line.empty()) {
                on_event();
                fields_.clear();
                begin = at;
                continue;
            }
            const std::size_t colon = line.find(": ");
            if (colon != std::string_view::npos) fields_.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        }
        // What is left is the beginning of an event: it is split again when it is complete.
        fields_.clear();
        buffer_.erase(0, begin);
    }

    std::string_view get(std::string_view key) const {
        for (const auto& [name, value] : fields_)
            if (name == key) return value;
        return {};
    }

    void on_event() {
        const std::string_view event = get("Event");
        if (event == kFrameBytesEvent) text_bytes_ = std::stoul(std::string(get("Bytes")));
        if (event != "Newstate" || get("ChannelStateDesc") != "Ringing") return;
        const std::string_view channel = get("Channel");
        const auto agent = agents_.find(std::string(channel.substr(0, channel.rfind('-'))));
        if (agent == agents_.end()) return;
        const std::string text = offer_text(agent->first);
        send_all(agent->second.fd(), header(text.size()) + text);
    }

    std::string offer_text(const std::string& device) {
        std::string out = "{\"id\":\"" + std::to_string(++last_id_) + "\",\"type\":\"offer.shown\",\"at\":\"" +
                          to_rfc3339(system_now().wall) + "\",\"offer\":{\"agent\":\"" + device +
                          "\",\"state\":\"shown\"},\"contact\":{\"id\":\"";
        out += get("Linkedid");
        out += "\",\"customer_number\":\"";
        out += get("ConnectedLineNum");
        out += "\",\"rest\":\"";
        const std::size_t length = out.size() + 3;
        if (length < text_bytes_) out.append(text_bytes_ - length, '.');
        return out + "\"}}";
    }

    static std::string header(std::size_t size) {
        if (size < 126) return {'\x81', static_cast<char>(size)};
        if (size > 0xffff) throw std::runtime_error("a frame of more than 64 KiB");
        return {'\x81', 126, static_cast<char>(size >> 8U), static_cast<char>(size & 0xffU)};
    }

    Socket pbx_;
    Socket epoll_;
    std::unordered_map<std::string, Socket> agents_;
    std::string buffer_;
    std::vector<std::pair<std::string_view, std::string_view>> fields_;
    std::size_t text_bytes_ = 0;
    std::uint64_t last_id_ = 0;
};

}  // namespace

void serve_floor(const Socket& listener, std::uint16_t pbx_port, int agents) {
    Floor floor(pbx_port);
    for (int i = 0; i < agents; ++i) floor.take_agent(accept_from(listener));
    while (floor.step()) {
    }
}

}  // namespace citybridge::bench
