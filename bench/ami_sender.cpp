#include "bench/ami_sender.h"

#include <regex.h>

#include <array>
#include <stdexcept>

#include "adapters/asterisk/filter.h"

namespace citybridge::bench {
namespace {

constexpr std::string_view kMessageEnd = "\r\n\r\n";

[[noreturn]] void serve(const Socket& listener, const std::vector<std::string>& streams) {
    for (;;) {
        const Socket reader = accept_from(listener);
        char index = 0;
        if (receive(reader.fd(), &index, 1) != 1) continue;
        send_all(reader.fd(), streams.at(static_cast<std::size_t>(index)));
    }
}

class Filters {
public:
    Filters() {
        for (std::size_t i = 0; i < compiled_.size(); ++i) {
            const std::string pattern(asterisk::kEventFilters[i].substr(1));  // without the "!"
            if (::regcomp(&compiled_[i], pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0)
                throw std::runtime_error("the C library does not take the filter " + pattern);
        }
    }
    ~Filters() {
        for (regex_t& each : compiled_) ::regfree(&each);
    }
    Filters(const Filters&) = delete;
    Filters& operator=(const Filters&) = delete;

    bool pass(const std::string& message) const {
        for (const regex_t& each : compiled_)
            if (::regexec(&each, message.c_str(), 0, nullptr, 0) == 0) return false;
        return true;
    }

private:
    std::array<regex_t, asterisk::kEventFilters.size()> compiled_{};
};

}  // namespace

AmiSender::AmiSender(const std::vector<std::string>& streams)
    : listener_(listen_on_loopback()), child_([&] { serve(listener_, streams); }) {}

Socket AmiSender::open(std::size_t index) const {
    Socket socket = connect_to_loopback(port_of(listener_));
    const char wanted = static_cast<char>(index);
    send_all(socket.fd(), {&wanted, 1});
    return socket;
}

std::string filtered_as_asterisk_does(const std::string& stream) {
    const Filters filters;
    std::string out;
    std::size_t begin = 0;
    for (std::size_t end = stream.find(kMessageEnd); end != std::string::npos; end = stream.find(kMessageEnd, begin)) {
        end += kMessageEnd.size();
        const std::string message = stream.substr(begin, end - begin);
        if (filters.pass(message)) out += message;
        begin = end;
    }
    return out;
}

}  // namespace citybridge::bench
