// The order a decision looks at.
#include <algorithm>

#include "core/desk/engine.h"

namespace citybridge::desk {

const OrderRecord* find_related(const Context& context, const Flow&, const DecisionDef& table,
                                const OrderRecord& order) {
    if (table.look.empty() || (table.by_customer && order.customer.empty())) return nullptr;
    const auto same = [&](const OrderRecord& other) {
        return std::all_of(table.by_fields.begin(), table.by_fields.end(), [&](const std::string& field) {
            const std::string value = value_text(order, field);
            return !value.empty() && value == value_text(other, field);
        });
    };
    const std::string whose = table.by_customer ? order.customer : std::string();
    for (const OrderRecord* other : context.view.orders_of({whose, table.look, table.open_only})) {
        if (other->id == order.id || (table.open_only && other->closed_at)) continue;
        if (same(*other)) return other;
    }
    return nullptr;
}

}  // namespace citybridge::desk
