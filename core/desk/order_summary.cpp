#include "core/desk/order_summary.h"

#include <algorithm>

#include "core/desk/search_words.h"

namespace citybridge::desk {
namespace {

// Reminders and escalations are the node's own clockwork.
bool is_promise(const DeadlineRecord& deadline) {
    return deadline.kind == "follow_up" || deadline.kind == "approval" || deadline.kind == "confirmation";
}

// A secret is not found by looking for it either.
std::string text_of_fields(const Flow& flow, const OrderRecord& order) {
    std::string out = order.external_id;
    for (const auto& [name, value] : order.fields.items()) {
        const FieldDef* field = flow.field(name);
        if (field != nullptr && field->secret) continue;
        if (value.is_string()) out += '\n' + value.get_ref<const std::string&>();
        if (value.is_number_integer()) out += '\n' + std::to_string(value.get<std::int64_t>());
    }
    return out;
}

void put_words(const std::string& order, std::int64_t n, const std::string& text, Changes& changes) {
    changes.desk.order_texts.push_back({order, n, joined_words(index_words(text))});
}

}  // namespace

void keep_for_lists(const Context& context, const Flow& flow, const std::vector<DeadlineRecord>& open,
                    const HistoryRecord& history, OrderRecord& order, Changes& changes) {
    order.due_at.reset();
    for (const DeadlineRecord& deadline : open)
        if (is_promise(deadline) && (!order.due_at || deadline.due_at < *order.due_at)) order.due_at = deadline.due_at;
    const bool missed = std::any_of(changes.deadlines.begin(), changes.deadlines.end(), [](const DeadlineRecord& row) {
        return is_promise(row) && row.state == DeadlineState::overdue;
    });
    if (missed && !order.overdue_at) order.overdue_at = context.now.wall;

    const OrderRecord* before = context.view.order(order.id);
    if (before == nullptr || before->fields != order.fields || before->external_id != order.external_id)
        put_words(order.id, 0, text_of_fields(flow, order), changes);
    // What the node itself writes is the flow's own words: everybody's order has them.
    if (!history.text.empty() && history.action != "overdue") put_words(order.id, history.n, history.text, changes);
}

void keep_names(const View& view, Changes& changes) {
    const auto words_of = [&](const CustomerRecord& row, const std::string& id, std::int64_t n) {
        put_words(id, n, row.erased || !row.merged_into.empty() ? std::string() : row.name, changes);
    };
    for (const CustomerRecord& row : changes.customers) {
        const CustomerRecord* before = view.customer(row.id);
        const bool merged = std::any_of(changes.desk.merges.begin(), changes.desk.merges.end(),
                                        [&](const CustomerMergeRecord& merge) { return merge.into == row.id; });
        // What was said of one who is erased is deleted as a whole.
        if (row.erased || (before == nullptr && row.name.empty())) continue;
        if (before == nullptr || before->name != row.name || merged) words_of(row, row.id, kNameOfCustomer);
    }
    for (const OrderRecord& order : changes.orders) {
        const CustomerRecord* customer = order.customer.empty() ? nullptr : view.customer(order.customer);
        if (customer != nullptr && !customer->name.empty() && view.order(order.id) == nullptr)
            words_of(*customer, order.id, kNameOfOrder);
    }
}

Result<Decision> index_order(const Context& context, const IndexOrder& what) {
    Decision out;
    const OrderRecord* order = context.view.order(what.order);
    if (order == nullptr) return out;
    const Flow* flow = context.flows.of(*order);
    const CustomerRecord* customer = order->customer.empty() ? nullptr : context.view.customer(order->customer);
    // Which of its fields are secret only its flow could say.
    if (flow != nullptr) put_words(order->id, 0, text_of_fields(*flow, *order), out.changes);
    if (customer != nullptr && customer->erased) return out;
    for (const auto& [n, text] : what.texts) put_words(order->id, n, text, out.changes);
    if (customer != nullptr) put_words(order->id, kNameOfOrder, customer->name, out.changes);
    return out;
}

}  // namespace citybridge::desk
