#include "adapters/asterisk/replay_peer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/asterisk/framer.h"

namespace citybridge::asterisk {
namespace {

constexpr std::string_view kBanner = "Asterisk Call Manager/9.0.0\r\n";
constexpr std::string_view kFullyBooted = "Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n";
constexpr std::size_t kMaxClientBytes = std::size_t{64} * 1024;  // of an action that does not end

// What answers with a list, and the name of the event that ends it.
struct ListAction {
    std::string_view action;
    std::string_view complete;
};
constexpr std::array kLists{
    ListAction{"BridgeList", "BridgeListComplete"},
    ListAction{"Status", "StatusComplete"},
    ListAction{"CoreShowChannels", "CoreShowChannelsComplete"},
    ListAction{"QueueStatus", "QueueStatusComplete"},
    ListAction{"QueueSummary", "QueueSummaryComplete"},
    ListAction{"DeviceStateList", "DeviceStateListComplete"},
    ListAction{"ExtensionStateList", "ExtensionStateListComplete"},
    ListAction{"ParkedCalls", "ParkedCallsComplete"},
    ListAction{"SIPpeers", "PeerlistComplete"},
    ListAction{"PJSIPShowEndpoints", "EndpointListComplete"},
};

struct ReadTime {
    WallTime at;
    std::size_t end = 0;  // offset after its last byte
};

// Lines that are not three numbers are skipped: a cut file is of use as far as it goes.
std::vector<ReadTime> parse_times(std::string_view text) {
    std::vector<ReadTime> out;
    while (!text.empty()) {
        const std::size_t line_end = std::min(text.find('\n'), text.size());
        const std::string line(text.substr(0, line_end));
        text.remove_prefix(std::min(line_end + 1, text.size()));
        char* rest = nullptr;
        const double seconds = std::strtod(line.c_str(), &rest);
        char* after = nullptr;
        const std::uint64_t offset = std::strtoull(rest, &after, 10);
        if (after == rest) continue;
        const std::uint64_t length = std::strtoull(after, &rest, 10);
        if (rest == after || seconds < 0 || seconds > 1e11) continue;
        out.push_back({WallTime(Millis(static_cast<Millis::rep>(seconds * 1000))), offset + length});
    }
    return out;
}

bool is_played(const Message& message) {
    if (message.kind() != Message::Kind::event) return false;
    if (message.name() == "OriginateResponse" || message.name() == "UserEvent") return true;
    return message.get("ActionID").empty();
}

std::string_view header(std::string_view action, std::string_view key) {
    while (!action.empty()) {
        const std::size_t end = std::min(action.find('\n'), action.size());
        std::string_view line = action.substr(0, end);
        action.remove_prefix(std::min(end + 1, action.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !equal_ignoring_case(line.substr(0, colon), key)) continue;
        line.remove_prefix(colon + 1);
        while (line.starts_with(' ')) line.remove_prefix(1);
        return line;
    }
    return {};
}

}  // namespace

ReplayPeer::ReplayPeer(std::string_view capture, std::string_view times) { read_capture(capture, times); }

void ReplayPeer::read_capture(std::string_view capture, std::string_view times) {
    const std::vector<ReadTime> reads = parse_times(times);
    has_times_ = !reads.empty();
    if (has_times_) begins_ = reads.front().at;
    Framer framer;
    std::size_t added = 0;
    // A capture that begins in the middle has no banner; the framer wants one.
    if (!capture.starts_with("Asterisk Call Manager")) {
        framer.feed(kBanner);
        added = kBanner.size();
    }
    framer.feed(capture);
    auto read = reads.begin();
    while (true) {
        const auto message = framer.next();
        if (!message || *message == nullptr) break;
        if (!is_played(**message)) continue;
        RecordedChunk chunk;
        chunk.bytes = std::string((*message)->bytes()).append("\r\n\r\n");
        const std::size_t end = framer.consumed() - added;
        while (read != reads.end() && read->end < end) ++read;
        if (has_times_) {
            chunk.wall = read != reads.end() ? read->at : reads.back().at;
            chunk.offset = std::max(*chunk.wall - reads.front().at, Millis(0));
        }
        boots_itself_ = boots_itself_ || (*message)->name() == "FullyBooted";
        chunks_.push_back(std::move(chunk));
    }
    if (!has_times_) return;
    const std::string start = to_rfc3339(reads.front().at);  // "2026-11-21T19:35:01.706Z"
    start_date_ = start.substr(0, 10);
    start_time_ = start.substr(11, 8);
}

std::string ReplayPeer::on_connected() { return std::string(kBanner); }

std::string ReplayPeer::on_client_bytes(std::string_view bytes) {
    client_bytes_.append(bytes);
    std::string out;
    while (true) {
        const std::size_t end = client_bytes_.find("\r\n\r\n");
        if (end == std::string::npos) break;
        out += answer(std::string_view(client_bytes_).substr(0, end));
        client_bytes_.erase(0, end + 4);
    }
    if (client_bytes_.size() > kMaxClientBytes) client_bytes_.clear();
    return out;
}

std::string ReplayPeer::answer(std::string_view action) {
    const std::string name(header(action, "Action"));
    const std::string_view id = header(action, "ActionID");
    const std::string id_line = id.empty() ? std::string() : "ActionID: " + std::string(id) + "\r\n";
    const auto response = [&](std::string_view status, const std::string& rest) {
        return "Response: " + std::string(status) + "\r\n" + id_line + rest + "\r\n";
    };
    if (equal_ignoring_case(name, "Login")) {
        const bool again = std::exchange(logged_in_, true);
        std::string out =
            response("Success", again ? "Message: Already authenticated\r\n" : "Message: Authentication accepted\r\n");
        if (!again && !boots_itself_) out += kFullyBooted;
        return out;
    }
    if (equal_ignoring_case(name, "Challenge")) return response("Success", "Challenge: 123456789\r\n");
    if (!logged_in_) return response("Error", "Message: Permission denied\r\n");
    if (equal_ignoring_case(name, "Ping")) return response("Success", "Ping: Pong\r\n");
    if (equal_ignoring_case(name, "Filter")) return response("Success", "Message: Filter Added\r\n");
    if (equal_ignoring_case(name, "CoreStatus"))
        return response("Success", "CoreStartupDate: " + start_date_ + "\r\nCoreStartupTime: " + start_time_ + "\r\n");
    if (equal_ignoring_case(name, "Logoff")) return response("Goodbye", "Message: Thanks for all the fish.\r\n");
    for (const ListAction& list : kLists) {
        if (!equal_ignoring_case(name, list.action)) continue;
        return response("Success", "EventList: start\r\nMessage: List will follow\r\n") +
               "Event: " + std::string(list.complete) + "\r\n" + id_line +
               "EventList: Complete\r\nListItems: 0\r\n\r\n";
    }
    return response("Error", "Message: Invalid/unknown command: " + name + ".\r\n");
}

std::optional<RecordedChunk> ReplayPeer::next() {
    if (next_chunk_ == chunks_.size()) return std::nullopt;
    return std::move(chunks_[next_chunk_++]);
}

}  // namespace citybridge::asterisk
