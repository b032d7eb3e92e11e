#include "core/store/undelivered_reader.h"

#include "core/store/callback_rows.h"
#include "core/store/read_rows.h"
#include "core/store/read_with.h"

namespace citybridge::store {

Result<std::map<std::string, std::int64_t>> undelivered_callbacks(Readers& readers) {
    using Counts = std::map<std::string, std::int64_t>;
    return read_with<Counts>(readers, [](Connection& connection) {
        Query query(connection.database());
        query << "select lane_key,count(*) from outbox where state<>'delivered' and state='dead' and "
                 "kind='city_message' group by 1";
        auto& prepared = ready(connection, query, {CellKind::text, CellKind::number});
        Counts counts;
        if (!prepared.statement.execute(true)) return counts;
        do {
            CellReader reader(prepared.results);
            std::string key;
            reader.text("lane_key", key);
            reader.number("count", counts[key]);
        } while (prepared.statement.fetch());
        return counts;
    });
}

}  // namespace citybridge::store
