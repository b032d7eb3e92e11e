#include "core/api/records_json.h"

#include "core/api/model_json.h"

namespace citybridge {
namespace {

nlohmann::ordered_json text(const std::string& value) {
    return value.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(value);
}

nlohmann::ordered_json time(const std::optional<WallTime>& value) {
    return value ? nlohmann::ordered_json(to_rfc3339(*value)) : nlohmann::ordered_json(nullptr);
}

}  // namespace

nlohmann::ordered_json to_json(const DeadlineRecord& deadline) {
    return {{"name", deadline.name},
            {"n", deadline.n},
            {"due_at", to_rfc3339(deadline.due_at)},
            {"provisional", deadline.provisional},
            {"state", to_string(deadline.state)}};
}

nlohmann::ordered_json to_json(const OrderRecord& order, std::span<const DeadlineRecord> deadlines) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const DeadlineRecord& deadline : deadlines) list.push_back(to_json(deadline));
    nlohmann::ordered_json external = nullptr;
    if (!order.external_id.empty()) external = {{"system", order.external_system}, {"id", order.external_id}};
    return {{"id", order.id},
            {"kind", order.kind},
            {"flow_version", order.flow_version},
            {"state", order.state},
            {"owner", text(order.owner)},
            {"group", text(order.group)},
            {"city", order.city},
            {"customer", text(order.customer)},
            {"contact", text(order.contact)},
            {"external", std::move(external)},
            {"deadlines", std::move(list)},
            {"fields", order.fields},
            {"created_at", to_rfc3339(order.created_at)},
            {"updated_at", to_rfc3339(order.updated_at)},
            {"closed_at", time(order.closed_at)},
            {"revision", order.revision}};
}

nlohmann::ordered_json to_json(const CustomerRecord& customer) {
    return {{"id", customer.id},
            {"name", text(customer.name)},
            {"city", text(customer.city)},
            {"source", text(customer.source)},
            {"preference", text(customer.preference)},
            {"numbers", customer.numbers},
            {"fields", customer.fields},
            {"erased", customer.erased},
            {"created_at", to_rfc3339(customer.created_at)},
            {"updated_at", to_rfc3339(customer.updated_at)},
            {"revision", customer.revision}};
}

nlohmann::ordered_json to_json(const HistoryRecord& entry) {
    return {{"n", entry.n},
            {"at", to_rfc3339(entry.at)},
            {"actor", entry.actor},
            {"action", entry.action},
            {"from_state", text(entry.from_state)},
            {"to_state", text(entry.to_state)},
            {"text", text(entry.text)},
            {"detail", entry.detail}};
}

nlohmann::ordered_json to_json(const OutboxRecord& message, bool with_payload) {
    nlohmann::ordered_json out{{"id", message.id},
                               {"seq", message.seq},
                               {"destination", message.destination},
                               {"key", message.key},
                               {"kind", message.kind},
                               {"order", text(message.order)},
                               {"state", to_string(message.state)},
                               {"attempts", message.attempts},
                               {"created_at", to_rfc3339(message.created_at)},
                               {"next_at", to_rfc3339(message.next_at)},
                               {"updated_at", to_rfc3339(message.updated_at)},
                               {"last_code", text(message.last_code)},
                               {"last_detail", text(message.last_detail)},
                               {"external_id", text(message.external_id)},
                               {"out_of_turn", message.out_of_turn}};
    if (with_payload) out["payload"] = nlohmann::ordered_json::parse(message.payload, nullptr, false);
    return out;
}

nlohmann::ordered_json to_json(const CommandRecord& command) {
    return {{"command_id", command.id},
            {"state", command.state},
            {"reason", text(command.reason)},
            {"contact", text(command.contact)}};
}

}  // namespace citybridge
