#include "plugins/erp_orders/inbound.h"

#include <algorithm>
#include <array>

namespace citybridge::erp_orders {
namespace {

constexpr std::size_t kLongestId = 128;
constexpr std::size_t kLongestNote = 10'000;

struct Type {
    std::string_view name;
    std::string_view action;  // of the flow; empty: a note only
    bool tells_broker = false;
    bool needs_note = false;
};
constexpr std::array kTypes{Type{"order.assigned", "assigned", true, false},
                            Type{"order.contacted", "contacted", true, false}, Type{"order.noted", "", false, true},
                            Type{"order.closed", "closed_by_erp", false, false},
                            Type{"order.rejected", "rejected", false, true}};

Error bad(const InboundMessage& message, const std::string& why) {
    return {"hook.not_understood", "message " + message.id + " of type " + message.type + ": " + why};
}

// Absent and null are empty; a number is taken as its digits, because ERPs number their records.
Result<std::string> text(const InboundMessage& message, const std::string& name, std::size_t longest) {
    const auto it = message.data.find(name);
    if (it == message.data.end() || it->is_null()) return std::string();
    if (it->is_number_integer()) return it->dump();
    if (!it->is_string()) return bad(message, "\"" + name + "\" must be text");
    auto value = it->get<std::string>();
    if (value.size() > longest)
        return bad(message, "\"" + name + "\" is longer than " + std::to_string(longest) + " bytes; shorten it");
    return value;
}

}  // namespace

Result<InboundVerdict> understand(const InboundMessage& message) {
    const auto type = std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& t) { return t.name == message.type; });
    if (type == kTypes.end())
        return bad(message,
                   "the type must be order.assigned, order.contacted, order.noted, order.closed or "
                   "order.rejected");
    if (!message.data.is_object()) return bad(message, "\"data\" must be a JSON object");
    InboundVerdict verdict;
    verdict.action = std::string(type->action);
    for (const auto& [name, target, longest] :
         {std::tuple{"order", &verdict.order, kLongestId}, std::tuple{"external_id", &verdict.external_id, kLongestId},
          std::tuple{"note", &verdict.note, kLongestNote}}) {
        auto value = text(message, name, longest);
        if (!value) return value.error();
        *target = std::move(*value);
    }
    if (verdict.order.empty() && verdict.external_id.empty())
        return bad(message, "name the order: our id as \"order\", or yours as \"external_id\"");
    if (type->needs_note && verdict.note.empty())
        return bad(message, "\"note\" is required; say what there is to know");
    if (!type->tells_broker) return verdict;
    for (const char* name : {"broker", "broker_phone"}) {
        auto value = text(message, name, kLongestNote);
        if (!value) return value.error();
        if (!value->empty()) verdict.fields[name] = std::move(*value);
    }
    return verdict;
}

}  // namespace citybridge::erp_orders
