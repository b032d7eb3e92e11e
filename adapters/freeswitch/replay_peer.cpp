#include "adapters/freeswitch/replay_peer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "adapters/freeswitch/event.h"

namespace citybridge::freeswitch {
namespace {

struct ReadTime {
    WallTime at;
    std::size_t end = 0;  // offset after its last byte
};

constexpr double kLatestSecond = 1e11;

// "# epoch SECONDS; ...", then "seconds dir offset length" a line; dir S is what
// the PBX sent. Lines of another shape are skipped: a cut file is of use as far as it goes.
std::vector<ReadTime> parse_times(std::string_view text) {
    constexpr std::string_view kEpoch = "# epoch ";
    std::vector<ReadTime> out;
    double epoch = 0;
    while (!text.empty()) {
        const std::size_t line_end = std::min(text.find('\n'), text.size());
        const std::string line(text.substr(0, line_end));
        text.remove_prefix(std::min(line_end + 1, text.size()));
        if (line.starts_with(kEpoch)) epoch = std::strtod(line.c_str() + kEpoch.size(), nullptr);
        char* rest = nullptr;
        const double seconds = epoch + std::strtod(line.c_str(), &rest);
        if (rest == line.c_str() || !std::string_view(rest).starts_with(" S ")) continue;
        char* after = nullptr;
        const std::uint64_t offset = std::strtoull(rest + 3, &after, 10);
        if (after == rest + 3) continue;
        const std::uint64_t length = std::strtoull(after, &rest, 10);
        if (rest == after || !(seconds >= 0 && seconds <= kLatestSecond)) continue;
        out.push_back({WallTime(Millis(std::llround(seconds * 1000))), offset + length});
    }
    return out;
}

// The end of a connection that its client asked for is an answer; a PBX that goes down is news.
bool is_played(const Frame& frame) {
    if (frame.is_event() || frame.kind == Frame::Kind::channel_data) return true;
    return frame.kind == Frame::Kind::disconnect_notice && !frame.lingers() &&
           !frame.body.starts_with("Disconnected, goodbye");
}

// The channel that the last notice names, if the stream was one channel's.
std::string session_of(std::string_view capture) {
    constexpr std::string_view kName = "\nControlled-Session-UUID: ";
    const std::size_t found = capture.rfind(kName);
    if (found == std::string_view::npos) return {};
    const std::string_view rest = capture.substr(found + kName.size());
    return std::string(rest.substr(0, rest.find('\n')));
}

}  // namespace

ReplayPeer::ReplayPeer(std::string_view capture, std::string_view times) { read_capture(capture, times); }

void ReplayPeer::read_capture(std::string_view capture, std::string_view times) {
    const std::vector<ReadTime> reads = parse_times(times);
    has_times_ = !reads.empty();
    Framer framer;
    framer.feed(capture);
    Event event;
    OutboundStream outbound;
    const std::string session = session_of(capture);
    auto read = reads.begin();
    std::optional<WallTime> latest;
    while (true) {
        const auto frame = framer.next();
        if (!frame || *frame == nullptr) break;
        while (read != reads.end() && read->end < framer.consumed()) ++read;
        if ((*frame)->kind == Frame::Kind::disconnect_notice) {
            const RecordedChunk last{latest && begins_ ? *latest - *begins_ : Millis(0), latest, {}};
            for (MadeEvent& made : outbound.finish(**frame)) add(std::move(made), last);
        }
        if (!is_played(**frame)) continue;
        const bool readable = static_cast<bool>(event.read(**frame));
        if (readable && played_.empty() && event.has("Core-UUID"))
            replies_.set_core_uuid(std::string(event.value("Core-UUID")));
        RecordedChunk chunk;
        if (has_times_)
            latest = read != reads.end() ? read->at : reads.back().at;
        else if (const auto at = readable ? event.at() : std::nullopt)
            latest = std::max(latest.value_or(*at), *at);
        if (!begins_) begins_ = has_times_ ? reads.front().at : latest;
        chunk.wall = latest;
        if (latest && begins_) chunk.offset = std::max(*latest - *begins_, Millis(0));
        if ((*frame)->kind == Frame::Kind::channel_data) {
            for (MadeEvent& made : outbound.begin(**frame, event)) add(std::move(made), chunk);
            continue;
        }
        for (MadeEvent& made : outbound.join(session, event)) add(std::move(made), chunk);
        const RecordedChunk times_of_it = chunk;
        chunk.bytes = std::string((*frame)->headers).append("\n\n").append((*frame)->body);
        played_.push_back({std::move(chunk), std::string(event.name()), std::string(event.subclass())});
        for (MadeEvent& made : outbound.implied(event)) add(std::move(made), times_of_it);
    }
}

// In its place by time; `now` is what was just read, and what tells of `made` was just added.
void ReplayPeer::add(MadeEvent made, RecordedChunk now) {
    auto place = played_.end();
    if (made.before && made.at && now.wall && !played_.empty()) {
        const auto later = [&](const Played& each) { return each.chunk.wall && *each.chunk.wall > *made.at; };
        place = std::find_if(played_.begin(), played_.end() - 1, later);
        now.wall = std::min(*made.at, *now.wall);
        now.offset = std::max(*now.wall - begins_.value_or(*now.wall), Millis(0));
    }
    now.bytes = std::move(made.frame);
    played_.insert(place, {std::move(now), std::move(made.name), {}});
}

std::optional<RecordedChunk> ReplayPeer::next() {
    while (next_ < played_.size()) {
        Played& each = played_[next_++];
        // What is no event goes to every client, and what cannot be read is for the client to judge.
        if (each.name.empty() || replies_.subscribed(each.name, each.subclass)) return std::move(each.chunk);
    }
    return std::nullopt;
}

}  // namespace citybridge::freeswitch
