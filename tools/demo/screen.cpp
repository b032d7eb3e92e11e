#include "tools/demo/screen.h"

#include <cstdio>

#include "core/node/table.h"

namespace citybridge::demo {
namespace {

constexpr std::size_t kLines = 8;
constexpr std::size_t kContacts = 12;

std::string text(const Screen::Json& value) { return value.is_string() ? value.get<std::string>() : "-"; }

std::string who(const Screen::Json& contact) {
    const std::string number = text(contact["customer_number"]);
    for (const Screen::Json& leg : contact["legs"])
        if (text(leg["role"]) == "customer" && leg["name"].is_string()) return number + ' ' + text(leg["name"]);
    return number;
}

}  // namespace

void Screen::remember(const Json& frame) {
    const std::string type = text(frame["type"]);
    if (type == "snapshot") {
        for (const Json& contact : frame["contacts"]) contacts_[text(contact["id"])] = contact;
        for (const Json& agent : frame["agents"]) agents_[text(agent["id"])] = agent;
    }
    if (type == "agent.state") agents_[text(frame["agent"]["id"])] = frame["agent"];
    if (type == "contact.merged") contacts_.erase(text(frame["id"]));
    if (type.starts_with("contact.") && frame.contains("contact")) {
        const Json& contact = frame["contact"];
        contacts_[text(contact["id"])] = contact;
        if (type == "contact.ended") {
            contacts_.erase(text(contact["id"]));
            ++ended_;
        }
    }
}

std::string Screen::line_of(const Json& frame) const {
    const std::string type = text(frame["type"]);
    const std::string clock = text(frame["at"]).size() > 19 ? text(frame["at"]).substr(11, 8) + "  " : std::string{};
    if (type == "offer.shown")
        return clock + "POP      " + text(frame["offer"]["agent"]) + "  <-  " + who(frame["contact"]) + "  queue " +
               text(frame["contact"]["queue"]);
    if (type == "offer.revoked")
        return clock + "revoked  " + text(frame["offer"]["agent"]) + "  " + text(frame["offer"]["state"]) + "  " +
               who(frame["contact"]);
    if (type == "contact.started")
        return clock + "call     " + text(frame["contact"]["direction"]) + "  " + who(frame["contact"]);
    if (type == "contact.answered") return clock + "answered " + who(frame["contact"]);
    if (type == "contact.ended")
        return clock + "ended    " + who(frame["contact"]) + "  " + text(frame["contact"]["outcome"]) + "  by " +
               text(frame["contact"]["ended_by"]);
    return {};
}

void Screen::see(const Json& frame) {
    remember(frame);
    const std::string line = line_of(frame);
    if (line.empty()) return;
    if (!board_) {
        std::printf("%s\n", line.c_str());
        std::fflush(stdout);
        return;
    }
    last_lines_.push_back(line);
    if (last_lines_.size() > kLines) last_lines_.pop_front();
}

void Screen::draw() {
    if (!board_) return;
    Json agents = Json::array();
    for (const auto& [id, agent] : agents_) agents.push_back(agent);
    Json contacts = Json::array();
    for (const auto& [id, contact] : contacts_)
        if (contacts.size() < kContacts) contacts.push_back(contact);
    std::string out = "\x1b[H\x1b[2J";
    out += "CityBridge demo: beijing on the simulator, ten times as fast as life. Ctrl-C ends it.\n\n";
    out += "live contacts: " + std::to_string(contacts_.size()) + ", ended: " + std::to_string(ended_) + "\n";
    out += contacts_table(contacts) + '\n' + agents_table(agents) + '\n';
    for (const std::string& line : last_lines_) out += line + '\n';
    std::fputs(out.c_str(), stdout);
    std::fflush(stdout);
}

}  // namespace citybridge::demo
