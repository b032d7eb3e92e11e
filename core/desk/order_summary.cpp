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

}  // namespace citybridge::desk
