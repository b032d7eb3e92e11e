// The calls of an outgoing list: one agent takes one entry, calls, and tells what came of it (B16, F6).
#include "core/desk/access.h"
#include "core/desk/customer_steps.h"
#include "core/desk/json_text.h"

namespace citybridge::desk {
namespace {

const std::vector<std::string> kCallers{"agent", "team_lead", "supervisor"};
// Longer than a call: then it was forgotten, and another may have the entry.
constexpr Millis kHold{30 * 60'000};

bool finished(const OutgoingEntryRecord& entry) {
    return entry.state == EntryState::done || entry.state == EntryState::skipped;
}

void put(const Context& context, OutgoingEntryRecord row, Decision& decision) {
    ++row.revision;
    row.updated_at = context.now.wall;
    decision.reply = {200, "/v1/outgoing/entries/" + row.id, dumped(to_json(row))};
    decision.changes.desk.outgoing_entries.push_back(std::move(row));
}

Result<const OutgoingListRecord*> callable(const Context& context, const std::string& id) {
    const Actor& actor = context.actor();
    if (!has_role(actor, kCallers))
        return Error{"auth.forbidden", "calling from a list needs one of the roles " + joined(kCallers)};
    const OutgoingListRecord* list = context.view.outgoing_list(id);
    // Another group's list is none of an agent's business, like its orders.
    if (list == nullptr || (actor.role == "agent" && !list->group.empty() && !listed(actor.groups, list->group)))
        return Error{"outgoing.unknown", "there is no outgoing list " + id + " for you; ask your team lead"};
    return list;
}

Result<> open_now(const OutgoingListRecord& list, WallTime now) {
    if (list.closed_at)
        return Error{"outgoing.closed", "list " + list.id + " is closed; ask your team lead for another"};
    if (now >= list.from && now < list.until) return ok();
    return Error{"outgoing.not_now", "list " + list.id + " is called from " + to_rfc3339(list.from) + " until " +
                                         to_rfc3339(list.until) + "; come back then"};
}

// Of the entry that somebody took: his, or any for who leads.
Result<OutgoingEntryRecord> taken_entry(const Context& context, const std::string& id) {
    const auto list = callable(context, list_of_entry(id));
    if (!list) return list.error();
    const OutgoingEntryRecord* entry = context.view.outgoing_entry(id);
    if (entry == nullptr) return Error{"outgoing.unknown_entry", "there is no entry " + id + " on that list"};
    if (entry->state != EntryState::taken ||
        (context.actor().role == "agent" && entry->taken_by != context.actor().user))
        return Error{"outgoing.not_taken", "you have not taken entry " + id +
                                               ", or somebody else has it by now; take "
                                               "the next one of the list"};
    return *entry;
}

}  // namespace

Result<Decision> take_entry(const Context& context, const TakeEntry& what) {
    const auto list = callable(context, what.list);
    if (!list) return list.error();
    if (auto now = open_now(**list, context.now.wall); !now) return now.error();
    Decision decision;
    const std::vector<OutgoingEntryRecord> next = context.view.outgoing_next(what.list);
    for (const OutgoingEntryRecord& entry : next)
        if (entry.state == EntryState::taken && entry.taken_by == context.actor().user) {
            put(context, entry, decision);
            return decision;
        }
    for (OutgoingEntryRecord entry : next) {
        if (finished(entry) || entry.next_at > context.now.wall) continue;
        const CustomerRecord* customer = context.view.customer_by_number(entry.number);
        if (customer != nullptr && customer->preference == "few_calls") {
            entry.state = EntryState::skipped;
            put(context, std::move(entry), decision);
            continue;
        }
        if (customer != nullptr) entry.customer = customer->id;
        entry.state = EntryState::taken;
        entry.taken_by = context.actor().user;
        entry.next_at = context.now.wall + kHold;
        put(context, std::move(entry), decision);
        return decision;
    }
    decision.reply = {204, "", ""};  // nobody is left whose turn it is now
    return decision;
}

Result<Decision> finish_entry(const Context& context, const FinishEntry& what) {
    auto entry = taken_entry(context, what.entry);
    if (!entry) return entry.error();
    if (what.result == EntryResult::none)
        return Error{"outgoing.bad_result",
                     "result must be one of success, complaint, unreachable, wrong_number, follow_up"};
    const OutgoingListRecord& list = *context.view.outgoing_list(entry->list);
    entry->result = what.result;
    entry->remark = what.remark;
    ++entry->tries;
    entry->state = EntryState::done;
    // Who was not reached is tried once more on the list's last day.
    if (what.result == EntryResult::unreachable && context.now.wall < list.last_day) {
        entry->state = EntryState::waiting;
        entry->taken_by.clear();
        entry->next_at = list.last_day;
    }
    Decision decision;
    put(context, std::move(*entry), decision);
    return decision;
}

Result<Decision> release_entry(const Context& context, const ReleaseEntry& what) {
    auto entry = taken_entry(context, what.entry);
    if (!entry) return entry.error();
    entry->state = EntryState::waiting;
    entry->taken_by.clear();
    entry->next_at = context.now.wall;
    Decision decision;
    put(context, std::move(*entry), decision);
    return decision;
}

}  // namespace citybridge::desk
