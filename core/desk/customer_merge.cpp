// Two entries of one person become one.
#include "core/api/records_json.h"
#include "core/desk/access.h"
#include "core/desk/customer_steps.h"
#include "core/desk/json_text.h"
#include "core/desk/number_age.h"
#include "core/desk/written_messages.h"

namespace citybridge::desk {
namespace {

const std::vector<std::string> kMergers{"team_lead", "supervisor", "admin"};

Result<CustomerRecord> mergeable(const Context& context, const std::string& id) {
    const CustomerRecord* row = context.view.customer(id);
    if (row == nullptr) return Error{"customer.unknown", "there is no customer " + id + "; check the id"};
    if (row->erased)
        return Error{"customer.unknown",
                     "the data of customer " + id + " was erased on request; nothing is left of him"};
    return *row;
}

// What `into` does not know yet he gets of `from`; what both know stays `into`'s.
void take_over(const CustomerRecord& from, CustomerRecord& into) {
    if (into.name.empty()) into.name = from.name;
    if (into.city.empty()) into.city = from.city;
    // Asked once in a customer's life (A5): the answer that was given first is the older entry's.
    if (into.source.empty() || (!from.source.empty() && from.created_at < into.created_at)) into.source = from.source;
    // Who asked not to be called means himself, whichever entry he was told of under (A11).
    if (into.preference.empty()) into.preference = from.preference;
    for (const std::string& number : from.numbers)
        if (!listed(into.numbers, number)) into.numbers.push_back(number);
    for (const auto& [number, kind] : from.number_kinds.items())
        if (!into.number_kinds.contains(number)) into.number_kinds[number] = kind;
    if (into.preferred_number.empty()) into.preferred_number = from.preferred_number;
    for (const auto& [name, value] : from.fields.items())
        if (!into.fields.contains(name)) into.fields[name] = value;
}

CustomerRecord redirecting(const Context& context, const CustomerRecord& from, const std::string& into) {
    CustomerRecord row;
    row.id = from.id;
    row.city = from.city;
    row.created_at = from.created_at;
    row.updated_at = context.now.wall;
    row.revision = from.revision + 1;
    row.merged_into = into;
    return row;
}

Decision answered(const CustomerRecord& row) {
    Decision decision;
    decision.reply = {200, "/v1/customers/" + row.id, dumped(to_json(row))};
    return decision;
}

}  // namespace

Result<Decision> merge_customers(const Context& context, const MergeCustomers& what) {
    if (!has_role(context.actor(), kMergers))
        return Error{"auth.forbidden", "merging customers needs one of the roles " + joined(kMergers)};
    if (what.into == what.from)
        return Error{"customer.bad_fields", "a customer cannot be merged with himself; name the other entry in from"};
    auto into = mergeable(context, what.into);
    if (!into) return into.error();
    if (!into->merged_into.empty())
        return Error{"customer.merged",
                     "customer " + what.into + " was merged into " + into->merged_into + "; merge with that one"};
    auto from = mergeable(context, what.from);
    if (!from) return from.error();
    if (from->merged_into == what.into) return answered(*into);  // two people meant the same
    if (!from->merged_into.empty())
        return Error{"customer.merged", "customer " + what.from + " was merged into " + from->merged_into +
                                            " already; merge that one if he is the same person too"};
    CustomerMergeRecord merge;
    merge.from = what.from;
    merge.into = what.into;
    merge.by = context.actor().user;
    merge.at = context.now.wall;
    merge.before = {{"from", to_json(*from)}, {"into", to_json(*into)}};
    const std::vector<std::string> before = into->numbers;
    take_over(*from, *into);
    ++into->revision;
    into->updated_at = context.now.wall;
    Decision decision = answered(*into);
    decision.changes.customers = {redirecting(context, *from, what.into), *into};
    decision.changes.desk.merges.push_back(std::move(merge));
    merge_message_budgets(context, what.from, what.into, decision.changes);
    note_new_numbers(context, before, decision.changes.customers.back().numbers, decision.changes);
    return decision;
}

}  // namespace citybridge::desk
