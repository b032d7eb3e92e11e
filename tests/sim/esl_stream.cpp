#include "tests/sim/esl_stream.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace citybridge::sim {
namespace {

struct EslRead {
    double at = 0;
    std::size_t end = 0;
};

std::vector<EslRead> read_index(std::string_view text) {
    std::vector<EslRead> out;
    std::istringstream lines{std::string(text)};
    double epoch = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# epoch ")) epoch = std::strtod(line.c_str() + 8, nullptr);
        std::istringstream words(line);
        double at = 0;
        std::string direction;
        std::size_t offset = 0;
        std::size_t length = 0;
        if (words >> at >> direction >> offset >> length && direction == "S")
            out.push_back({epoch + at, offset + length});
    }
    return out;
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out.push_back(static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16)));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> headers_of(std::string_view block, bool encoded) {
    std::vector<std::pair<std::string, std::string>> out;
    while (!block.empty() && block.front() != '\n') {
        const std::size_t end = std::min(block.find('\n'), block.size());
        const std::string_view line = block.substr(0, end);
        block.remove_prefix(std::min(end + 1, block.size()));
        const std::size_t colon = line.find(": ");
        if (colon == std::string_view::npos) continue;
        const std::string_view value = line.substr(colon + 2);
        out.emplace_back(line.substr(0, colon), encoded ? decoded(value) : std::string(value));
    }
    return out;
}

std::string_view value_of(const std::vector<std::pair<std::string, std::string>>& headers, std::string_view name) {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

// The event's own time becomes the frame's, so that no two events share a moment.
void stamp(EslFrame& frame) {
    constexpr std::string_view kName = "Event-Date-Timestamp: ";
    const std::size_t begin = frame.bytes.find(kName);
    if (begin == std::string::npos) return;
    const std::size_t end = frame.bytes.find('\n', begin);
    const std::string micros = std::to_string(frame.at.time_since_epoch().count() * 1000);
    if (end - begin - kName.size() == micros.size()) frame.bytes.replace(begin + kName.size(), micros.size(), micros);
}

}  // namespace

std::string_view EslFrame::get(std::string_view name) const { return value_of(headers, name); }

std::vector<EslFrame> read_esl(std::string_view bytes, std::string_view index) {
    const std::vector<EslRead> reads = read_index(index);
    std::vector<EslFrame> out;
    auto read = reads.begin();
    WallTime last{};
    std::size_t begin = 0;
    while (begin < bytes.size()) {
        const std::size_t blank = bytes.find("\n\n", begin);
        if (blank == std::string_view::npos) break;
        const auto outer = headers_of(bytes.substr(begin, blank + 1 - begin), false);
        const std::size_t length = std::strtoul(std::string(value_of(outer, "Content-Length")).c_str(), nullptr, 10);
        if (blank + 2 + length > bytes.size()) break;
        EslFrame frame;
        frame.type = value_of(outer, "Content-Type");
        frame.body = bytes.substr(blank + 2, length);
        frame.bytes = bytes.substr(begin, blank + 2 + length - begin);
        begin = blank + 2 + length;
        while (read != reads.end() && read->end < begin) ++read;
        if (read != reads.end()) frame.at = WallTime(Millis(static_cast<Millis::rep>(read->at * 1000)));
        frame.at = std::max(frame.at, last + Millis{1});
        last = frame.at;
        if (frame.is_event()) {
            frame.headers = headers_of(frame.body, true);
            stamp(frame);
        }
        if (!outer.empty()) out.push_back(std::move(frame));
    }
    return out;
}

}  // namespace citybridge::sim
