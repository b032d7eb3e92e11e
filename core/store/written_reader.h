#pragma once
// Reading the messages that people wrote. Any thread; errors "store.*".
#include "core/store/desk_reader.h"
#include "core/store/reader.h"

namespace citybridge::store {

Result<std::optional<WrittenMessageRecord>> written_message(Readers& readers, const std::string& id);
// Of one customer or one order, whichever is given; the newest first, behind `before`.
Result<std::vector<WrittenMessageRecord>> written_messages(Readers& readers, const std::string& customer,
                                                           const std::string& order, const Before& before);

}  // namespace citybridge::store
