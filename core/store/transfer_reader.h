#pragma once
// On-line transfers between cities: rows of `commands` of these kinds. Any thread; errors "store.*".
#include "core/store/reader.h"

namespace citybridge::store {

inline constexpr const char* kTransferKinds = "('transfer_to_city','city_transfer')";

// Those that have not ended, both sides, the oldest first.
Result<std::vector<CommandRecord>> read_open_transfers(Readers& readers);
// The newest first.
Result<std::vector<CommandRecord>> read_transfers(Readers& readers, std::size_t limit);
// Of a person with one of these numbers.
Result<std::vector<CommandRecord>> read_transfers_of(Readers& readers, const std::vector<std::string>& numbers,
                                                     std::size_t limit);

}  // namespace citybridge::store
