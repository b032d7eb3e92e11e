#pragma once
// Asterisk's queue_log: epoch|call|queue|member|event|data1|... Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/asterisk/cdr_file.h"
#include "core/api/time.h"

namespace citybridge::asterisk {

struct QueueLogRow {
    WallTime at{};
    std::string call;  // unique id of the caller's channel, or a word such as NONE, MANAGER
    std::string queue;
    std::string member;  // as queues.conf names him
    std::string event;
    std::vector<std::string> data;
};

std::optional<QueueLogRow> parse_queue_log(std::string_view line);
ParsedRows<QueueLogRow> parse_queue_log_text(std::string_view text);

// Every whole line; a part of one at the end is left out.
template <class Row, class Parse>
ParsedRows<Row> parse_lines(std::string_view text, Parse parse) {
    constexpr std::size_t kExampleBytes = 80;
    ParsedRows<Row> out;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        if (auto row = parse(line)) {
            out.rows.push_back(std::move(*row));
        } else if (out.bad++ == 0) {
            out.example = line.substr(0, kExampleBytes);
        }
    }
    return out;
}

}  // namespace citybridge::asterisk
