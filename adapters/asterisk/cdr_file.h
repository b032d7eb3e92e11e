#pragma once
// Asterisk's call detail records as cdr_csv writes them (Master.csv). Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/local_time.h"

namespace citybridge::asterisk {

struct CdrRow {
    std::string number;  // src
    std::string name;    // of clid
    std::string dialled;
    std::string channel;      // "SIP/trunk-0000001a"
    std::string dst_channel;  // empty: nobody was rung
    std::string application;
    std::string application_data;
    WallTime start{};
    std::optional<WallTime> answer;
    WallTime end{};
    std::string disposition;  // "ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION"
    std::string unique_id;
    std::string linked_id;  // with newcdrcolumns
};

template <class Row>
struct ParsedRows {
    std::vector<Row> rows;
    std::size_t bad = 0;
    std::string example;  // the first bad line, shortened
};

// Nothing: not a record, or one without its unique id (cdr.conf: loguniqueid=yes).
std::optional<CdrRow> parse_cdr(std::string_view line, const LocalTime& zone);
ParsedRows<CdrRow> parse_cdr_text(std::string_view text, const LocalTime& zone);

}  // namespace citybridge::asterisk
