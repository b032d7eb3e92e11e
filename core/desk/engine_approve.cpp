// Approvals: one step after the other, never by who asked.
#include <algorithm>

#include "core/desk/engine.h"

namespace citybridge::desk {
namespace {

// The first step from `index` on whose conditions hold.
std::size_t next_step(const ApprovalDef& def, std::size_t index, const Judged& judged) {
    while (index < def.steps.size() && !hold(def.steps[index].when, judged)) ++index;
    return index;
}

bool has_given(const Json& state, std::int64_t step, const std::string& user) {
    const auto given = state.find("given");
    if (given == state.end()) return false;
    return std::any_of(given->begin(), given->end(),
                       [&](const Json& one) { return number_in(one, "step") == step && text_in(one, "by") == user; });
}

std::int64_t given_for(const Json& state, std::int64_t step) {
    const auto given = state.find("given");
    if (given == state.end()) return 0;
    return std::count_if(given->begin(), given->end(), [&](const Json& one) { return number_in(one, "step") == step; });
}

}  // namespace

void Engine::start_approval(const ApprovalDef& def) {
    OrderRecord& order = step_.order();
    Json& state = engine_part(order, "approvals", def.name);
    if (text_in(state, "state") == "open") return;
    state = Json{{"state", "open"}, {"step", 0}, {"given", Json::array()}, {"asker", context_.actor().user}};
    open_approval_step(def, 0);
}

// Null: only whose turn it is approves.
const DirectoryEntry* Engine::deputies_of(const ApprovalStep& step) const {
    if (!step.deputies) return nullptr;
    if (step.by.kind == Recipient::Kind::directory)
        return context_.book.directory.find(step.by.name, context_.settings.city);
    const ChainDef* chain = step.by.kind == Recipient::Kind::chain ? flow_.chain(step.by.name) : nullptr;
    return chain == nullptr ? nullptr : chain_entry(context_.book, context_.settings.city, *chain, step_.order());
}

// Whoever may approve is told: an agent sees no order that nobody asks him about.
std::vector<Target> Engine::asked(const ApprovalStep& step) const {
    std::vector<Target> out;
    if (const DirectoryEntry* entry = deputies_of(step))
        for (const Person& person : entry->people)
            if (serving(person) && !person.user.empty()) out.push_back(of_person(*entry, person));
    return out.empty() ? targets(step.by) : out;
}

void Engine::open_approval_step(const ApprovalDef& def, std::size_t from) {
    OrderRecord& order = step_.order();
    const std::size_t index = next_step(def, from, judged());
    // Fetched anew each time: what is settled moves the parts of the engine's state.
    engine_part(order, "approvals", def.name)["step"] = index;
    step_.settle("approval:" + def.name, DeadlineState::done);
    settle_tellings("approval", def.name, "");
    if (index >= def.steps.size()) {
        engine_part(order, "approvals", def.name)["state"] = "approved";
        return take_if_possible(def.approved, "approval " + def.name);
    }
    const ApprovalStep& step = def.steps[index];
    TellingRecord row;
    row.kind = "approval";
    row.name = def.name;
    row.step = static_cast<std::int64_t>(index);
    row.to_acknowledge = true;
    tell_targets(asked(step), {"screen"}, row);
    if (step.within) step_.set_deadline("approval:" + def.name, "approval", *step.within);
}

void Engine::approval_due(const std::string& name) {
    const ApprovalDef* def = flow_.approval(name);
    const Json* state = find_part(step_.order(), "approvals", name);
    if (def == nullptr || state == nullptr || text_in(*state, "state") != "open") return;
    const auto index = static_cast<std::size_t>(number_in(*state, "step"));
    if (index < def->steps.size() && !def->steps[index].late.empty()) start_escalation(def->steps[index].late);
}

bool Engine::approves(const ApprovalStep& step, const Actor& actor) const {
    using Kind = Recipient::Kind;
    const OrderRecord& order = step_.order();
    const auto among = [&](const DirectoryEntry* entry) {
        return entry != nullptr && std::any_of(entry->people.begin(), entry->people.end(), [&](const Person& person) {
                   return !actor.user.empty() && person.user == actor.user && serving(person);
               });
    };
    switch (step.by.kind) {
        case Kind::role: return actor.role == step.by.name;
        case Kind::user: return actor.user == step.by.name;
        case Kind::group: return listed(actor.groups, step.by.name.empty() ? order.group : step.by.name);
        case Kind::group_lead:
            return actor.role == "team_lead" && !order.group.empty() && listed(actor.groups, order.group);
        case Kind::chain:
        case Kind::directory:
            if (step.deputies) return among(deputies_of(step));
            break;
        case Kind::field:
        case Kind::owner:
        case Kind::asker:
        case Kind::opener:
        case Kind::customer: break;
    }
    const auto list = targets(step.by);
    return std::any_of(list.begin(), list.end(), [&](const Target& target) { return target.user == actor.user; });
}

bool Engine::may_approve(const Context& context, const Flow& flow, const OrderRecord& order, const Actor& actor) {
    if (flow.approvals.empty() || order.engine.find("approvals") == order.engine.end()) return false;
    Step step(context, flow, order, {});
    const Engine engine(context, flow, step, false);
    return std::any_of(flow.approvals.begin(), flow.approvals.end(), [&](const ApprovalDef& def) {
        const Json* state = find_part(order, "approvals", def.name);
        if (state == nullptr || text_in(*state, "state") != "open") return false;
        const auto index = static_cast<std::size_t>(number_in(*state, "step"));
        return index < def.steps.size() && actor.user != opener_of(order) && actor.user != text_in(*state, "asker") &&
               engine.approves(def.steps[index], actor) &&
               !has_given(*state, static_cast<std::int64_t>(index), actor.user);
    });
}

Result<> Engine::approve(bool yes) {
    OrderRecord& order = step_.order();
    const Actor& actor = context_.actor();
    bool open = false;
    for (const ApprovalDef& def : flow_.approvals) {
        if (find_part(order, "approvals", def.name) == nullptr) continue;
        Json& state = engine_part(order, "approvals", def.name);
        const auto index = static_cast<std::size_t>(number_in(state, "step"));
        if (text_in(state, "state") != "open" || index >= def.steps.size()) continue;
        open = true;
        // Nobody approves what he asked for himself, whatever his role.
        if (actor.user == opener_of(order) || actor.user == text_in(state, "asker")) continue;
        if (!approves(def.steps[index], actor) || has_given(state, number_in(state, "step"), actor.user)) continue;
        step_.history().detail["approval"] = def.name;
        step_.history().detail["step"] = index;
        if (!yes) {
            state["state"] = "rejected";
            state["by"] = actor.user;
            step_.settle("approval:" + def.name, DeadlineState::done);
            settle_tellings("approval", def.name, actor.user);
            take_if_possible(def.rejected, "approval " + def.name);
            return ok();
        }
        state["given"].push_back(Json{{"step", index}, {"by", actor.user}, {"at", to_rfc3339(context_.now.wall)}});
        if (given_for(state, static_cast<std::int64_t>(index)) >= def.steps[index].quorum)
            open_approval_step(def, index + 1);
        return ok();
    }
    if (open)
        return Error{"order.not_yours_to_approve",
                     "order " + order.id + " waits for somebody else's word: never for who asked, and from each once"};
    return Error{"order.action_not_possible", "order " + order.id + " waits for nobody's approval"};
}

}  // namespace citybridge::desk
