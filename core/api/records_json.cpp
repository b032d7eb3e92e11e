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

// An object of members put one behind the other. Written as one braced list, every member would be made as a list of
// its own first, and every look-up of a new name would walk the ones before: three times the time.
class Object {
public:
    explicit Object(std::size_t members) { list().reserve(members); }
    Object& put(const char* name, nlohmann::ordered_json value) {
        list().emplace_back(name, std::move(value));
        return *this;
    }
    nlohmann::ordered_json take() { return std::move(json_); }

private:
    nlohmann::ordered_json::object_t& list() { return json_.get_ref<nlohmann::ordered_json::object_t&>(); }

    nlohmann::ordered_json json_ = nlohmann::ordered_json::object();
};

}  // namespace

nlohmann::ordered_json to_json(const DeadlineRecord& deadline) {
    return Object(5)
        .put("name", deadline.name)
        .put("n", deadline.n)
        .put("due_at", to_rfc3339(deadline.due_at))
        .put("provisional", deadline.provisional)
        .put("state", to_string(deadline.state))
        .take();
}

nlohmann::ordered_json to_json(const OrderRecord& order, std::span<const DeadlineRecord> deadlines) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const DeadlineRecord& deadline : deadlines) list.push_back(to_json(deadline));
    nlohmann::ordered_json external = nullptr;
    if (!order.external_id.empty()) external = {{"system", order.external_system}, {"id", order.external_id}};
    return Object(16)
        .put("id", order.id)
        .put("kind", order.kind)
        .put("flow_version", order.flow_version)
        .put("state", order.state)
        .put("owner", text(order.owner))
        .put("group", text(order.group))
        .put("city", order.city)
        .put("customer", text(order.customer))
        .put("contact", text(order.contact))
        .put("external", std::move(external))
        .put("deadlines", std::move(list))
        .put("fields", order.fields)
        .put("created_at", to_rfc3339(order.created_at))
        .put("updated_at", to_rfc3339(order.updated_at))
        .put("closed_at", time(order.closed_at))
        .put("revision", order.revision)
        .take();
}

nlohmann::ordered_json to_json(const CustomerRecord& customer) {
    return {{"id", customer.id},
            {"name", text(customer.name)},
            {"city", text(customer.city)},
            {"source", text(customer.source)},
            {"preference", text(customer.preference)},
            {"ask_source", customer.source.empty() && !customer.erased && customer.merged_into.empty()},
            {"numbers", customer.numbers},
            {"number_kinds", customer.number_kinds},
            {"preferred_number", text(customer.preferred_number)},
            {"merged_into", text(customer.merged_into)},
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
