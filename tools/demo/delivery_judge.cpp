#include "tools/demo/delivery_judge.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "tools/demo/json_values.h"

namespace citybridge::demo {
namespace {

using Json = Api::Json;
using Mistakes = std::vector<std::string>;

constexpr const char* kErp = "erp";
constexpr const char* kEvents = "events";

// "ord_7.3.events.event" -> 3; 0: no key of ours.
int step_in_key(const std::string& key) {
    const std::size_t dot = key.find('.');
    int step = 0;
    if (dot != std::string::npos) std::from_chars(key.data() + dot + 1, key.data() + key.size(), step);
    return step;
}

// What one side has and the other has not.
void compare(const std::string& what, const std::set<std::string>& wanted, const std::set<std::string>& there,
             Mistakes& mistakes) {
    for (const std::string& key : wanted)
        if (!there.contains(key)) mistakes.push_back(what + " " + key + " never took effect at the ERP");
    for (const std::string& key : there)
        if (!wanted.contains(key)) mistakes.push_back(what + " " + key + " is at the ERP, but not in the node's books");
}

std::set<std::string> effective(const std::map<std::string, stand_in::LedgerEntry>& entries, Mistakes& mistakes) {
    std::set<std::string> out;
    for (const auto& [key, entry] : entries) {
        if (entry.effects > 0) out.insert(key);
        if (entry.effects > 1)
            mistakes.push_back(key + " took effect " + std::to_string(entry.effects) + " times at the ERP");
        if (entry.effects == 0) mistakes.push_back(key + " reached the ERP and never took effect");
    }
    return out;
}

void judge_outbox(const NodeBooks& node, const std::string& destination, const std::set<std::string>& there,
                  Mistakes& mistakes) {
    std::set<std::string> sent;
    const auto found = node.outbox.find(destination);
    if (found != node.outbox.end())
        for (const auto& [id, state] : found->second) {
            sent.insert(id);
            if (state != "delivered") mistakes.push_back("message " + id + " is " + state + ", not delivered");
        }
    compare("message", sent, there, mistakes);
}

void judge_sequence(const std::map<std::string, std::vector<std::string>>& sequences, Mistakes& mistakes) {
    for (const auto& [order, keys] : sequences)
        if (!std::is_sorted(keys.begin(), keys.end(),
                            [](const std::string& a, const std::string& b) { return step_in_key(a) < step_in_key(b); }))
            mistakes.push_back("messages of " + order + " took effect out of order");
}

// Every step of an order's history is one event.
std::set<std::string> events_of(const NodeBooks& node) {
    std::set<std::string> out;
    for (const auto& [id, order] : node.orders)
        for (std::size_t n = 1; n <= order.actions.size(); ++n)
            out.insert(id + '.' + std::to_string(n) + '.' + kEvents + ".event");
    return out;
}

void judge_leads(const std::vector<Lead>& leads, const NodeBooks& node, const ErpBooks& erp, Mistakes& mistakes) {
    std::set<std::string> acknowledged;
    for (const Lead& lead : leads) {
        if (lead.order.empty()) continue;
        if (!acknowledged.insert(lead.order).second)
            mistakes.push_back("two requests were acknowledged with one order, " + lead.order);
        const auto order = node.orders.find(lead.order);
        if (order == node.orders.end()) {
            mistakes.push_back("the acknowledged sales lead " + lead.order + " is not in the node's books");
            continue;
        }
        std::vector<std::string> numbers;
        std::size_t notes = 0;
        for (const auto& [key, entry] : erp.records) {
            if (entry.order != lead.order || entry.effects == 0) continue;
            if (entry.what == "order") numbers.push_back(entry.number);
            if (entry.what == "note") ++notes;
        }
        if (numbers.size() != 1)
            mistakes.push_back(lead.order + " is at the ERP " + std::to_string(numbers.size()) + " times");
        else if (numbers.front() != order->second.external_id)
            mistakes.push_back(lead.order + " is " + numbers.front() + " at the ERP, the node says \"" +
                               order->second.external_id + '"');
        if (notes != static_cast<std::size_t>(lead.notes))
            mistakes.push_back(lead.order + " has " + std::to_string(notes) + " notes at the ERP, agents added " +
                               std::to_string(lead.notes));
    }
    for (const auto& [id, order] : node.orders)
        if (!acknowledged.contains(id)) mistakes.push_back("the node has an order nobody opened: " + id);
}

void judge_messages_back(const NodeBooks& node, const ErpBooks& erp, Mistakes& mistakes) {
    std::map<std::string, int> told;  // by order
    for (const stand_in::SentMessage& message : erp.sent) {
        ++told[message.order];
        if (message.effective != 1)
            mistakes.push_back("the ERP's message " + message.id + " took effect " + std::to_string(message.effective) +
                               " times, last answer " + std::to_string(message.last_status));
        const auto order = node.orders.find(message.order);
        const std::string action = message.type.substr(message.type.find('.') + 1);
        if (order == node.orders.end() ||
            std::count(order->second.actions.begin(), order->second.actions.end(), action) != 1)
            mistakes.push_back("the history of " + message.order + " does not have " + action + " once");
    }
    for (const auto& [id, order] : node.orders)
        if (told[id] != 2) mistakes.push_back("the ERP sent " + std::to_string(told[id]) + " messages about " + id);
}

}  // namespace

Result<NodeBooks> read_books(Api& admin) {
    NodeBooks out;
    const auto orders = admin.list("/v1/orders?kind=sales_lead");
    if (!orders) return orders.error();
    for (const Json& row : *orders) {
        NodeOrder order;
        order.id = text_or_empty(row["id"]);
        if (row["external"].is_object()) order.external_id = text_or_empty(row["external"]["id"]);
        const auto history = admin.call("GET", "/v1/orders/" + order.id + "/history");
        if (!history) return history.error();
        for (const Json& step : history->body.value("items", Json::array()))
            order.actions.push_back(text_or_empty(step["action"]));
        out.orders[order.id] = std::move(order);
    }
    const auto outbox = admin.list("/v1/admin/outbox");
    if (!outbox) return outbox.error();
    for (const Json& row : *outbox)
        out.outbox[text_or_empty(row["destination"])][text_or_empty(row["id"])] = text_or_empty(row["state"]);
    return out;
}

ErpBooks erp_books(const stand_in::Ledger& ledger, const std::vector<stand_in::SentMessage>& sent,
                   const std::string& city) {
    ErpBooks out;
    const std::string records = "rest/" + city;
    const std::string events = "hook/" + city;
    for (const stand_in::LedgerEntry& entry : ledger.snapshot()) {
        if (entry.door == records) out.records[entry.key] = entry;
        if (entry.door == events) out.events[entry.key] = entry;
    }
    out.record_order = ledger.sequences(records);
    out.event_order = ledger.sequences(events);
    for (const stand_in::SentMessage& message : sent)
        if (message.system == city) out.sent.push_back(message);
    return out;
}

std::vector<std::string> judge_deliveries(const std::vector<Lead>& leads, const NodeBooks& node, const ErpBooks& erp) {
    Mistakes mistakes;
    const std::set<std::string> records = effective(erp.records, mistakes);
    const std::set<std::string> events = effective(erp.events, mistakes);
    judge_outbox(node, kErp, records, mistakes);
    judge_outbox(node, kEvents, events, mistakes);
    compare("the event", events_of(node), events, mistakes);
    judge_sequence(erp.record_order, mistakes);
    judge_sequence(erp.event_order, mistakes);
    judge_leads(leads, node, erp, mistakes);
    judge_messages_back(node, erp, mistakes);
    return mistakes;
}

}  // namespace citybridge::demo
