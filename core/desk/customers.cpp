// Steps of customers.
#include <algorithm>

#include "core/api/records_json.h"
#include "core/desk/access.h"
#include "core/desk/json_text.h"
#include "core/desk/number_age.h"
#include "core/desk/step.h"

namespace citybridge::desk {
namespace {

const std::vector<std::string> kSavers{"agent", "team_lead", "supervisor", "admin"};
const std::vector<std::string> kErasers{"supervisor", "admin"};

Decision decided(CustomerRecord row, int status) {
    Decision decision;
    decision.reply = {status, "/v1/customers/" + row.id, dumped(to_json(row))};
    decision.changes.customers.push_back(std::move(row));
    return decision;
}

Result<CustomerRecord> known_customer(const Context& context, const std::string& id) {
    const CustomerRecord* known = context.view.customer(id);
    if (known == nullptr) return Error{"customer.unknown", "there is no customer " + id + "; check the id"};
    if (known->erased)
        return Error{"customer.unknown",
                     "the data of customer " + id + " was erased on request; create a new customer"};
    if (!known->merged_into.empty())
        return Error{"customer.merged", "customer " + id + " was merged into " + known->merged_into + "; use that id"};
    return *known;
}

Result<> check_numbers(const SaveCustomer& what, const CustomerRecord& row) {
    static const std::vector<std::string> kNumberKinds{"mobile", "home", "office"};
    const std::vector<std::string>& numbers = what.numbers ? *what.numbers : row.numbers;
    for (const auto& [number, kind] : what.number_kinds.items()) {
        if (!kind.is_null() && (!kind.is_string() || !listed(kNumberKinds, kind.get<std::string>())))
            return Error{"customer.bad_fields",
                         "the kind of number " + number + " must be one of " + joined(kNumberKinds)};
        if (!kind.is_null() && !listed(numbers, number))
            return Error{"customer.bad_fields", "number_kinds names " + number + ", which is none of his numbers"};
    }
    if (what.preferred_number && !what.preferred_number->empty() && !listed(numbers, *what.preferred_number))
        return Error{"customer.bad_fields",
                     "preferred_number " + *what.preferred_number + " is none of his numbers; add it to numbers"};
    return ok();
}

Result<> check(const Context& context, const SaveCustomer& what, const CustomerRecord& row) {
    if (what.revision && *what.revision != row.revision)
        return Error{"customer.changed_meanwhile",
                     "customer " + row.id + " is at revision " + std::to_string(row.revision) + ", not " +
                         std::to_string(*what.revision) + "; read it again and decide with what is there now"};
    if (what.preference && !what.preference->empty() && *what.preference != "few_calls" &&
        *what.preference != "no_messages")
        return Error{"customer.bad_fields",
                     "preference must be few_calls, no_messages or empty, not \"" + *what.preference + "\""};
    if (!what.fields.is_object() && !what.fields.is_null())
        return Error{"customer.bad_fields", "fields must be a JSON object"};
    for (const auto& [name, value] : what.fields.items())
        if (!value.is_null() && !value.is_string() && !value.is_boolean() && !value.is_number_integer())
            return Error{"customer.bad_fields",
                         "field \"" + name + "\" must be text, a whole number, true, false or null"};
    if (auto numbers = check_numbers(what, row); !numbers) return numbers;
    for (const std::string& number : what.numbers.value_or(std::vector<std::string>{})) {
        const CustomerRecord* holder = context.view.customer_by_number(number);
        if (holder != nullptr && holder->id != row.id)
            return Error{"customer.number_taken", "number " + number + " belongs to customer " + holder->id +
                                                      "; use that one, or remove the number there first"};
    }
    return ok();
}

void lay_over(const SaveCustomer& what, CustomerRecord& row) {
    if (what.name) row.name = *what.name;
    if (what.city) row.city = *what.city;
    if (what.preference) row.preference = *what.preference;
    // Asked once in a customer's life (A5): the first answer stays.
    if (what.source && row.source.empty()) row.source = *what.source;
    if (what.numbers) {
        row.numbers.clear();
        for (const std::string& number : *what.numbers)
            if (!number.empty() && !listed(row.numbers, number)) row.numbers.push_back(number);
    }
    if (what.preferred_number) row.preferred_number = *what.preferred_number;
    if (!listed(row.numbers, row.preferred_number)) row.preferred_number.clear();
    Fields kinds = Fields::object();
    for (const std::string& number : row.numbers) {
        const auto given = what.number_kinds.find(number);
        const auto before = std::as_const(row.number_kinds).find(number);
        if (given != what.number_kinds.end() && !given->is_null()) kinds[number] = *given;
        if (given == what.number_kinds.end() && before != row.number_kinds.cend()) kinds[number] = *before;
    }
    row.number_kinds = std::move(kinds);
    for (const auto& [name, value] : what.fields.items()) {
        if (value.is_null())
            row.fields.erase(name);
        else
            row.fields[name] = value;
    }
}

// What an order keeps shows that there was one, not whose.
void erase_from_order(const Context& context, const std::string& customer, const std::string& id, Decision& decision) {
    const OrderRecord* order = context.view.order(id);
    if (order == nullptr || order->customer != customer) return;
    static const Flow kNone;
    const Flow* flow = context.flows.find(order->kind);
    Step step(context, flow == nullptr ? kNone : *flow, *order, context.view.open_deadlines(id));
    step.history().action = "erased";
    Fields& fields = step.order().fields;
    if (flow == nullptr) fields = Fields::object();
    for (const FieldDef& field : flow == nullptr ? kNone.fields : flow->fields)
        if (field.personal) fields.erase(field.name);
    Decision one = step.finish(OrderChanged::What::changed, 200);
    const auto append = [](auto& to, auto& from) {
        to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    append(decision.changes.orders, one.changes.orders);
    append(decision.changes.history, one.changes.history);
    append(decision.changes.outbox, one.changes.outbox);
    append(decision.events, one.events);
}

}  // namespace

Result<Decision> save_customer(const Context& context, const SaveCustomer& what) {
    if (!has_role(context.actor(), kSavers))
        return Error{"auth.forbidden", "changing customers needs one of the roles " + joined(kSavers)};
    CustomerRecord row;
    if (what.id.empty()) {
        row.id = "cus_" + context.request.id;
        row.city = context.settings.city;
        row.created_at = context.now.wall;
    } else {
        auto known = known_customer(context, what.id);
        if (!known) return known.error();
        row = std::move(*known);
    }
    if (auto fine = check(context, what, row); !fine) return fine.error();
    const std::vector<std::string> before = row.numbers;
    lay_over(what, row);
    ++row.revision;
    row.updated_at = context.now.wall;
    const std::vector<std::string> numbers = row.numbers;
    Decision decision = decided(std::move(row), what.id.empty() ? 201 : 200);
    if (!what.id.empty()) note_new_numbers(context, before, numbers, decision.changes);
    return decision;
}

Result<Decision> erase_customer(const Context& context, const EraseCustomer& what) {
    if (!has_role(context.actor(), kErasers))
        return Error{"auth.forbidden", "erasing a customer needs one of the roles " + joined(kErasers)};
    auto known = known_customer(context, what.id);
    if (!known) return known.error();
    CustomerRecord row;
    row.id = known->id;
    row.city = known->city;
    row.created_at = known->created_at;
    row.updated_at = context.now.wall;
    row.revision = known->revision + 1;
    row.erased = true;
    Decision decision = decided(std::move(row), 200);
    for (const std::string& id : what.orders) erase_from_order(context, what.id, id, decision);
    decision.changes.erased_customers.push_back(what.id);
    return decision;
}

}  // namespace citybridge::desk
