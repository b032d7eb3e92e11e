#include "core/store/orders_seen.h"

namespace citybridge::store {
namespace {

// What an order is of, and whose: it changes rarely, and then usually in several of these.
bool same_place(const OrderRecord& a, const OrderRecord& b) {
    return a.kind == b.kind && a.city == b.city && a.contact == b.contact && a.created_at == b.created_at &&
           a.owner == b.owner && a.group == b.group && a.customer == b.customer && a.closed_at == b.closed_at &&
           a.external_system == b.external_system && a.external_id == b.external_id;
}

}  // namespace

void OrdersSeen::saw(const std::vector<OrderRecord>& rows) {
    for (const OrderRecord& row : rows) {
        OrderRecord& kept = rows_[row.id];
        kept = row;
        kept.fields = kept.engine = Fields();
    }
}

std::string OrdersSeen::unchanged(const OrderRecord& row) const {
    const auto found = rows_.find(row.id);
    if (found == rows_.end() || !same_place(found->second, row)) return {};
    std::string names = "kind,city,contact,created_at,owner,group_name,customer,closed_at,external_system,external_id,";
    if (found->second.state == row.state) names += "state,";
    if (found->second.due_at == row.due_at) names += "due_at,";
    if (found->second.overdue_at == row.overdue_at) names += "overdue_at,";
    return names;
}

}  // namespace citybridge::store
