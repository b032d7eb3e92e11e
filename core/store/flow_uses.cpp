#include "core/store/flow_uses.h"

#include "core/store/connection.h"

namespace citybridge::store {

Result<std::vector<FlowUse>> flows_in_use(Readers& readers) {
    std::vector<FlowUse> out;
    const auto done = readers.read([&](Connection& connection) {
        out.clear();
        std::string kind;
        long long version = 0, orders = 0;
        soci::statement statement =
            (connection.session().prepare << "select kind,flow_version,count(*) from orders where closed_at is null "
                                             "group by kind,flow_version order by kind,flow_version",
             soci::into(kind), soci::into(version), soci::into(orders));
        statement.execute();
        while (statement.fetch()) out.push_back({kind, version, orders});
    });
    if (!done) return done.error();
    return out;
}

Result<std::vector<std::string>> orders_on_other_version(Readers& readers, const std::string& kind,
                                                         std::int64_t version, std::size_t limit) {
    std::vector<std::string> out;
    const auto done = readers.read([&](Connection& connection) {
        out.clear();
        std::string id;
        long long wanted = version, most = static_cast<long long>(limit);
        soci::statement statement =
            (connection.session().prepare << "select id from orders where kind=:kind and closed_at is null and "
                                             "flow_version<>:version order by id limit :most",
             soci::into(id), soci::use(kind), soci::use(wanted), soci::use(most));
        statement.execute();
        while (statement.fetch()) out.push_back(id);
    });
    if (!done) return done.error();
    return out;
}

}  // namespace citybridge::store
