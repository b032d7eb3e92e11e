#include "core/store/transfer_reader.h"

#include <algorithm>
#include <iterator>

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
    // A transfer without a number is nobody's.
    std::vector<std::string> known;
    std::remove_copy(numbers.begin(), numbers.end(), std::back_inserter(known), std::string());
    if (known.empty()) return std::vector<CommandRecord>{};
    return read_with<std::vector<CommandRecord>>(readers, [&](Connection& connection) {
        auto query = select<CommandRecord>(connection);
        query << "where kind in " << kTransferKinds << " and (";
        for (std::size_t i = 0; i < known.size(); ++i) {
            query << (i == 0 ? "detail like " : " or detail like ");
            query.text("%\"number\":\"" + known[i] + "\"%");
        }
        query << ") order by at desc,id desc limit ";
        query.number(static_cast<std::int64_t>(limit));
        return read_rows<CommandRecord>(connection, query);
    });
}

}  // namespace citybridge::store
