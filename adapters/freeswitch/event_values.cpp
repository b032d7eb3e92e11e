// Event: what its values mean.
#include <algorithm>
#include <charconv>

#include "adapters/freeswitch/decode.h"
#include "adapters/freeswitch/event.h"

namespace citybridge::freeswitch {
namespace {

constexpr std::string_view kArray = "ARRAY::";
constexpr std::string_view kArraySeparator = "|:";
constexpr std::string_view kEmpty = "_undef_";
constexpr std::size_t kUsualBytes = std::size_t{16} * 1024;

std::vector<std::string> split(std::string_view array) {
    std::vector<std::string> out;
    while (true) {
        const std::size_t end = array.find(kArraySeparator);
        out.emplace_back(array.substr(0, end));
        if (end == std::string_view::npos) return out;
        array.remove_prefix(end + kArraySeparator.size());
    }
}

}  // namespace

std::string_view Event::decoded(Header& header) const {
    const std::string_view raw = raw_of(header);
    if (!encoded_) return raw;
    if (raw == kEmpty) return {};
    if (header.percent == 0) return raw;
    if (header.decoded == 0) {
        // All at once: what was given out must not move.
        if (decoded_room_ < text_.size()) {
            decoded_room_ = std::max(text_.size(), kUsualBytes);
            decoded_ = std::make_unique_for_overwrite<char[]>(decoded_room_);
        }
        char* const out = decoded_.get() + decoded_used_;
        decoded_values_.emplace_back(out, decode_to(raw, out));
        decoded_used_ += decoded_values_.back().size();
        header.decoded = static_cast<std::uint16_t>(decoded_values_.size());
    }
    return decoded_values_[header.decoded - 1U];
}

std::vector<std::string> Event::list(std::string_view name) const {
    std::vector<std::string> out;
    Header* first = find(name);
    if (first == nullptr) return out;
    if (repeats_are_arrays_) {
        for (Header& each : headers_) {
            if (name_of(each) == name) out.emplace_back(decoded(each));
        }
        return out;
    }
    std::string_view value = decoded(*first);
    if (!value.starts_with(kArray)) return {std::string(value)};
    value.remove_prefix(kArray.size());
    return split(value);
}

std::optional<std::int64_t> Event::number(std::string_view name) const {
    const std::string_view text = value(name);
    std::int64_t out = 0;
    const auto [rest, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc() || rest != text.data() + text.size()) return std::nullopt;
    return out;
}

std::optional<WallTime> Event::time(std::string_view name) const {
    const auto micros = number(name);
    if (!micros || *micros <= 0) return std::nullopt;
    return WallTime(std::chrono::floor<Millis>(std::chrono::microseconds(*micros)));
}

}  // namespace citybridge::freeswitch
