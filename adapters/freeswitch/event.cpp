#include "adapters/freeswitch/event.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace citybridge::freeswitch {
namespace {

constexpr std::string_view kEventName = "Event-Name";
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 30;  // offsets have 32 bits
constexpr std::uint32_t kMaxOffset = 0x7FFF'FFFF;
constexpr std::size_t kKeptEventBytes = 1 << 20;  // of one huge event

// The last bytes of a name and its length: names differ at their ends
// ("variable_rtp_audio_in_...").
std::uint8_t tag_of(std::string_view name) {
    std::uint64_t tail = 0;
    if (name.size() >= sizeof tail)
        std::memcpy(&tail, name.data() + name.size() - sizeof tail, sizeof tail);
    else
        std::memcpy(&tail, name.data(), name.size());
    return static_cast<std::uint8_t>(((tail ^ name.size()) * 0x9E37'79B9'7F4A'7C15ULL) >> 56U);
}

}  // namespace

void Event::clear() {
    text_ = body_ = {};
    encoded_ = false;
    indexed_ = false;
    name_.reset();
    repeats_are_arrays_ = false;
    headers_.clear();
    tags_.clear();
    decoded_values_.clear();
    decoded_used_ = 0;
    if (decoded_room_ <= kKeptEventBytes) return;
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
        case Frame::Kind::event_plain:
            // The headers end with an empty line, which index() finds on its way.
            text_ = frame.body;
            encoded_ = true;
            break;
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
    // Of a plain event the lines of its body are counted too, which is no harm.
    const auto lines = indexed_ || text_.size() < 2 * kMaxHeaders ? 0 : std::count(text_.begin(), text_.end(), '\n');
    if (text_.size() <= kMaxTextBytes && static_cast<std::size_t>(lines) < kMaxHeaders &&
        headers_.size() <= kMaxHeaders)
        return ok();
    return Error{"freeswitch.bad_event", "an event of more than " + std::to_string(kMaxHeaders) + " lines"};
}

void Event::own(bool encoded) {
    owned_.clear();
    owned_body_.clear();
    encoded_ = encoded;
    indexed_ = true;
}

void Event::add(std::string_view name, std::string_view value) {
    if (name.size() > std::numeric_limits<std::uint16_t>::max() || headers_.size() > kMaxHeaders) return;
    const std::size_t begin = owned_.size();
    owned_.append(name).append(": ").append(value);
    text_ = owned_;
    index_line({begin, begin + name.size(), owned_.size(), true});
    owned_.push_back('\n');
}

void Event::index_line(const Line& line) const {
    const std::size_t name_bytes = line.colon - line.begin;
    headers_.push_back({static_cast<std::uint32_t>(line.begin), static_cast<std::uint32_t>(line.end) & kMaxOffset,
                        line.percent, static_cast<std::uint16_t>(name_bytes), 0});
    tags_.push_back(tag_of(text_.substr(line.begin, name_bytes)));
}

void Event::index() const {
    if (indexed_) return;
    indexed_ = true;
    each_line(text_, [this](Line line) {
        if (line.end == line.begin) {
            body_ = text_.substr(line.end + 1);
            return false;
        }
        // A colon of the name itself: the one that separates has a space behind it.
        if (line.colon + 1 < line.end && text_[line.colon + 1] != ' ') {
            const std::size_t further = text_.substr(line.colon, line.end - line.colon).find(": ");
            if (further != std::string_view::npos) line.colon += further;
        }
        const bool named = line.colon != line.end;
        if (named && line.colon - line.begin <= std::numeric_limits<std::uint16_t>::max()) index_line(line);
        return true;
    });
}

std::string_view Event::body() const {
    index();
    return body_;
}

std::string_view Event::name_of(const Header& header) const { return text_.substr(header.begin, header.name_bytes); }

std::string_view Event::raw_of(const Header& header) const {
    const std::size_t begin = header.begin + header.name_bytes + 1;
    const std::string_view value = text_.substr(begin, header.end - begin);
    return value.starts_with(' ') ? value.substr(1) : value;
}

Event::Header* Event::match(std::size_t at, std::string_view name) const {
    return name_of(headers_[at]) == name ? &headers_[at] : nullptr;
}

Event::Header* Event::find(std::string_view name) const {
    index();
    const int tag = tag_of(name);
    const std::uint8_t* const end = tags_.data() + tags_.size();
    for (const std::uint8_t* at = tags_.data(); at < end; ++at) {
        at = static_cast<const std::uint8_t*>(std::memchr(at, tag, static_cast<std::size_t>(end - at)));
        if (at == nullptr) return nullptr;
        if (Header* found = match(static_cast<std::size_t>(at - tags_.data()), name)) return found;
    }
    return nullptr;
}

Event::Header* Event::find_last(std::string_view name) const {
    index();
    for (std::size_t at = headers_.size(); at > 0; --at) {
        if (Header* found = match(at - 1, name)) return found;
    }
    return nullptr;
}

// The name is among the first lines, and most events are of no further interest:
// they are not indexed.
std::string_view Event::find_name() const {
    if (!indexed_) {
        for (std::string_view rest = text_; !rest.empty();) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            if (line.empty()) return {};
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            if (!line.starts_with("Event-Name:")) continue;
            if (!line.starts_with("Event-Name: ")) break;  // of an odd shape, for index() to judge
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
