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
    auto all = read_transfers(readers, limit);
    if (!all) return all;
    std::erase_if(*all, [&](const CommandRecord& row) {
        const std::string number = row.detail.value("number", "");
        return number.empty() || std::find(numbers.begin(), numbers.end(), number) == numbers.end();
    });
    return all;
}

}  // namespace citybridge::store
