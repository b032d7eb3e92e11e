#pragma once
// One event of the event socket, in any of its three formats, read like a
// dictionary: `event.value("Unique-ID")`. Headers are found when first asked
// for and a value is decoded when it is read, since a call event has 200
// headers and a translator reads a dozen.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/freeswitch/framer.h"
#include "adapters/freeswitch/lines.h"
#include "core/api/result.h"
#include "core/api/time.h"

namespace citybridge::freeswitch {

// More headers than this has no event of a PBX (323 seen); such an event is refused.
inline constexpr std::size_t kMaxHeaders = 10'000;

// Names are compared as they are (no case folding). Of headers that occur twice
// the first counts; but PRIVATE_COMMAND comes as COMMAND with its own name
// later, so name() gives the last one then. All views end with the next read
// and with what the event was read from. Not thread-safe, not even for reading.
class Event {
public:
    Event() = default;
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    // `frame`: an event or channel_data. One object is for many events, one
    // after the other: it keeps its memory. Error: freeswitch.bad_event, and
    // the event is then empty.
    Result<> read(const Frame& frame);
    // A block of `Name: value` lines from elsewhere: of `uuid_dump`, which is not encoded.
    Result<> read_block(std::string_view text, bool encoded);

    std::string_view name() const;      // "CHANNEL_CREATE"
    std::string_view subclass() const;  // of CUSTOM: "callcenter::info"
    // When it happened by the PBX's clock; its grain is 20 ms. Nothing: the event does not say.
    std::optional<WallTime> at() const { return time("Event-Date-Timestamp"); }

    // Decoded; empty: not there, or `_undef_`, which is how plain says empty. An
    // array is "ARRAY::a|:b", or the first element only in xml: see list().
    std::string_view value(std::string_view name) const;
    // As it stands in the event, percent-encoded in plain and xml.
    std::string_view raw(std::string_view name) const;
    bool has(std::string_view name) const;
    // Elements of an array, or the only value.
    std::vector<std::string> list(std::string_view name) const;
    std::optional<std::int64_t> number(std::string_view name) const;
    // Microseconds since 1970, as in Caller-Channel-Answered-Time; nothing for 0, which means never.
    std::optional<WallTime> time(std::string_view name) const;
    // Never encoded: "+OK 7f4c...\n" of a BACKGROUND_JOB.
    std::string_view body() const;

    struct Pair {
        std::string_view name;
        std::string_view value;  // decoded
    };
    // All of them, in order, duplicates too.
    std::vector<Pair> all() const;
    std::size_t size() const;

private:
    // A line of text_.
    struct Header {
        std::uint32_t begin;
        std::uint32_t end : 31;
        std::uint32_t percent : 1;  // the line has a %
        std::uint16_t name_bytes;
        std::uint16_t decoded;  // index + 1 into decoded_values_; 0: not decoded yet
    };

    void clear();
    Result<> read_json(std::string_view text);
    Result<> read_xml(std::string_view text);
    void own(bool encoded);  // json and xml: text_ is built in owned_ with add()
    void add(std::string_view name, std::string_view value);
    Result<> check_size() const;

    void index() const;
    void index_line(const Line& line) const;
    Header* find(std::string_view name) const;
    Header* find_last(std::string_view name) const;
    Header* match(std::size_t at, std::string_view name) const;
    std::string_view name_of(const Header& header) const;
    std::string_view raw_of(const Header& header) const;
    std::string_view decoded(Header& header) const;
    std::string_view find_name() const;

    std::string_view text_;  // the block of headers; of a plain event all of it
    mutable std::string_view body_;
    std::string owned_;  // what text_ and body_ view for json and xml, as a plain block
    std::string owned_body_;
    bool encoded_ = false;
    bool repeats_are_arrays_ = false;  // xml has no other way to write one
    mutable bool indexed_ = false;
    mutable std::optional<std::string_view> name_;
    mutable std::vector<Header> headers_;
    // One byte of each name's hash, so that a search looks at few of the names.
    mutable std::vector<std::uint8_t> tags_;
    // Values are decoded once, so that all fit into as many bytes as text_ has.
    mutable std::vector<std::string_view> decoded_values_;
    mutable std::unique_ptr<char[]> decoded_;
    mutable std::size_t decoded_room_ = 0;
    mutable std::size_t decoded_used_ = 0;
};

}  // namespace citybridge::freeswitch
