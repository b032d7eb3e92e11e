#include "core/desk/story_view.h"

#include <algorithm>
#include <tuple>

namespace citybridge::desk {

const OrderRecord* StoryView::order_by_external(const std::string& system, const std::string& id) const {
    for (const auto& [key, row] : orders)
        if (row.external_system == system && row.external_id == id) return &row;
    return nullptr;
}

std::vector<DeadlineRecord> StoryView::open_deadlines(const std::string& order) const {
    std::vector<DeadlineRecord> out;
    for (const auto& [key, row] : deadlines)
        if (row.order == order && row.state == DeadlineState::open) out.push_back(row);
    return out;
}

const CustomerRecord* StoryView::customer_by_number(const std::string& e164) const {
    for (const auto& [id, row] : customers)
        if (std::find(row.numbers.begin(), row.numbers.end(), e164) != row.numbers.end()) return &row;
    return nullptr;
}

bool StoryView::inbox_has(const std::string& source, const std::string& id) const {
    return inbox.contains({source, id});
}

std::vector<const OrderRecord*> StoryView::orders_of(const OrdersOf& what) const {
    std::vector<const OrderRecord*> out;
    for (const auto& [id, row] : orders)
        if ((what.customer.empty() || row.customer == what.customer) && row.kind == what.kind &&
            (!what.open_only || !row.closed_at))
            out.push_back(&row);
    const auto newer = [](const OrderRecord* a, const OrderRecord* b) { return a->created_at > b->created_at; };
    std::stable_sort(out.begin(), out.end(), newer);
    if (out.size() > OrdersOf::kMost) out.resize(OrdersOf::kMost);
    return out;
}

const OrderRecord* StoryView::first_in_turn(const TurnOf& what) const {
    const OrderRecord* first = nullptr;
    for (const auto& [id, row] : orders)
        if (row.kind == what.kind && row.state == what.state && row.group == what.group && !row.closed_at &&
            (first == nullptr || std::tie(row.created_at, row.id) < std::tie(first->created_at, first->id)))
            first = &row;
    return first;
}

std::vector<const UserRecord*> StoryView::people() const {
    std::vector<const UserRecord*> out;
    for (const auto& [name, row] : users) out.push_back(&row);
    return out;
}

std::int64_t StoryView::open_orders(const std::string& user) const {
    return std::count_if(orders.begin(), orders.end(),
                         [&](const auto& each) { return each.second.owner == user && !each.second.closed_at; });
}

void StoryView::take(const Changes& changes) {
    for (const auto& row : changes.customers) customers[row.id] = row;
    for (const auto& row : changes.orders) orders[row.id] = row;
    for (const auto& row : changes.deadlines) deadlines[{row.order, row.name, row.n}] = row;
    for (const auto& row : changes.history) history[{row.order, row.n}] = row;
    for (const auto& row : changes.outbox) outbox.emplace(row.id, row);
    for (const auto& row : changes.tellings) tellings[row.id] = row;
    for (const auto& row : changes.verification.verifications) verifications[row.id] = row;
    for (const auto& row : changes.inbox) inbox.emplace(row.source, row.id);
}

}  // namespace citybridge::desk
