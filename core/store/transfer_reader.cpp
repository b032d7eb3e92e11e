#include "core/store/transfer_reader.h"

#include "core/store/read_rows.h"
#include "core/store/read_with.h"

namespace citybridge::store {

Result<std::vector<CommandRecord>> read_open_transfers(Readers& readers) {
    return read_with<std::vector<CommandRecord>>(readers, [](Connection& connection) {
        auto query = select<CommandRecord>(connection);
        query << "where state='accepted' and kind in " << kTransferKinds << " order by at,id";
        return read_rows<CommandRecord>(connection, query);
    });
}

Result<std::vector<CommandRecord>> read_transfers(Readers& readers, std::size_t limit) {
    return read_with<std::vector<CommandRecord>>(readers, [&](Connection& connection) {
        auto query = select<CommandRecord>(connection);
        query << "where kind in " << kTransferKinds << " order by at desc,id desc limit ";
        query.number(static_cast<std::int64_t>(limit));
        return read_rows<CommandRecord>(connection, query);
    });
}

// Seldom asked, and commands are kept for days: no index of their own.
Result<std::vector<CommandRecord>> read_transfers_of(Readers& readers, const std::vector<std::string>& numbers,
                                                     std::size_t limit) {
    if (numbers.empty()) return std::vector<CommandRecord>{};
    return read_with<std::vector<CommandRecord>>(readers, [&](Connection& connection) {
        auto query = select<CommandRecord>(connection);
        query << "where kind in " << kTransferKinds << " and (";
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            query << (i == 0 ? "detail like " : " or detail like ");
            query.text("%\"number\":\"" + numbers[i] + "\"%");
        }
        query << ") order by at desc,id desc limit ";
        query.number(static_cast<std::int64_t>(limit));
        return read_rows<CommandRecord>(connection, query);
    });
}

}  // namespace citybridge::store
