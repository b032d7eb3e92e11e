#pragma once
// Whether the conditions of a flow hold.
#include "core/desk/calendars.h"
#include "core/desk/flow.h"
#include "core/desk/requests.h"

namespace citybridge::desk {

// What a condition may ask about.
struct Judged {
    const Flow& flow;
    const OrderRecord& order;
    const Actor& actor;
    const Calendars* calendars = nullptr;  // null: what asks for them is taken to hold
    WallTime now{};
    std::optional<bool> note{};            // whether the request brings one; not known: taken to hold
    const OrderRecord* related = nullptr;  // the order a decision found
};

bool holds(const Condition& condition, const Judged& judged);
bool hold(const Conditions& conditions, const Judged& judged);
// A field's value as conditions compare it: text, "12", "true"; empty: not there.
std::string value_text(const OrderRecord& order, const std::string& field);

}  // namespace citybridge::desk
