#pragma once
// Ways to read a manager stream, over the same bytes: received and forgotten,
// split and no more (the floor), decoded by the adapter's framer, and up to
// call events.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace citybridge::bench {

// What a reader saw; equal counts show that two readers did the same work.
struct Tally {
    std::uint64_t events = 0;       // messages between empty lines
    std::uint64_t fields = 0;       // not counted by the call reader
    std::uint64_t value_bytes = 0;  // not counted by the call reader
    std::uint64_t contacts_started = 0;
    std::uint64_t contacts_ended = 0;
    std::uint64_t offers_shown = 0;
    std::uint64_t call_events = 0;

    friend bool operator==(const Tally&, const Tally&) = default;
};

class AmiReader {
public:
    virtual ~AmiReader() = default;
    virtual void take(std::string_view bytes) = 0;
    virtual Tally tally() const = 0;
};

// Looks at nothing: what receiving alone costs.
std::unique_ptr<AmiReader> make_receiver();
// Lines and fields in the plainest C++: the least a client can do.
std::unique_ptr<AmiReader> make_plain_splitter();
// Framer and Message, every field of every event split.
std::unique_ptr<AmiReader> make_decoder();
// Session (logged in, snapshot taken), translation and call book.
std::unique_ptr<AmiReader> make_call_reader();

}  // namespace citybridge::bench
