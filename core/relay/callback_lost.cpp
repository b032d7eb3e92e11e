// A message to another city that will not arrive: people must know, because that city waits for it, or does not know
// that there is something to do.
#include "core/relay/callback_step.h"

namespace citybridge::relay {
namespace {

// Of the two stores and of no task: the cities' exchange waits for it.
void between_stores(const CallbackContext& context, const CityMessageLost& what, CallbackDecision& out) {
    PaperChanged event;
    event.type = "city.undelivered";
    event.id = what.city;
    if (!context.settings.group.empty()) event.groups.push_back(context.settings.group);
    event.json =
        Fields{{"id", what.city}, {"message", what.message}, {"code", what.code}, {"detail", what.detail}}.dump();
    out.events.emplace_back(std::move(event));
}

}  // namespace

Result<CallbackDecision> message_lost(const CallbackContext& context, const CityMessageLost& what) {
    CallbackDecision out;
    const CallbackRecord* row = what.id.empty() ? nullptr : context.view.callback(what.id);
    if (row == nullptr) {
        between_stores(context, what, out);
        return out;
    }
    CallbackChange change = context.change(*row);
    Fields& detail = change.note("system", kUndelivered, what.detail);
    detail["city"] = what.city;
    detail["message"] = what.message;
    detail["code"] = what.code;
    change.event(kUndelivered);
    change.finish(out);
    return out;
}

}  // namespace citybridge::relay
