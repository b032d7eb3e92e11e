// An open order goes over to its flow's newest version: what is due is due as that version says, counted from when it
// was set; what only the old version knew is withdrawn.
#include "core/desk/migration.h"

#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/order_access.h"

namespace citybridge::desk {
namespace {

std::string part_of(const DeadlineRecord& row) { return row.name.substr(row.name.find(':') + 1); }

class Migration {
public:
    Migration(const Context& context, const Flow* from, const Flow& to, Step& step)
        : context_(context), from_(from), to_(to), step_(step) {}

    void run(const std::vector<DeadlineRecord>& open, const std::string& opener) {
        fill_in(opener);
        for (const DeadlineRecord& row : open)
            if (row.kind == "follow_up") follow_up(row);
        // After those they hang on.
        for (const DeadlineRecord& row : open)
            if (row.kind != "follow_up") other(row);
    }

private:
    void fill_in(const std::string& opener) {
        OrderRecord& order = step_.order();
        order.flow_version = to_.version;
        for (const FieldDef& field : to_.fields)
            if (field.required && !field.fallback.is_null() && !order.fields.contains(field.name))
                order.fields[field.name] = field.fallback;
        if (opener_of(order).empty() && !opener.empty()) order.engine["opener"] = opener;
        const auto chains = order.engine.find("chains");
        if (chains == order.engine.end()) return;
        // A place in a list of people means nothing in another list.
        for (auto it = chains->begin(); it != chains->end();) it = same_chain(it.key()) ? it + 1 : chains->erase(it);
        if (chains->empty()) order.engine.erase("chains");
    }

    bool same_chain(const std::string& name) const {
        const ChainDef* now = to_.chain(name);
        const ChainDef* before = from_ == nullptr ? now : from_->chain(name);
        return now != nullptr && before != nullptr && now->entry == before->entry && now->field == before->field;
    }

    void withdraw(const DeadlineRecord& row) {
        step_.settle_one(row, DeadlineState::cancelled);
        step_.history().detail[row.name + ".withdrawn"] = to_rfc3339(row.due_at);
    }

    // Counted from the same moment.
    void again(const DeadlineRecord& before, const Term& term) {
        DeadlineRecord row = before;
        if (term.by_clock) {
            row.due_at = row.from_at + term.rule.after;
            row.rule.clear();
            row.calendar.clear();
            row.provisional = false;
        } else {
            set_due(row, context_.calendars, term.calendar.empty() ? to_.calendar : term.calendar, term.rule,
                    before.from_at);
        }
        put(before, row);
    }

    void put(const DeadlineRecord& before, const DeadlineRecord& row) {
        if (row == before) return;
        step_.correct(row);
        if (row.due_at == before.due_at) return;
        step_.history().detail[row.name + ".due_before"] = to_rfc3339(before.due_at);
        step_.history().detail[row.name + ".due_at"] = to_rfc3339(row.due_at);
    }

    void follow_up(const DeadlineRecord& row) {
        const FollowUpDef* def = to_.follow_up(row.name);
        def == nullptr ? withdraw(row) : again(row, def->term);
    }

    void other(const DeadlineRecord& row) {
        const std::string name = part_of(row);
        if (row.kind == "reminder") return reminder(row, to_.follow_up(name));
        if (row.kind == "approval") return approval(row, to_.approval(name));
        if (row.kind == "escalation") return escalation(row, to_.escalation(name));
        if (row.kind == "confirmation") {
            const auto at = static_cast<std::size_t>(std::strtoul(name.c_str(), nullptr, 10));
            if (at < to_.tells.size() && to_.tells[at].confirm_within) again(row, *to_.tells[at].confirm_within);
        }
        if (row.kind == kIdle) {
            Term term;
            term.rule = to_.idle_after.value_or(context_.book.idle_after);
            again(row, term);
        }
        // That the ERP hears of a message sent already is nothing a version changes.
    }

    void reminder(const DeadlineRecord& row, const FollowUpDef* def) {
        const auto due = def == nullptr ? std::nullopt : step_.due_of(def->name);
        if (!due || !def->remind_before) return withdraw(row);
        Term term = def->term;
        if (!term.by_clock && term.rule.after > *def->remind_before && !term.rule.next_day_at) {
            term.rule.after -= *def->remind_before;
            return again(row, term);
        }
        DeadlineRecord fixed = row;
        fixed.due_at = *due - *def->remind_before;
        fixed.rule.clear();
        fixed.calendar.clear();
        fixed.provisional = false;
        put(row, fixed);
    }

    void approval(const DeadlineRecord& row, const ApprovalDef* def) {
        const Json* state = find_part(step_.order(), "approvals", part_of(row));
        if (def == nullptr || state == nullptr) return withdraw(row);
        const auto& within = def->steps.at(static_cast<std::size_t>(number_in(*state, "step"))).within;
        within ? again(row, *within) : withdraw(row);
    }

    void escalation(const DeadlineRecord& row, const EscalationDef* def) {
        const Json* state = find_part(step_.order(), "escalations", part_of(row));
        // Without a rule it waits for the end of quiet hours, or by the clock.
        if (def == nullptr || state == nullptr || row.rule.empty()) return;
        const auto index = static_cast<std::size_t>(number_in(*state, "step"));
        const auto waiting = waiting_tellings(step_.order());
        const bool told = std::any_of(waiting.begin(), waiting.end(), [&](const TellingRecord& telling) {
            return telling.kind == "escalation" && telling.name == def->name;
        });
        Term term;
        term.by_clock = def->by_clock;
        if (index > 0 && told) term.rule.after = def->steps[index - 1].ack_within.value_or(Millis{0});
        if (index < def->steps.size()) term.rule.after += def->steps[index].after;
        again(row, term);
    }

    const Context& context_;
    const Flow* from_;
    const Flow& to_;
    Step& step_;
};

}  // namespace

Result<Decision> migrate_order(const Context& context, const MigrateOrder& what) {
    const OrderRecord* before = context.view.order(what.order);
    if (before == nullptr || before->closed_at || before->flow_version == what.version) return Decision{};
    const Flow* to = context.flows.find(before->kind);
    if (to == nullptr || to->version != what.version)
        return Error{"flow.unknown", "version " + std::to_string(what.version) + " of " + before->kind +
                                         " is not the newest any more; ask for the newest"};
    const Flow* from = context.flows.find(before->kind, before->flow_version);
    if (from->version != before->flow_version) from = nullptr;
    if (const auto obstacles = migration_obstacles(from, *to, *before); !obstacles.empty())
        return Error{"flow.migration_refused", "order " + before->id + " cannot go over to version " +
                                                   std::to_string(to->version) + ": " + joined(obstacles)};
    const auto open = context.view.open_deadlines(what.order);
    Step step(context, *to, *before, open);
    step.history().action = "migrated";
    step.history().detail["from_version"] = before->flow_version;
    step.history().detail["to_version"] = to->version;
    Migration(context, from, *to, step).run(open, what.opener);
    Decision decision = step.finish(OrderChanged::What::changed, 200);
    decision.reply = {};
    return decision;
}

}  // namespace citybridge::desk
