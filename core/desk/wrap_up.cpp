#include "core/desk/wrap_up.h"

namespace citybridge::desk {

std::optional<WrapUpRecord> wrap_up_of(const Contact& contact) {
    if (contact.direction == Direction::internal) return std::nullopt;
    WrapUpRecord out{contact.id, {}, contact.queue, contact.started_at, contact.ended_at.value_or(contact.started_at)};
    WallTime latest{};
    for (const Leg& leg : contact.legs) {
        if (leg.role != LegRole::agent || leg.agent.empty() || !leg.joined_at || *leg.joined_at < latest) continue;
        latest = *leg.joined_at;
        out.agent = leg.agent;
    }
    return out.agent.empty() ? std::nullopt : std::optional(out);
}

}  // namespace citybridge::desk
