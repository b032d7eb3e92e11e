#include "adapters/freeswitch/event.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace citybridge::freeswitch {
namespace {

constexpr std::string_view kEventName = "Event-Name";
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 30;  // offsets have 32 bits
constexpr std::size_t kKeptBytes = 1 << 20;                  // of one huge event
constexpr std::uint32_t kNotDecoded = std::numeric_limits<std::uint32_t>::max();

// The last bytes of a name and its length: names differ at their ends
// ("variable_rtp_audio_in_...").
std::uint8_t bucket_of(std::string_view name) {
    std::uint64_t tail = 0;
    if (name.size() >= sizeof tail)
        std::memcpy(&tail, name.data() + name.size() - sizeof tail, sizeof tail);
    else
        std::memcpy(&tail, name.data(), name.size());
    return static_cast<std::uint8_t>(((tail ^ name.size()) * 0x9E37'79B9'7F4A'7C15ULL) >> 56U);
}

const char* find_byte(const char* from, const char* end, char wanted) {
    const void* found = std::memchr(from, wanted, static_cast<std::size_t>(end - from));
    return found == nullptr ? end : static_cast<const char*>(found);
}

}  // namespace

void Event::clear() {
    text_ = body_ = {};
    encoded_ = false;
    indexed_ = false;
    name_.reset();
    repeats_are_arrays_ = false;
    headers_.clear();
    decoded_used_ = 0;
    if (decoded_room_ <= kKeptBytes) return;
    decoded_.reset();
    decoded_room_ = 0;
}

Result<> Event::read(const Frame& frame) {
    clear();
    if (frame.body.size() > kMaxTextBytes) return Error{"freeswitch.bad_event", "an event of more than 1 GiB"};
    Result<> result = ok();
    switch (frame.kind) {
        case Frame::Kind::channel_data:
            text_ = frame.headers;
            encoded_ = true;
            break;
        case Frame::Kind::event_plain: {
            // What follows the empty line is the event's own body: the frame's length
            // says how much, and of the event's own lengths there may be two.
            const std::size_t end = frame.body.find("\n\n");
            text_ = frame.body.substr(0, end);
            if (end != std::string_view::npos) body_ = frame.body.substr(end + 2);
            encoded_ = true;
            break;
        }
        case Frame::Kind::event_json: result = read_json(frame.body); break;
        case Frame::Kind::event_xml: result = read_xml(frame.body); break;
        default: result = Error{"freeswitch.bad_event", "a frame that carries no event"}; break;
    }
    if (result) result = check_size();
    if (!result) clear();
    return result;
}

Result<> Event::read_block(std::string_view text, bool encoded) {
    clear();
    text_ = text;
    encoded_ = encoded;
    Result<> result = check_size();
    if (!result) clear();
    return result;
}

Result<> Event::check_size() const {
    const auto lines = indexed_ || text_.size() < kMaxHeaders ? 0 : std::count(text_.begin(), text_.end(), '\n');
    if (text_.size() <= kMaxTextBytes && static_cast<std::size_t>(lines) < kMaxHeaders &&
        headers_.size() <= kMaxHeaders)
        return ok();
    return Error{"freeswitch.bad_event", "an event of more than " + std::to_string(kMaxHeaders) + " headers"};
}

void Event::own(bool encoded) {
    owned_.clear();
    owned_body_.clear();
    encoded_ = encoded;
    indexed_ = true;
    buckets_.fill(0);
}

void Event::add(std::string_view name, std::string_view value) {
    if (name.size() > std::numeric_limits<std::uint16_t>::max() || headers_.size() > kMaxHeaders) return;
    const auto begin = static_cast<std::uint32_t>(owned_.size());
    owned_.append(name).append(": ").append(value);
    text_ = owned_;
    index_line(begin, begin + static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(owned_.size()));
    owned_.push_back('\n');
}

void Event::index_line(std::uint32_t begin, std::uint32_t colon, std::uint32_t end) const {
    const std::uint32_t value_at = colon + 1 < end && text_[colon + 1] == ' ' ? colon + 2 : colon + 1;
    const auto name_bytes = static_cast<std::uint16_t>(colon - begin);
    std::uint16_t& bucket = buckets_[bucket_of(text_.substr(begin, name_bytes))];
    headers_.push_back({begin, value_at, end - value_at, kNotDecoded, 0, name_bytes, bucket});
    bucket = static_cast<std::uint16_t>(headers_.size());
}

void Event::index() const {
    if (indexed_) return;
    indexed_ = true;
    buckets_.fill(0);
    const char* const base = text_.data();
    const char* const end = base + text_.size();
    for (const char* line = base; line < end;) {
        const char* const line_end = find_byte(line, end, '\n');
        const char* colon = find_byte(line, line_end, ':');
        // A colon of the name itself: the one that separates has a space behind it.
        if (colon + 1 < line_end && colon[1] != ' ') {
            const std::string_view rest(colon, static_cast<std::size_t>(line_end - colon));
            const std::size_t further = rest.find(": ");
            if (further != std::string_view::npos) colon += further;
        }
        if (colon != line_end && colon - line <= std::numeric_limits<std::uint16_t>::max())
            index_line(static_cast<std::uint32_t>(line - base), static_cast<std::uint32_t>(colon - base),
                       static_cast<std::uint32_t>(line_end - base));
        line = line_end + 1;
    }
}

std::string_view Event::name_of(const Header& header) const { return text_.substr(header.name_at, header.name_bytes); }

std::string_view Event::raw_of(const Header& header) const { return text_.substr(header.value_at, header.value_bytes); }

// A bucket's headers come last first.
Event::Header* Event::find_last(std::string_view name) const {
    index();
    for (std::uint16_t at = buckets_[bucket_of(name)]; at != 0; at = headers_[at - 1U].next) {
        if (name_of(headers_[at - 1U]) == name) return &headers_[at - 1U];
    }
    return nullptr;
}

Event::Header* Event::find(std::string_view name) const {
    index();
    Header* found = nullptr;
    for (std::uint16_t at = buckets_[bucket_of(name)]; at != 0; at = headers_[at - 1U].next) {
        if (name_of(headers_[at - 1U]) == name) found = &headers_[at - 1U];
    }
    return found;
}

// The name is among the first lines, and most events are of no further interest:
// they are not indexed.
std::string_view Event::find_name() const {
    if (!indexed_) {
        for (std::string_view rest = text_; !rest.empty();) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            if (!line.starts_with("Event-Name: ")) continue;
            const std::string_view found = line.substr(kEventName.size() + 2);
            if (found != "COMMAND") return found;
            break;
        }
    }
    const Header* last = find_last(kEventName);
    if (last == nullptr) return {};
    const Header* first = find(kEventName);
    return raw_of(*first) == "COMMAND" ? raw_of(*last) : raw_of(*first);
}

std::string_view Event::name() const {
    if (!name_) name_ = find_name();
    return *name_;
}

std::string_view Event::subclass() const { return value("Event-Subclass"); }

std::string_view Event::raw(std::string_view name) const {
    const Header* header = find(name);
    return header == nullptr ? std::string_view() : raw_of(*header);
}

bool Event::has(std::string_view name) const { return find(name) != nullptr; }

std::string_view Event::value(std::string_view name) const {
    Header* header = find(name);
    return header == nullptr ? std::string_view() : decoded(*header);
}

std::size_t Event::size() const {
    index();
    return headers_.size();
}

std::vector<Event::Pair> Event::all() const {
    index();
    std::vector<Pair> out;
    out.reserve(headers_.size());
    for (Header& header : headers_) out.push_back({name_of(header), decoded(header)});
    return out;
}

}  // namespace citybridge::freeswitch
