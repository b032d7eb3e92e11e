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
    bool tells_person = false;
    bool needs_note = false;
    std::string_view tells{};  // a field that it may bring besides
};
constexpr std::array kTypes{Type{"order.assigned", "assigned", true, false},
                            Type{"order.contacted", "contacted", true, false},
                            Type{"order.noted", "", false, true},
                            Type{"order.progress", "progress_told", false, false, "progress"},
                            Type{"order.handled", "handled", false, false, "result"},
                            Type{"order.closed", "closed_by_erp", false, false, "result"},
                            Type{"order.rejected", "rejected", false, true}};
// Who has the order at the ERP: a broker of a sales lead, who repairs, the specialist of a complaint.
constexpr std::array kPersons{"broker", "broker_phone", "handler", "handler_phone", "specialist", "specialist_phone"};

std::string all_types() {
    std::string out;
    for (const Type& type : kTypes)
        out += (out.empty() ? "" : &type == &kTypes.back() ? " or " : ", ") + std::string(type.name);
    return out;
}

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
    if (type == kTypes.end()) return bad(message, "the type must be " + all_types());
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
    std::vector<std::string> told;
    if (type->tells_person) told.assign(kPersons.begin(), kPersons.end());
    if (!type->tells.empty()) told.emplace_back(type->tells);
    for (const std::string& name : told) {
        auto value = text(message, name, kLongestNote);
        if (!value) return value.error();
        if (!value->empty()) verdict.fields[name] = std::move(*value);
    }
    return verdict;
}

}  // namespace citybridge::erp_orders
