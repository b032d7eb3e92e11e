#include "core/desk/engine_state.h"

#include <algorithm>

namespace citybridge::desk {
namespace {

// More would mean that nobody reads them; the oldest go, their rows stay in the store.
constexpr std::size_t kMostWaiting = 50;
constexpr std::size_t kMostLost = 50;

Json to_engine(const TellingRecord& row) {
    Json out{{"id", row.id}, {"kind", row.kind}, {"name", row.name}, {"step", row.step}, {"channel", row.channel}};
    for (const auto& [name, value] :
         {std::pair{"user", &row.to_user}, std::pair{"role", &row.to_role}, std::pair{"group", &row.to_group},
          std::pair{"person", &row.to_person}, std::pair{"message", &row.message}, std::pair{"outbox", &row.outbox}})
        if (!value->empty()) out[name] = *value;
    out["at"] = row.at.time_since_epoch().count();
    return out;
}

TellingRecord from_engine(const OrderRecord& order, const Json& json) {
    TellingRecord row;
    row.id = text_in(json, "id");
    row.order = order.id;
    row.kind = text_in(json, "kind");
    row.name = text_in(json, "name");
    row.step = number_in(json, "step");
    row.channel = text_in(json, "channel");
    row.to_user = text_in(json, "user");
    row.to_role = text_in(json, "role");
    row.to_group = text_in(json, "group");
    row.to_person = text_in(json, "person");
    row.message = text_in(json, "message");
    row.outbox = text_in(json, "outbox");
    row.at = WallTime{Millis{number_in(json, "at")}};
    row.to_acknowledge = true;
    return row;
}

}  // namespace

const Json* find_part(const OrderRecord& order, const std::string& what, const std::string& name) {
    const auto parts = order.engine.find(what);
    if (parts == order.engine.end() || !parts->is_object()) return nullptr;
    const auto part = parts->find(name);
    return part == parts->end() ? nullptr : &*part;
}

Json& engine_part(OrderRecord& order, const std::string& what, const std::string& name) {
    return order.engine[what][name];
}

std::string text_in(const Json& object, const std::string& name) {
    if (!object.is_object()) return {};
    const auto it = object.find(name);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::int64_t number_in(const Json& object, const std::string& name) {
    if (!object.is_object()) return 0;
    const auto it = object.find(name);
    return it != object.end() && it->is_number_integer() ? it->get<std::int64_t>() : 0;
}

bool is_overdue(const OrderRecord& order, const std::string& follow_up) {
    const auto it = order.engine.find("overdue");
    return it != order.engine.end() && std::find(it->begin(), it->end(), follow_up) != it->end();
}

void mark_overdue(OrderRecord& order, const std::string& follow_up, bool overdue) {
    if (is_overdue(order, follow_up) == overdue) return;
    Json& list = order.engine["overdue"];
    if (overdue) {
        list.push_back(follow_up);
        return;
    }
    list.erase(std::find(list.begin(), list.end(), follow_up));
    if (list.empty()) order.engine.erase("overdue");
}

std::int64_t times_taken(const OrderRecord& order, const std::string& action) {
    const auto it = order.engine.find("counts");
    return it == order.engine.end() ? 0 : number_in(*it, action);
}

std::string opener_of(const OrderRecord& order) { return text_in(order.engine, "opener"); }

std::vector<TellingRecord> waiting_tellings(const OrderRecord& order) {
    std::vector<TellingRecord> out;
    const auto it = order.engine.find("told");
    if (it == order.engine.end()) return out;
    for (const Json& one : *it) out.push_back(from_engine(order, one));
    return out;
}

void keep_waiting(OrderRecord& order, const TellingRecord& row) {
    Json& list = order.engine["told"];
    if (list.size() >= kMostWaiting) list.erase(list.begin());
    list.push_back(to_engine(row));
}

void drop_waiting(OrderRecord& order, const std::string& id) {
    const auto it = order.engine.find("told");
    if (it == order.engine.end()) return;
    for (auto one = it->begin(); one != it->end();) one = text_in(*one, "id") == id ? it->erase(one) : one + 1;
    if (it->empty()) order.engine.erase("told");
}

bool is_lost(const OrderRecord& order, const std::string& message) {
    const auto it = order.engine.find("lost");
    return it != order.engine.end() && std::find(it->begin(), it->end(), message) != it->end();
}

void mark_lost(OrderRecord& order, const std::string& message) {
    Json& list = order.engine["lost"];
    if (list.size() >= kMostLost) list.erase(list.begin());
    list.push_back(message);
}

}  // namespace citybridge::desk
