// Somebody is told: a row that says so, an event for the screen, a message in the outbox. What is written to him
// stands in no row: the message names the template and is filled in when it is sent (P10).
#include <algorithm>

#include "core/desk/engine.h"
#include "core/desk/sms_text_rules.h"

namespace citybridge::desk {

// A customer may be left in peace; nobody else can ask for it but by the blacklist.
std::string Engine::why_not_written_to(const Target& target, const std::string& channel,
                                       const std::string& address) const {
    const BlockedAddressRecord* blocked = context_.view.blocked(address, channel);
    if (blocked != nullptr && blocked->blocked) return "blocked";
    if (!target.reference.contains("customer")) return {};
    const CustomerRecord* customer = context_.view.customer(step_.order().customer);
    return customer != nullptr && customer->preference == "no_messages" ? "no_messages" : "";
}

std::optional<WallTime> Engine::quiet_for(const Target& target) const {
    const auto& quiet = context_.book.messages.quiet;
    if (!quiet || !target.reference.contains("customer")) return std::nullopt;
    return desk::quiet_until(*quiet, context_.calendar, context_.now.wall);
}

namespace {

// Where its list of channels stands, should this one not reach him.
Json part_of_flow(const TellingRecord& row) { return {{"kind", row.kind}, {"name", row.name}, {"step", row.step}}; }

// Whose answer is waited for is asked to reply to the mail (E3). A step of an escalation may be acknowledged in other
// ways too; what must be confirmed is not sent by a connector that knows no replies.
void ask_for_reply(const TellingRecord& row, const std::string& channel, Json& payload) {
    if (channel != "email" || !row.to_acknowledge || row.kind == "approval") return;
    payload["confirm"] = row.kind == "tell" ? Json(true) : Json("if_possible");
}

}  // namespace

bool Engine::put_telling(const Target& target, const std::string& channel, TellingRecord row) {
    OrderRecord& order = step_.order();
    row.order = order.id;
    row.id = order.id + "." + std::to_string(order.history_n) + "." + std::to_string(++tellings_);
    row.channel = channel;
    row.at = context_.now.wall;
    row.to_user = target.user;
    row.to_role = target.role;
    row.to_group = target.group;
    row.to_person = target.person;
    if (channel == "screen" && target.user.empty() && target.role.empty() && target.group.empty()) return false;
    if (channel == "phone") {
        // A person rings him: the owner gets the task, whoever is to be rung stands in it.
        if (target.phone.empty() && target.user.empty()) return false;
        row.to_person = target.person.empty() ? target.user : target.person;
        row.to_user = order.owner;
        row.to_group = order.owner.empty() ? order.group : std::string();
        row.to_role.clear();
        if (row.to_user.empty() && row.to_group.empty()) row.to_role = "team_lead";
    }
    if (channel == "email" || channel == "sms") {
        const auto connector = context_.book.channels.find(channel);
        const std::string& address = channel == "email" ? target.email : target.phone;
        if (connector == context_.book.channels.end() || address.empty() || row.message.empty()) return false;
        if (const std::string why = why_not_written_to(target, channel, address); !why.empty()) {
            step_.history().detail["not_written_to"] = why;
            return false;
        }
        Json payload{{"template", row.message}, {"flow", flow_.kind}, {"version", flow_.version}, {"channel", channel},
                     {"to", target.reference},  {"order", order.id},  {"part", part_of_flow(row)}};
        ask_for_reply(row, channel, payload);
        row.outbox =
            step_.put_message_of(connector->second, "tell_" + channel, payload.dump(), tellings_, quiet_for(target));
    }
    step_.tell_user(row.to_user);
    step_.tell_group(row.to_group);
    if (row.to_acknowledge) keep_waiting(order, row);
    step_.changes().tellings.push_back(std::move(row));
    return true;
}

std::size_t Engine::tell_targets(const std::vector<Target>& list, const std::vector<std::string>& channels,
                                 const TellingRecord& like) {
    std::size_t told = 0;
    for (const Target& target : list)
        for (const std::string& channel : channels)
            if (put_telling(target, channel, like)) {
                ++told;
                break;
            }
    return told;
}

void Engine::tell(const TellDef& def, std::size_t index) {
    if (!hold(def.when, judged())) return;
    TellingRecord row;
    row.kind = "tell";
    row.name = std::to_string(index);
    row.message = def.message;
    row.to_acknowledge = def.confirm_within.has_value();
    const std::size_t told = tell_targets(targets(def.to), def.channels, row);
    if (told == 0) step_.history().detail["told_nobody"] = def.message.empty() ? "tell" : def.message;
    if (!def.confirm_within || flow_.is_closed(step_.order().state)) return;
    const std::string name = "confirm:" + std::to_string(index);
    step_.settle(name, DeadlineState::cancelled);
    step_.set_deadline(name, "confirmation", *def.confirm_within);
}

void Engine::confirmation_due(const std::string& deadline) {
    const std::string index = deadline.substr(std::string("confirm:").size());
    settle_tellings("tell", index, "");
    const auto at = static_cast<std::size_t>(std::strtoul(index.c_str(), nullptr, 10));
    if (at < flow_.tells.size()) start_escalation(flow_.tells[at].unconfirmed);
}

void Engine::remind(const FollowUpDef& follow_up) {
    TellingRecord row;
    row.kind = "reminder";
    row.name = follow_up.name;
    tell_targets(targets({Recipient::Kind::owner, {}}), {"screen"}, row);
    happened({Trigger::Kind::reminder, follow_up.name});
}

void Engine::idle_due() {
    TellingRecord row;
    row.kind = row.name = kIdle;
    std::size_t told = tell_targets(targets({Recipient::Kind::owner, {}}), {"screen"}, row);
    if (step_.order().owner.empty()) told += tell_targets(targets({Recipient::Kind::group_lead, {}}), {"screen"}, row);
    if (told == 0) step_.history().detail["told_nobody"] = kIdle;
}

void Engine::settle_tellings(const std::string& kind, const std::string& name, const std::string& by) {
    OrderRecord& order = step_.order();
    for (TellingRecord& row : waiting_tellings(order)) {
        if (row.kind != kind || row.name != name) continue;
        drop_waiting(order, row.id);
        row.settled_at = context_.now.wall;
        row.settled_by = by;
        step_.changes().tellings.push_back(std::move(row));
    }
}

void Engine::acknowledged(const TellingRecord& row, const std::string& by) {
    step_.history().detail["acknowledged"] = row.kind == "tell" ? "tell" : row.name;
    settle_tellings(row.kind, row.name, by);
    if (row.kind == "tell") step_.settle("confirm:" + row.name, DeadlineState::done);
    const EscalationDef* def = row.kind == "escalation" ? flow_.escalation(row.name) : nullptr;
    if (def != nullptr) end_escalation(*def, "acknowledged");
}

bool Engine::message_confirmed(const std::string& outbox, const std::string& by) {
    for (const TellingRecord& row : waiting_tellings(step_.order())) {
        if (row.outbox != outbox || row.kind == "approval") continue;
        acknowledged(row, by);
        return true;
    }
    return false;
}

bool Engine::message_undelivered(const std::string& outbox) {
    const auto waiting = waiting_tellings(step_.order());
    for (const TellingRecord& row : waiting) {
        if (row.outbox != outbox || row.kind == "approval") continue;
        TellingRecord settled = row;
        drop_waiting(step_.order(), row.id);
        settled.settled_at = context_.now.wall;
        step_.changes().tellings.push_back(std::move(settled));
        // Somebody else was told of the same, and may still answer.
        const bool others = std::any_of(waiting.begin(), waiting.end(), [&](const TellingRecord& one) {
            return one.id != row.id && one.kind == row.kind && one.name == row.name;
        });
        if (others) return true;
        if (row.kind == "tell") {
            step_.settle("confirm:" + row.name, DeadlineState::cancelled);
            confirmation_due("confirm:" + row.name);
        } else if (row.kind == "escalation") {
            step_.settle("escalation:" + row.name, DeadlineState::cancelled);
            escalation_due(row.name);
        }
        return true;
    }
    return false;
}

bool Engine::acknowledge() {
    const Actor& actor = context_.actor();
    const auto concerns = [&](const TellingRecord& row) {
        if (row.to_user == actor.user && !row.to_user.empty()) return true;
        const bool group = row.to_group.empty() || listed(actor.groups, row.to_group);
        if (!row.to_role.empty()) return row.to_role == actor.role && group;
        if (!row.to_group.empty()) return group;
        // A person outside cannot do it himself: whoever works on the order writes down that he answered.
        return row.to_user.empty();
    };
    bool any = false;
    for (const TellingRecord& row : waiting_tellings(step_.order())) {
        if (row.kind == "approval" || (!concerns(row) && actor.role != "supervisor" && actor.role != "admin")) continue;
        // One acknowledgement ends the whole of what it belongs to; its other tellings may be settled already.
        any = true;
        acknowledged(row, actor.user);
    }
    return any;
}

}  // namespace citybridge::desk
