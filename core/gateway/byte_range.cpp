#include "core/gateway/byte_range.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/api/text.h"
#include "core/gateway/http_codec.h"

namespace citybridge::gateway {
namespace {

constexpr std::string_view kUnit = "bytes=";

// A number_or_largest beyond what can be counted is as good as the largest that can.
std::optional<std::uint64_t> number_or_largest(std::string_view text) {
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} ? value : std::numeric_limits<std::uint64_t>::max();
}

bool is_bytes_unit(std::string_view text) {
    if (text.size() < kUnit.size()) return false;
    return std::equal(kUnit.begin(), kUnit.end(), text.begin(),
                      [](char wanted, char c) { return wanted == (c >= 'A' && c <= 'Z' ? c + 32 : c); });
}

}  // namespace

std::optional<ByteRange> parse_range(std::string_view header) {
    header = trimmed(header);
    if (!is_bytes_unit(header)) return std::nullopt;
    const std::string_view spec = trimmed(header.substr(kUnit.size()));
    const std::size_t dash = spec.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    ByteRange out;
    const std::string_view before = spec.substr(0, dash), after = spec.substr(dash + 1);
    if (!before.empty() && !(out.first = number_or_largest(before))) return std::nullopt;
    if (!after.empty() && !(out.last = number_or_largest(after))) return std::nullopt;
    if (!out.first && !out.last) return std::nullopt;
    if (out.first && out.last && *out.last < *out.first) return std::nullopt;
    return out;
}

std::string to_string(const ByteRange& range) {
    return std::string(kUnit) + (range.first ? std::to_string(*range.first) : "") + '-' +
           (range.last ? std::to_string(*range.last) : "");
}

std::optional<Slice> slice_of(const ByteRange& range, std::uint64_t size) {
    if (!range.first) {
        const std::uint64_t length = std::min(range.last.value_or(0), size);
        return length == 0 ? std::nullopt : std::optional(Slice{size - length, length});
    }
    if (*range.first >= size) return std::nullopt;
    const std::uint64_t last = std::min(range.last.value_or(size - 1), size - 1);
    return Slice{*range.first, last - *range.first + 1};
}

bool if_range_holds(std::string_view header, const Validators& now) {
    header = trimmed(header);
    if (header.starts_with('"')) return !now.etag.empty() && header == now.etag;
    return now.date_is_strong && header == http_date(now.modified);
}

std::string content_range(const Slice& slice, std::uint64_t size) {
    return "bytes " + std::to_string(slice.offset) + '-' + std::to_string(slice.offset + slice.length - 1) + '/' +
           std::to_string(size);
}

std::string content_range_of_none(std::uint64_t size) { return "bytes */" + std::to_string(size); }

}  // namespace citybridge::gateway
