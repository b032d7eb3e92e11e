// A step of a callback between cities: what the protocol asks of the desk's
// rows and hours, and what it decided as a step of the desk.
#include "core/desk/city_messages.h"
#include "core/desk/context.h"
#include "core/desk/order_access.h"

namespace citybridge::desk {
namespace {

class DeskRows final : public relay::CallbackView {
public:
    explicit DeskRows(const Context& context) : context_(context) {}

    const CallbackRecord* callback(const std::string& id) const override { return context_.view.callback(id); }
    const CityRecord* city(const std::string& id) const override { return context_.view.city(id); }
    std::vector<const CallbackRecord*> open_callbacks(const std::string& city) const override {
        return context_.view.open_callbacks(city);
    }
    std::vector<const CallbackRecord*> ended_callbacks(const std::string& city) const override {
        return context_.view.ended_callbacks(city);
    }
    bool inbox_has(const std::string& source, const std::string& id) const override {
        return context_.view.inbox_has(source, id);
    }
    std::vector<relay::Candidate> candidates(const std::string& skill) const override {
        std::vector<relay::Candidate> out;
        for (const UserRecord* user : context_.view.people()) {
            if (user->role != "agent" || !context_.view.signed_in(*user)) continue;
            if (!skill.empty() && !context_.view.has_skill(*user, skill)) continue;
            out.push_back(
                {user->name, context_.view.open_orders(user->name) + context_.view.assigned_callbacks(user->name)});
        }
        return out;
    }
    WallTime next_opening(WallTime time) const override { return context_.calendar.next_opening(time); }

private:
    const Context& context_;
};

bool leads_callbacks(const Actor& actor) {
    return actor.role == "team_lead" || actor.role == "supervisor" || actor.role == "admin";
}

// Who finds the customer's record sees the task there.
void find_customers(const View& view, std::vector<CallbackRecord>& rows) {
    for (CallbackRecord& row : rows) {
        if (!row.customer.empty() || row.number.empty()) continue;
        if (const CustomerRecord* customer = view.customer_by_number(row.number)) row.customer = customer->id;
    }
}

}  // namespace

std::optional<relay::CityMessageLost> city_message_lost(const OutboxRecord& message) {
    if (message.kind != "city_message" || !will_not_arrive(message)) return std::nullopt;
    relay::CityMessageLost out;
    if (message.key.starts_with("cb_")) out.id = message.key;
    out.city = message.destination.substr(message.destination.find('.') + 1);
    out.message = message.id;
    out.code = message.state == OutboxState::cancelled ? "cancelled" : message.last_code;
    out.detail = message.last_detail;
    return out;
}

Result<Decision> step_callback(const Context& context, const decltype(relay::CallbackInput::what)& what) {
    const DeskRows rows(context);
    const relay::CallbackInput input{{context.actor().user, leads_callbacks(context.actor())}, what};
    auto decided = relay::apply_callback(context.settings.cities.callbacks, rows, input, context.now);
    if (!decided) return decided.error();
    find_customers(context.view, decided->changes.callback.callbacks);
    Decision out;
    for (Event& event : decided->events) out.events.push_back(std::move(event));
    // What makes a person's phone ring is a command, committed with the task that it is for (P6).
    if (const auto* act = std::get_if<relay::ActOnCallback>(&what);
        act != nullptr && act->what == relay::ActOnCallback::What::dial) {
        CommandRecord command;
        command.id = act->command;
        command.user = context.actor().user;
        command.kind = "dial";
        command.detail["callback"] = act->id;
        command.at = command.updated_at = context.now.wall;
        decided->changes.commands.push_back(std::move(command));
    }
    Fields body{{"status", decided->result.empty() ? "done" : decided->result}};
    const bool opened = std::holds_alternative<relay::OfferCallback>(what);
    // Nobody reads what became of another city's message, of a deadline, of a dialling.
    const bool asked = opened || std::holds_alternative<relay::ActOnCallback>(what);
    if (asked && !decided->changes.callback.callbacks.empty())
        body = relay::callback_json(decided->changes.callback.callbacks.back());
    out.changes = std::move(decided->changes);
    out.reply = {opened ? 201 : 200, opened ? "/v1/callbacks/" + decided->id : "", body.dump()};
    return out;
}

}  // namespace citybridge::desk
