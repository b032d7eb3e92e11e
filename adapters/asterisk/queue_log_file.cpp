#include "adapters/asterisk/queue_log_file.h"

#include <charconv>

namespace citybridge::asterisk {
namespace {

constexpr std::size_t kLeastFields = 5;
constexpr std::int64_t kMostSeconds = 100'000'000'000;

std::vector<std::string> split(std::string_view line) {
    std::vector<std::string> out;
    for (;;) {
        const std::size_t bar = line.find('|');
        out.emplace_back(line.substr(0, bar));
        if (bar == std::string_view::npos) return out;
        line.remove_prefix(bar + 1);
    }
}

// Seconds, with or without a fraction.
std::optional<WallTime> epoch(std::string_view text) {
    std::int64_t seconds = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, seconds);
    if (error != std::errc{} || (end != last && *end != '.') || seconds < 0 || seconds > kMostSeconds)
        return std::nullopt;
    return WallTime(std::chrono::seconds(seconds));
}

}  // namespace

std::optional<QueueLogRow> parse_queue_log(std::string_view line) {
    std::vector<std::string> fields = split(line);
    if (fields.size() < kLeastFields) return std::nullopt;
    const auto at = epoch(fields[0]);
    if (!at || fields[1].empty() || fields[4].empty()) return std::nullopt;
    QueueLogRow row{*at, std::move(fields[1]), std::move(fields[2]), std::move(fields[3]), std::move(fields[4]), {}};
    row.data.assign(std::make_move_iterator(fields.begin() + kLeastFields), std::make_move_iterator(fields.end()));
    return row;
}

ParsedRows<QueueLogRow> parse_queue_log_text(std::string_view text) {
    return parse_lines<QueueLogRow>(text, parse_queue_log);
}

}  // namespace citybridge::asterisk
