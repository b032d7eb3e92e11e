#include "core/store/written_reader.h"

#include "core/store/pages.h"
#include "core/store/read_with.h"
#include "core/store/written_rows.h"

namespace citybridge::store {

Result<std::optional<WrittenMessageRecord>> written_message(Readers& readers, const std::string& id) {
    return read_with<std::optional<WrittenMessageRecord>>(readers, [&](Connection& connection) {
        auto query = select<WrittenMessageRecord>(connection);
        query << "where id=";
        query.text(id);
        return read_one<WrittenMessageRecord>(connection, query);
    });
}

Result<std::vector<WrittenMessageRecord>> written_messages(Readers& readers, const std::string& customer,
                                                           const std::string& order, const Before& before) {
    return read_with<std::vector<WrittenMessageRecord>>(readers, [&](Connection& connection) {
        auto query = select<WrittenMessageRecord>(connection);
        query << (customer.empty() ? "where order_id<>'' and order_id=" : "where customer=");
        query.text(customer.empty() ? order : customer);
        continue_at(query, "created_at,id", before);
        limited(query, "created_at desc,id desc", before.limit);
        return read_rows<WrittenMessageRecord>(connection, query);
    });
}

}  // namespace citybridge::store
