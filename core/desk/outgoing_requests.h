#pragma once
// Requests about outgoing lists (B16).
#include <string>
#include <vector>

#include "core/api/desk_records.h"

namespace citybridge::desk {

// When the list's calls are made: on given days, or after a named period of the calendar.
struct OutgoingWindow {
    std::string period;    // name of the calendar's period: the first working day after its end; empty: from `from`
    WallTime from{};       // empty period: the first working day is this day's, or the next one
    int working_days = 1;  // so many working days, the first included
};

struct OpenOutgoingList {
    std::string kind;
    std::string name;
    std::string group;
    OutgoingWindow window;
};

// Rows of one file. A number stands once on a list: a repeated one is told and left out.
struct AddEntries {
    std::string list;
    std::vector<OutgoingEntryRecord> rows;                            // line, number, name, customer, order, note
    nlohmann::ordered_json errors = nlohmann::ordered_json::array();  // of lines that are no rows, for the answer
};

struct CloseOutgoingList {
    std::string list;
};

// The next one to call, for the asker. What he has taken already comes first.
struct TakeEntry {
    std::string list;
};

struct FinishEntry {
    std::string entry;
    EntryResult result = EntryResult::none;
    std::string remark;
};

// Given back uncalled.
struct ReleaseEntry {
    std::string entry;
};

}  // namespace citybridge::desk
