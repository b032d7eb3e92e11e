#include "tools/demo/city_view.h"

#include <algorithm>

#include "tools/demo/callback_line.h"
#include "tools/demo/terminal_text.h"

namespace citybridge::demo {
namespace {

using Json = CityView::Json;

constexpr std::size_t kLeadsKept = 16;

std::string text(const Json& value) { return value.is_string() ? value.get<std::string>() : "-"; }

std::string who(const Json& contact) {
    std::string number = text(contact["customer_number"]);
    for (const Json& leg : contact["legs"])
        if (text(leg["role"]) == "customer" && leg["name"].is_string()) return number + ' ' + text(leg["name"]);
    return number;
}

// "SIM/1003" -> "1003"
std::string short_agent(const std::string& agent) { return agent.substr(agent.find('/') + 1); }

std::string talking_agent(const Json& contact) {
    for (const Json& leg : contact["legs"])
        if (leg["agent"].is_string() && !leg["joined_at"].is_null()) return short_agent(text(leg["agent"]));
    return "";
}

std::string number_of(const Json& order) {
    const auto external = order.find("external");
    return external != order.end() && external->is_object() ? text((*external)["id"]) : std::string();
}

std::string count(std::size_t n) { return std::to_string(n); }

}  // namespace

void CityView::remember_order(const Json& order) {
    const std::string id = text(order["id"]);
    const bool fresh = !leads_.contains(id);
    LeadLine& lead = leads_[id];
    const bool had_number = !lead.number.empty();
    const Json fields = order.value("fields", Json::object());
    lead = {text(fields.value("lead_kind", Json())), text(order["state"]), number_of(order),
            text(fields.value("customer_name", Json()))};
    if (!had_number && !lead.number.empty()) ++numbered_;
    if (!fresh) return;
    newest_.push_front(id);
    if (newest_.size() > kLeadsKept) newest_.pop_back();
}

void CityView::remember(const Json& frame) {
    const std::string type = text(frame["type"]);
    if (type == "snapshot") {
        for (const Json& contact : frame["contacts"]) contacts_[text(contact["id"])] = contact;
        for (const Json& agent : frame["agents"]) agents_[text(agent["id"])] = agent;
    }
    if (type == "agent.state") agents_[text(frame["agent"]["id"])] = frame["agent"];
    if (type == "offer.shown") ++pops_;
    if (type == "offer.details" && frame["details"]["customer"].is_object()) ++known_;
    if (type == "contact.merged") contacts_.erase(text(frame["contact"]));
    if (type.starts_with("order.")) remember_order(frame["order"]);
    if (!type.starts_with("contact.") || type == "contact.merged") return;
    const Json& contact = frame["contact"];
    contacts_[text(contact["id"])] = contact;
    if (type != "contact.ended") return;
    contacts_.erase(text(contact["id"]));
    ++ended_;
}

std::string CityView::line_of(const Json& frame) const {
    const std::string type = text(frame["type"]);
    if (type == "offer.shown")
        return "POP " + short_agent(text(frame["offer"]["agent"])) + " <- " + who(frame["contact"]) + "  queue " +
               text(frame["contact"]["queue"]);
    if (type == "offer.details" && frame["details"]["customer"].is_object())
        return "known to " + short_agent(text(frame["offer"]["agent"])) + ": " +
               text(frame["details"]["customer"]["name"]) + ", " + count(frame["details"]["orders"].size()) +
               " open orders, " + count(frame["details"]["contacts"].size()) + " calls before";
    if (type == "contact.ended")
        return "ended " + who(frame["contact"]) + "  " + text(frame["contact"]["outcome"]) + "  by " +
               text(frame["contact"]["ended_by"]);
    if (type.starts_with("callback.")) return callback_line(frame["callback"]);
    if (!type.starts_with("order.")) return {};
    const Json& order = frame["order"];
    const std::string lead = text(order["fields"].value("lead_kind", Json())) + " lead of " +
                             text(order["fields"].value("customer_name", Json())) + ": ";
    if (type == "order.opened") return lead + "opened by " + text(order["owner"]);
    if (type == "order.noted") return lead + "a note";
    return lead + text(order["state"]) + (number_of(order).empty() ? "" : ", ERP " + number_of(order));
}

std::string CityView::see(const Json& frame) {
    remember(frame);
    std::string line = line_of(frame);
    if (line.empty()) return line;
    const std::string at = text(frame["at"]);
    return (at.size() > 19 ? at.substr(11, 8) + ' ' : std::string()) + line;
}

std::string CityView::agents_line() const {
    std::map<std::string, std::size_t> states;
    for (const auto& [id, agent] : agents_) ++states[text(agent["state"])];
    const std::size_t busy = states["talking"] + states["holding"];
    return "agents   " + count(states["ready"]) + " ready, " + count(states["ringing"] + states["reserved"]) +
           " ringing, " + count(busy) + " talking";
}

std::vector<std::string> CityView::lines(const Deliveries& deliveries, std::size_t calls, std::size_t leads) const {
    std::vector<std::string> out;
    out.push_back("calls    " + count(contacts_.size()) + " now, " + count(ended_) + " ended");
    out.push_back("pops     " + count(pops_) + ", customer known: " + count(known_));
    out.push_back(agents_line());
    out.push_back("leads    " + count(deliveries.leads) + ", in the ERP: " + count(numbered_));
    out.push_back("notes    " + count(deliveries.notes) + "; sent twice: " + count(deliveries.repeated));
    out.push_back("outbox   " + count(deliveries.waiting) + " waiting, " + count(deliveries.parked) + " given up" +
                  (deliveries.breaker_open ? ", pausing" : ""));
    const std::size_t head = out.size();
    for (const auto& [id, contact] : contacts_)
        if (out.size() < head + calls)
            out.push_back(fit(text(contact["state"]), 8) + fit(talking_agent(contact), 5) + who(contact));
    out.resize(head + calls);
    for (const std::string& id : newest_) {
        if (out.size() >= head + calls + leads) break;
        const LeadLine& lead = leads_.at(id);
        out.push_back(fit(lead.kind, 8) + fit(lead.state, 9) + ' ' + fit(lead.number.empty() ? "..." : lead.number, 9) +
                      lead.customer);
    }
    out.resize(head + calls + leads);
    return out;
}

}  // namespace citybridge::demo
