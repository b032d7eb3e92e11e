// A mail or short message came back: he is told by the next of the channels that the flow lists.
#include <algorithm>

#include "core/desk/engine.h"

namespace citybridge::desk {

// Null: the flow does not say it (any more).
const std::vector<std::string>* Engine::channels_of(const Json& part) const {
    const std::string kind = text_in(part, "kind");
    const std::string name = text_in(part, "name");
    if (kind == "tell") {
        const auto at = static_cast<std::size_t>(std::strtoul(name.c_str(), nullptr, 10));
        return at < flow_.tells.size() ? &flow_.tells[at].channels : nullptr;
    }
    const EscalationDef* def = kind == "escalation" ? flow_.escalation(name) : nullptr;
    const auto step = static_cast<std::size_t>(number_in(part, "step"));
    if (def == nullptr || step >= def->steps.size()) return nullptr;
    // Whose turn was before is not told late: the next in turn knows by now, or somebody has acknowledged.
    const Json* state = find_part(step_.order(), "escalations", name);
    const bool his_turn = state != nullptr && text_in(*state, "state") == "running" &&
                          number_in(*state, "step") <= static_cast<std::int64_t>(step) + 1;
    const bool last = step + 1 == def->steps.size() && state != nullptr && text_in(*state, "state") == "ended";
    return his_turn || last ? &def->steps[step].channels : nullptr;
}

std::optional<Target> Engine::target_of(const Json& reference) const {
    if (const std::string user = text_in(reference, "user"); !user.empty()) return of_user(user);
    if (const std::string name = text_in(reference, "entry"); !name.empty()) {
        const DirectoryEntry* entry = context_.book.directory.find(name, context_.settings.city);
        const std::string person = text_in(reference, "person");
        if (entry != nullptr)
            for (const Person& one : entry->people)
                if (one.name == person) return of_person(*entry, one);
        return std::nullopt;
    }
    const std::string field = text_in(reference, "field");
    const std::vector<Target> found = field.empty() ? the_customer() : in_field(field);
    return found.empty() ? std::nullopt : std::optional(found.front());
}

// Of one who was told and has answered, or whose turn is over, nothing is left to be told.
bool Engine::answer_is_waited_for(const Json& part) const {
    const auto at = static_cast<std::size_t>(std::strtoul(text_in(part, "name").c_str(), nullptr, 10));
    return text_in(part, "kind") == "tell" && at < flow_.tells.size() && flow_.tells[at].confirm_within.has_value();
}

bool Engine::message_lost(const OutboxRecord& message) {
    if (!message.kind.starts_with("tell_") || is_lost(step_.order(), message.id)) return false;
    mark_lost(step_.order(), message.id);
    return next_channel(message) || message_undelivered(message.id);
}

bool Engine::next_channel(const OutboxRecord& message) {
    const Json payload = Json::parse(message.payload, nullptr, false);
    if (!payload.is_object() || !payload.contains("part") || !payload.contains("to")) return false;
    const std::vector<std::string>* channels = channels_of(payload["part"]);
    const auto target = target_of(payload["to"]);
    if (channels == nullptr || !target) return false;
    OrderRecord& order = step_.order();
    TellingRecord like;
    like.kind = text_in(payload["part"], "kind");
    like.name = text_in(payload["part"], "name");
    like.step = number_in(payload["part"], "step");
    like.message = text_in(payload, "template");
    std::optional<TellingRecord> waited;
    for (TellingRecord& row : waiting_tellings(order))
        if (row.outbox == message.id) waited = std::move(row);
    if (!waited && answer_is_waited_for(payload["part"])) return false;
    like.to_acknowledge = waited.has_value();
    auto next = std::find(channels->begin(), channels->end(), text_in(payload, "channel"));
    if (next == channels->end()) return false;
    for (++next; next != channels->end(); ++next) {
        if (!put_telling(*target, *next, like)) continue;
        step_.history().detail["next_channel"] = *next;
        if (!waited) return true;
        // Who waits for an answer waits for this one.
        drop_waiting(order, waited->id);
        waited->settled_at = context_.now.wall;
        step_.changes().tellings.push_back(std::move(*waited));
        return true;
    }
    step_.history().detail["no_channel_left"] = text_in(payload, "channel");
    return false;
}

}  // namespace citybridge::desk
