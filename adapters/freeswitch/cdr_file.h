#pragma once
// FreeSWITCH's call detail records as mod_cdr_csv writes them: one row per leg,
// in columns that its template decides. Pure.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/local_time.h"
#include "core/api/result.h"

namespace citybridge::freeswitch {

// The template shipped in config/freeswitch.
inline constexpr std::string_view kCdrColumns =
    "uuid, direction, caller name, caller number, destination, channel, start, answer, end, duration, billsec, cause, "
    "bleg uuid, other leg, last app, cc_queue, cc_agent, cc_cause, cc_cancel_reason";

struct CdrRow {
    std::string uuid;
    bool outbound = false;
    std::string caller_name;
    std::string caller_number;
    std::string destination;
    std::string channel;  // "sofia/internal/1001@10.0.0.7:5060"
    WallTime start{};
    std::optional<WallTime> answer;
    WallTime end{};
    std::string cause;
    std::string bleg;  // the leg it was bridged with last
    std::string last_app;
    std::string queue;
    std::string agent;
    std::string queue_result;   // of the caller's leg: "answered", "cancel"
    std::string cancel_reason;  // "BREAK_OUT", "TIMEOUT", ...
    std::optional<WallTime> queue_joined;
    std::optional<WallTime> queue_answered;
};

// Where in a row each thing stands.
class CdrColumns {
public:
    // Code "records.columns": one that is needed is missing. Unknown names are columns that are not read.
    static Result<CdrColumns> of(const std::vector<std::string>& names);
    // Nothing: not a record.
    std::optional<CdrRow> parse(std::string_view line, const LocalTime& zone) const;
    bool is_heading(std::string_view line) const;

private:
    enum What : std::size_t {
        uuid,
        direction,
        caller_name,
        caller_number,
        destination,
        channel,
        start,
        answer,
        end,
        cause,
        bleg_uuid,
        last_app,
        cc_queue,
        cc_agent,
        cc_cause,
        cc_cancel_reason,
        cc_joined,
        cc_answered,
        kCount,
    };
    std::vector<std::optional<std::size_t>> at_ = std::vector<std::optional<std::size_t>>(kCount);
    std::size_t count_ = 0;
};

struct ParsedCdr {
    std::vector<CdrRow> rows;
    std::size_t bad = 0;
    std::string example;  // the first bad line, shortened
};
// Every whole line; a part of one at the end is left out.
ParsedCdr parse_cdr_text(std::string_view text, const CdrColumns& columns, const LocalTime& zone);

}  // namespace citybridge::freeswitch
