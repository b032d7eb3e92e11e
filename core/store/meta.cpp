#include "core/store/meta.h"

#include "core/store/read_rows.h"

namespace citybridge::store {

std::string read_meta(Connection& connection, const std::string& name) {
    Query query(connection.database());
    query << "select value from meta where name=";
    query.text(name);
    const auto values = read_texts(connection, query);
    return values.empty() ? std::string() : values.front();
}

void write_meta(Connection& connection, const std::string& name, const std::string& value) {
    Query query(connection.database());
    query << "insert into meta(name,value) values (";
    query.text(name) << ",";
    query.text(value) << ") on conflict (name) do update set value=excluded.value";
    run_query(connection, query);
}

}  // namespace citybridge::store
