#pragma once
// Messages to other cities, as the desk hears of their end.
#include <optional>

#include "core/api/records.h"
#include "core/relay/callback.h"

namespace citybridge::desk {

// Its link gave it up, or a person did.
inline bool will_not_arrive(const OutboxRecord& message) {
    return message.state == OutboxState::dead || message.state == OutboxState::cancelled;
}
// That it will not arrive; nothing: it is none of a callback, or it has arrived, or still may.
std::optional<relay::CityMessageLost> city_message_lost(const OutboxRecord& message);

}  // namespace citybridge::desk
