#include "core/store/waiting_reader.h"

#include "core/store/read_rows.h"
#include "core/store/read_with.h"

namespace citybridge::store {

Result<std::map<std::string, WallTime>> oldest_waiting(Readers& readers, const std::vector<std::string>& destinations) {
    return read_with<std::map<std::string, WallTime>>(readers, [&](Connection& connection) {
        std::map<std::string, WallTime> out;
        for (const std::string& destination : destinations) {
            // The first of the outbox is the oldest: they are numbered as they are made.
            Query query(connection.database());
            query << "select created_at from outbox where state='pending' and destination=";
            query.text(destination) << " order by seq limit 1";
            auto& prepared = ready(connection, query, {CellKind::number});
            if (!prepared.statement.execute(true)) continue;
            do {
                CellReader reader(prepared.results);
                reader.time("created_at", out[destination]);
            } while (prepared.statement.fetch());
        }
        return out;
    });
}

}  // namespace citybridge::store
