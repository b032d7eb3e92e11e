#pragma once
// The file of an outgoing list: RFC 4180, UTF-8 (a BOM is skipped), first line the names of the columns. Pure.
#include <functional>

#include "core/api/desk_records.h"
#include "core/api/result.h"

namespace citybridge::gateway {

struct OutgoingCsv {
    std::vector<OutgoingEntryRecord> rows;                            // line, number, name, order, note
    nlohmann::ordered_json errors = nlohmann::ordered_json::array();  // {"line", "message"} of the others
};

// Columns: number (required), name, order, note. `normal`: a number as it is kept, empty if it is none. Code
// "outgoing.bad_file": nothing of it can be used.
Result<OutgoingCsv> read_outgoing_csv(std::string_view text,
                                      const std::function<std::string(const std::string&)>& normal);

}  // namespace citybridge::gateway
