#pragma once
// Lists of callbacks between cities, for the API and metrics. Any thread, through Readers::read.
#include <optional>
#include <string>
#include <vector>

#include "core/api/callbacks.h"
#include "core/store/reader.h"

namespace citybridge::store {

struct CallbackQuery {
    std::string state, city, owner, side, customer, number;  // empty: any; `city`: the other one
    bool open_only = false;
    bool unowned_only = false;
    std::string after;  // id of the last of the page before; newest first
    std::size_t limit = 50;
};

struct CallbackCount {
    std::string side;
    std::string city;  // the other one
    std::string state;
    std::int64_t count = 0;
    std::int64_t oldest_ms = 0;  // created_at of the oldest
};

Result<std::vector<CallbackRecord>> read_callbacks(Readers& readers, const CallbackQuery& query);
// His, by who he is and by these numbers, the newest first.
Result<std::vector<CallbackRecord>> read_callbacks_of(Readers& readers, const std::string& customer,
                                                      const std::vector<std::string>& numbers, bool open_only,
                                                      std::size_t limit);
Result<std::optional<CallbackRecord>> read_callback(Readers& readers, const std::string& id);
Result<std::vector<CallbackHistoryRecord>> read_callback_history(Readers& readers, const std::string& id);  // by n
Result<std::vector<CityRecord>> read_cities(Readers& readers);
// Open ones, by side, city and state.
Result<std::vector<CallbackCount>> count_callbacks(Readers& readers);

// Those with due_at <= until, the earliest first: id and due_at. On a session of the caller's.
struct CallbackDueRow {
    std::string id;
    WallTime due_at{};
};
std::vector<CallbackDueRow> due_callbacks(Connection& connection, WallTime until, std::size_t limit);
Result<std::vector<CallbackDueRow>> read_due_callbacks(Readers& readers, WallTime until, std::size_t limit);

}  // namespace citybridge::store
