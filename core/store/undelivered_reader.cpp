#include "core/store/undelivered_reader.h"

#include "core/store/callback_rows.h"
#include "core/store/read_rows.h"
#include "core/store/read_with.h"

namespace citybridge::store {

namespace {

// Dead messages by this column.
Result<std::map<std::string, std::int64_t>> dead_by(Readers& readers, const std::string& column,
                                                    const std::string& kinds) {
    using Counts = std::map<std::string, std::int64_t>;
    return read_with<Counts>(readers, [&](Connection& connection) {
        Query query(connection.database());
        query << "select " << column << ",count(*) from outbox where state<>'delivered' and state='dead' and kind in ("
              << kinds << ") group by 1";
        auto& prepared = ready(connection, query, {CellKind::text, CellKind::number});
        Counts counts;
        if (!prepared.statement.execute(true)) return counts;
        do {
            CellReader reader(prepared.results);
            std::string key;
            reader.text(column.c_str(), key);
            reader.number("count", counts[key]);
        } while (prepared.statement.fetch());
        return counts;
    });
}

}  // namespace

Result<std::map<std::string, std::int64_t>> undelivered_callbacks(Readers& readers) {
    return dead_by(readers, "lane_key", "'city_message'");
}

Result<std::map<std::string, std::int64_t>> undelivered_to_cities(Readers& readers) {
    return dead_by(readers, "destination", "'city_message','city_transfer'");
}

}  // namespace citybridge::store
