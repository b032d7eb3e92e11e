#include "core/node/cli/record_tables.h"

#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

// "2026-11-21T19:35:01.706Z" -> "2026-11-21 19:35:01"; UTC like everything the node tells.
std::string when(const Json& time) {
    if (!time.is_string() || time.get_ref<const std::string&>().size() < 19) return "-";
    std::string text = time.get<std::string>().substr(0, 19);
    text[10] = ' ';
    return text;
}

std::string words(const Json& list) {
    std::string out;
    for (const Json& word : list) out += (out.empty() ? "" : ",") + text_of(word);
    return out.empty() ? "-" : out;
}

std::string external_of(const Json& order) {
    return order["external"].is_object() ? text_of(order["external"]["id"]) : "-";
}

// What is due next, or what was not done in time.
std::string due_of(const Json& order) {
    std::string next = "-";
    for (const Json& deadline : order["deadlines"]) {
        if (deadline["state"] == "overdue") return "overdue: " + text_of(deadline["name"]);
        if (deadline["state"] == "open" && (next == "-" || when(deadline["due_at"]) < next))
            next = when(deadline["due_at"]);
    }
    return next;
}

std::string yes(const Json& flag) { return flag == true ? "yes" : "no"; }

}  // namespace

std::string orders_table(const Json& orders) {
    Rows rows;
    for (const Json& o : orders)
        rows.push_back({text_of(o["id"]), text_of(o["kind"]), text_of(o["state"]), text_of(o["owner"]),
                        text_of(o["group"]), due_of(o), external_of(o), when(o["created_at"])});
    return format_table({"order", "kind", "state", "owner", "group", "due (UTC)", "ERP's number", "opened (UTC)"},
                        rows);
}

std::string order_sheet(const Json& order) {
    Json top = order;
    top.erase("history");
    top.erase("fields");
    top.erase("deadlines");
    std::string out = sheet(top);
    out += "\nfields\n" + sheet(order["fields"]);
    Rows deadlines;
    for (const Json& d : order["deadlines"])
        deadlines.push_back({text_of(d["name"]), when(d["due_at"]), text_of(d["state"]),
                             d["provisional"] == true ? "provisional" : ""});
    if (!deadlines.empty()) out += "\n" + format_table({"follow-up", "due (UTC)", "state", ""}, deadlines);
    Rows history;
    for (const Json& h : order["history"])
        history.push_back({text_of(h["n"]), when(h["at"]), text_of(h["actor"]), text_of(h["action"]),
                           text_of(h["to_state"]), text_of(h["text"])});
    return out + "\n" + format_table({"n", "at (UTC)", "who", "what", "state", "text"}, history);
}

std::string customers_table(const Json& customers) {
    Rows rows;
    for (const Json& c : customers)
        rows.push_back({text_of(c["id"]), text_of(c["name"]), words(c["numbers"]), text_of(c["city"]),
                        text_of(c["preference"]), text_of(c["revision"])});
    return format_table({"customer", "name", "numbers", "city", "preference", "revision"}, rows);
}

std::string outbox_table(const Json& messages) {
    Rows rows;
    for (const Json& m : messages)
        rows.push_back({text_of(m["seq"]), text_of(m["id"]), text_of(m["destination"]), text_of(m["kind"]),
                        text_of(m["state"]), text_of(m["attempts"]), when(m["updated_at"]),
                        m["last_code"].is_null() ? "-" : text_of(m["last_code"]) + ": " + text_of(m["last_detail"])});
    return format_table({"seq", "message", "to", "kind", "state", "tries", "changed (UTC)", "last answer"}, rows);
}

std::string destinations_table(const Json& destinations) {
    Rows rows;
    for (const Json& d : destinations)
        rows.push_back({text_of(d["name"]), d["disabled"] == true ? "disabled" : "enabled", yes(d["breaker_open"]),
                        text_of(d["held"]), text_of(d["on_the_way"]), text_of(d["parked_keys"])});
    return format_table({"destination", "state", "held back", "waiting", "on the way", "parked keys"}, rows);
}

std::string users_table(const Json& users) {
    Rows rows;
    for (const Json& u : users)
        rows.push_back(
            {text_of(u["name"]), text_of(u["role"]), words(u["groups"]), text_of(u["agent"]), text_of(u["device"])});
    return format_table({"user", "role", "groups", "agent", "device"}, rows);
}

std::string replayed_line(const Json& answer) {
    return "replayed " + text_of(answer["replayed"]) + ", refused " + text_of(answer["refused"]) + "\n";
}

std::string sheet(const Json& object) {
    std::size_t width = 0;
    for (const auto& [name, value] : object.items()) width = std::max(width, name.size());
    std::string out;
    for (const auto& [name, value] : object.items())
        out += name + std::string(width - name.size() + 2, ' ') + text_of(value) + '\n';
    return out;
}

}  // namespace citybridge
