#pragma once
// Which versions of which flows open orders are on.
#include "core/store/reader.h"

namespace citybridge::store {

struct FlowUse {
    std::string kind;
    std::int64_t version = 0;
    std::int64_t orders = 0;
};

Result<std::vector<FlowUse>> flows_in_use(Readers& readers);
// Ids of open orders of this kind on another version than `version`, at most `limit`.
Result<std::vector<std::string>> orders_on_other_version(Readers& readers, const std::string& kind,
                                                         std::int64_t version, std::size_t limit);

}  // namespace citybridge::store
