#pragma once
// Reading what the last contacts were about; like Readers.
#include <vector>

#include "core/store/reader.h"

namespace citybridge::store {

// Of contacts judged from then on; the newest first, at most `limit`.
Result<std::vector<DispositionRecord>> recent_dispositions(Readers& readers, WallTime since, std::size_t limit);

}  // namespace citybridge::store
