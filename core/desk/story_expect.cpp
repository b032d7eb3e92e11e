// What a story expects: of an order, its deadlines, tellings, messages, history.
#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/engine.h"
#include "core/desk/story_play.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

std::string field_text(const Fields& fields, const std::string& name) {
    const auto it = fields.find(name);
    if (it == fields.end() || it->is_null()) return {};
    return it->is_string() ? it->get<std::string>() : it->dump();
}

std::string who_of(const TellingRecord& row) {
    if (!row.to_person.empty()) return row.to_person;
    if (!row.to_user.empty()) return row.to_user;
    if (!row.to_role.empty()) return "role:" + row.to_role;
    return "group:" + row.to_group;
}

bool is_told(const TellingRecord& row, const std::string& who) {
    return who == row.to_user || who == row.to_person || who == "role:" + row.to_role || who == "group:" + row.to_group;
}

// `count` of the step, or at least one.
bool enough(const StoryStep& part, std::size_t found) {
    return part.has("count") ? std::to_string(found) == part["count"] : found > 0;
}

std::string wanted(const StoryStep& part) { return part.has("count") ? part["count"] : "at least one"; }

}  // namespace

void StoryPlay::expect(const StoryStep& step) {
    const OrderRecord* about = order(step);
    if (about == nullptr) return;
    last_ = about->id;
    expect_order(step, *about);
    for (const StoryStep& part : step.parts) expect_part(part, *about);
}

void StoryPlay::expect_order(const StoryStep& step, const OrderRecord& order) {
    if (step.has("state")) same(step, "the state", order.state, step["state"]);
    if (step.has("owner")) same(step, "the owner", order.owner, step["owner"]);
    if (step.has("group")) same(step, "the group", order.group, step["group"]);
    if (step.has("kind")) same(step, "the kind", order.kind, step["kind"]);
    if (step.has("external")) same(step, "the ERP's number", order.external_id, step["external"]);
    if (step.has("closed")) same(step, "closed", order.closed_at ? "true" : "false", step["closed"]);
    if (!step.has("same_as")) return;
    const auto other = names_.find(step["same_as"]);
    if (other == names_.end() || other->second != order.id)
        say(step.where, "order " + order.id + " is not the one called " + step["same_as"]);
}

void StoryPlay::expect_part(const StoryStep& part, const OrderRecord& order) {
    if (part.what == "field")
        return same(part, "field " + part["name"], field_text(order.fields, part["name"]), part["value"]);
    if (part.what == "told") return expect_told(part, order);
    if (part.what == "sent") return expect_sent(part, order);
    if (part.what == "history") return expect_history(part, order);
    if (part.what == "chain") return expect_chain(part, order);
    if (part.what == "may") return expect_may(part, order);
    expect_due(part, order);
}

void StoryPlay::expect_due(const StoryStep& part, const OrderRecord& order) {
    const DeadlineRecord* latest = nullptr;
    for (const auto& [key, row] : view_.deadlines)
        if (row.order == order.id && row.name == part["follow_up"] && (latest == nullptr || row.n > latest->n))
            latest = &row;
    if (part.what == "not_due") {
        if (latest != nullptr && latest->state == DeadlineState::open)
            say(part.where, part["follow_up"] + " is due at " + local(latest->due_at) + ", and should not be set");
        return;
    }
    if (latest == nullptr) return say(part.where, part["follow_up"] + " was never set");
    same(part, part["follow_up"], std::string(to_string(latest->state)), part.has("state") ? part["state"] : "open");
    if (part.has("at")) same(part, part["follow_up"] + "'s time", local(latest->due_at), part["at"]);
}

void StoryPlay::expect_told(const StoryStep& part, const OrderRecord& order) {
    std::size_t found = 0;
    std::string all;
    for (const auto& [id, row] : view_.tellings) {
        if (row.order != order.id) continue;
        all += " " + who_of(row) + "/" + row.channel + "/" + row.message;
        const bool right = (!part.has("to") || is_told(row, part["to"])) &&
                           (!part.has("by") || row.channel == part["by"]) &&
                           (!part.has("message") || row.message == part["message"]);
        if (right) ++found;
    }
    if (!enough(part, found))
        say(part.where, "told " + std::to_string(found) + " times, not " + wanted(part) +
                            "; tellings:" + (all.empty() ? " none" : all));
}

void StoryPlay::expect_sent(const StoryStep& part, const OrderRecord& order) {
    std::size_t found = 0;
    std::string all;
    for (const auto& [id, row] : view_.outbox) {
        if (row.order != order.id || row.kind == "event") continue;
        all += " " + row.destination + "/" + row.kind;
        if (row.destination == part["to"] && row.kind == part["message"] &&
            row.payload.find(part["has"]) != std::string::npos)
            ++found;
    }
    if (!enough(part, found))
        say(part.where, "sent " + std::to_string(found) + " times, not " + wanted(part) +
                            "; messages:" + (all.empty() ? " none" : all));
}

void StoryPlay::expect_history(const StoryStep& part, const OrderRecord& order) {
    std::size_t found = 0;
    std::string all;
    for (const auto& [key, row] : view_.history) {
        if (row.order != order.id) continue;
        all += " " + row.action;
        if (row.action == part["action"] && (!part.has("by") || row.actor == part["by"])) ++found;
    }
    if (!enough(part, found))
        say(part.where, "in the history " + std::to_string(found) + " times, not " + wanted(part) + "; history:" + all);
}

void StoryPlay::expect_chain(const StoryStep& part, const OrderRecord& order) {
    const nlohmann::ordered_json* state = find_part(order, "chains", part["name"]);
    const auto position = std::to_string(state == nullptr ? 0 : number_in(*state, "position"));
    if (part.has("position")) same(part, "the chain's position", position, part["position"]);
    const Person* person =
        chain_person(desk_->book(), file_.city, *flow_, order, part["name"], calendar_->local_day(now_));
    if (part.has("person"))
        same(part, "whose turn it is", person == nullptr ? std::string() : person->name, part["person"]);
}

void StoryPlay::expect_may(const StoryStep& part, const OrderRecord& order) {
    const auto who = actor(part, part["by"]);
    if (!who) return;
    const std::vector<std::string> actions =
        possible_actions({*flow_, order, *who, desk_->calendars().get(), now_, std::nullopt, nullptr});
    for (const std::string& action : split_words(part["do"]))
        if (!listed(actions, action))
            say(part.where, part["by"] + " may not do " + action + ", only " + joined(actions));
    for (const std::string& action : split_words(part["not"]))
        if (listed(actions, action)) say(part.where, part["by"] + " may do " + action + ", and should not");
}

void StoryPlay::count(const StoryStep& step) {
    std::size_t found = 0;
    for (const auto& [id, row] : view_.orders)
        if (row.kind == (step.has("kind") ? step["kind"] : file_.kind) &&
            (!step.has("state") || row.state == step["state"]) && (!step.has("owner") || row.owner == step["owner"]) &&
            (!step.has("group") || row.group == step["group"]) &&
            (!step.has("field") || field_text(row.fields, step["field"]) == step["value"]))
            ++found;
    same(step, "the number of orders", std::to_string(found), step["is"]);
}

}  // namespace citybridge::desk
