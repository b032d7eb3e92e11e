#pragma once
// Messages to other cities, as the desk hears of their end.
#include <optional>

#include "core/api/records.h"
#include "core/relay/callback.h"

namespace citybridge::desk {

// That it will not arrive; nothing: it is none of a callback, or it has arrived, or still may.
std::optional<relay::CityMessageLost> city_message_lost(const OutboxRecord& message);

}  // namespace citybridge::desk
