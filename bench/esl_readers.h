#pragma once
// Ways to read an event socket stream, over the same bytes: indexed and no
// more, indexed and decoded (the floors), by the adapter's framer and events
// with the values read that a translator reads, with all, and up to call events.
#include <cstdint>
#include <memory>
#include <string_view>

namespace citybridge::bench {

// What a reader saw; equal counts show that two readers did the same work.
struct EslTally {
    std::uint64_t events = 0;
    std::uint64_t headers = 0;      // not counted where only some are read
    std::uint64_t value_bytes = 0;  // raw or decoded, of those read

    friend bool operator==(const EslTally&, const EslTally&) = default;
};

class EslReader {
public:
    virtual ~EslReader() = default;
    virtual void take(std::string_view bytes) = 0;
    virtual EslTally tally() const = 0;
};

// Frames and the lines of each event's headers, names and values apart.
std::unique_ptr<EslReader> make_bare_indexer();
// That, and every value percent-decoded.
std::unique_ptr<EslReader> make_bare_decoder();
// Framer and Event: the event's name and kReadHeaders values of it.
std::unique_ptr<EslReader> make_value_reader();
// Framer and Event: all values.
std::unique_ptr<EslReader> make_all_reader();

inline constexpr std::size_t kReadHeaders = 20;

}  // namespace citybridge::bench
