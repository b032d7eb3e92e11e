#include "tests/sim/ami_stream.h"

#include <strings.h>

#include <algorithm>
#include <sstream>

namespace citybridge::sim {
namespace {

struct AmiRead {
    double at = 0;
    std::size_t end = 0;
};

std::vector<AmiRead> read_times(std::string_view text) {
    std::vector<AmiRead> out;
    std::istringstream lines{std::string(text)};
    double at = 0;
    std::size_t offset = 0;
    std::size_t length = 0;
    while (lines >> at >> offset >> length) out.push_back({at, offset + length});
    return out;
}

AmiMessage parse(std::string_view text) {
    AmiMessage message;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find("\r\n"), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 2, text.size()));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || line.starts_with("Timestamp:")) continue;
        const std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
        message.fields.emplace_back(line.substr(0, colon), line.substr(value));
        message.bytes.append(line).append("\r\n");
    }
    message.bytes += "\r\n";
    return message;
}

}  // namespace

std::string_view AmiMessage::get(std::string_view key) const {
    for (const auto& [name, value] : fields)
        if (name.size() == key.size() && strncasecmp(name.data(), key.data(), key.size()) == 0) return value;
    return {};
}

bool AmiMessage::is_live() const {
    if (!is_event()) return false;
    if (event() == "OriginateResponse" || event() == "UserEvent") return true;
    return get("ActionID").empty();
}

std::vector<AmiMessage> read_ami(std::string_view bytes, std::string_view times) {
    const std::vector<AmiRead> reads = read_times(times);
    std::vector<AmiMessage> out;
    std::size_t begin = 0;
    if (bytes.starts_with("Asterisk Call Manager")) begin = bytes.find("\r\n") + 2;
    auto read = reads.begin();
    WallTime last{};
    for (std::size_t end = bytes.find("\r\n\r\n", begin); end != std::string_view::npos;
         end = bytes.find("\r\n\r\n", begin)) {
        AmiMessage message = parse(bytes.substr(begin, end - begin));
        begin = end + 4;
        while (read != reads.end() && read->end < begin) ++read;
        if (read != reads.end()) message.at = WallTime(Millis(static_cast<Millis::rep>(read->at * 1000)));
        message.at = std::max(message.at, last + Millis{1});
        last = message.at;
        if (!message.fields.empty()) out.push_back(std::move(message));
    }
    return out;
}

}  // namespace citybridge::sim
