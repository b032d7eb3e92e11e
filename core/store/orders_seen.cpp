#include "core/store/orders_seen.h"

#include <tuple>

namespace citybridge::store {
namespace {

auto place_of(const OrderRecord& row) {
    return std::tie(row.kind, row.city, row.contact, row.owner, row.group, row.customer, row.external_system,
                    row.external_id);
}

}  // namespace

void OrdersSeen::saw(const std::vector<OrderRecord>& rows) {
    for (const OrderRecord& row : rows) {
        const auto copied = [](const auto&... each) { return std::array{each...}; };
        rows_[row.id] = {
            std::apply(copied, place_of(row)), row.created_at, row.closed_at, row.state, row.due_at, row.overdue_at};
    }
}

bool OrdersSeen::same_place(const Kept& kept, const OrderRecord& row) {
    const auto tied = [](const auto&... each) { return std::tie(each...); };
    return std::apply(tied, kept.place) == place_of(row) && kept.created_at == row.created_at &&
           kept.closed_at == row.closed_at;
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
