#pragma once
// Part of a representation (RFC 9110 section 14). Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/time.h"

namespace citybridge::gateway {

struct ByteRange {
    std::optional<std::uint64_t> first;  // none: the last `last` bytes
    std::optional<std::uint64_t> last;   // none: to the end
};

// Nothing where section 14.2 lets a server answer with the whole: another unit, more than one range, no valid range.
std::optional<ByteRange> parse_range(std::string_view header);
// "bytes=0-99"
std::string to_string(const ByteRange& range);

struct Slice {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};
// Nothing: no byte of `size` is in the range (416).
std::optional<Slice> slice_of(const ByteRange& range, std::uint64_t size);

// Which version of a representation is there now.
struct Validators {
    std::string etag;  // strong, with its quotes
    WallTime modified{};
    bool date_is_strong = false;  // it cannot have changed twice in the second `modified` names
};
// Section 13.1.5: whether a range of what the client has before may be joined with what is there now.
bool if_range_holds(std::string_view header, const Validators& now);

// "bytes 0-99/1234", and for 416 "bytes */1234".
std::string content_range(const Slice& slice, std::uint64_t size);
std::string content_range_of_none(std::uint64_t size);

}  // namespace citybridge::gateway
