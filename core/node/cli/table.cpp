#include "core/node/cli/table.h"

#include <algorithm>

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

// Cells of one UTF-8 text. The C library knows widths only in a UTF-8 locale, which a
// bare server may not have, so the wide
// ranges are decided here: CJK, kana, Hangul, full-width forms, emoji.
std::size_t cells(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0) == 0x80) continue;
        const bool three = byte >= 0xE0 && byte < 0xF0;
        const bool wide = byte >= 0xF0 || (three && byte >= 0xE3 && byte <= 0xED) || byte == 0xEF;
        width += wide ? 2 : 1;
    }
    return width;
}

std::string seconds_of(const Json& ms) {
    if (!ms.is_number()) return "-";
    const auto tenths = (ms.get<long long>() + 50) / 100;
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

// "2026-11-21T19:35:01.706Z" -> "19:35:01"
std::string clock_of(const Json& time) { return time.is_string() ? time.get<std::string>().substr(11, 8) : "-"; }

std::string answered_by(const Json& contact) {
    std::string names;
    for (const Json& leg : contact["legs"]) {
        if (leg["agent"].is_null() || leg["joined_at"].is_null()) continue;
        names += (names.empty() ? "" : ",") + leg["agent"].get<std::string>();
    }
    return names.empty() ? "-" : names;
}

std::string joined(const Json& words) {
    std::string out;
    for (const Json& word : words) out += (out.empty() ? "" : ",") + text_of(word);
    return out.empty() ? "-" : out;
}

std::string contacts(const Json& list, bool with_ids) {
    std::vector<std::string> header{"started", "direction", "customer", "called", "queue",  "state",
                                    "outcome", "agents",    "ended by", "wait s", "talk s", "hold s"};
    if (with_ids) header.emplace_back("id");
    std::vector<std::vector<std::string>> rows;
    for (const Json& c : list) {
        rows.push_back({clock_of(c["started_at"]), text_of(c["direction"]), text_of(c["customer_number"]),
                        text_of(c["called_number"]), text_of(c["queue"]), text_of(c["state"]), text_of(c["outcome"]),
                        answered_by(c), text_of(c["ended_by"]), seconds_of(c["wait_ms"]), seconds_of(c["talk_ms"]),
                        seconds_of(c["hold_ms"])});
        if (with_ids) rows.back().push_back(text_of(c["id"]));
    }
    return format_table(header, rows);
}

}  // namespace

std::string contacts_table(const Json& list) { return contacts(list, false); }

std::string contacts_table_with_ids(const Json& list) { return contacts(list, true); }

std::string text_of(const Json& value) {
    if (value.is_null()) return "-";
    std::string text = value.is_string() ? value.get<std::string>() : dump(value);
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return text;
}

std::string format_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    widths.reserve(header.size());
    for (const auto& name : header) widths.push_back(cells(name));
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], cells(row[i]));
    const auto line = [&](const std::vector<std::string>& row) {
        std::string out;
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += row[i];
            if (i + 1 < row.size()) out.append(widths[i] - cells(row[i]) + 2, ' ');
        }
        return out + '\n';
    };
    std::string out = line(header);
    for (const auto& row : rows) out += line(row);
    return out;
}

std::string agents_table(const Json& agents) {
    std::vector<std::vector<std::string>> rows;
    for (const Json& a : agents)
        rows.push_back({text_of(a["id"]), text_of(a["name"]), joined(a["queues"]), text_of(a["state"]),
                        text_of(a["reason"]), clock_of(a["since"]), text_of(a["cause"]), text_of(a["contact"])});
    return format_table({"agent", "name", "queues", "state", "reason", "since", "cause", "contact"}, rows);
}

namespace {

// What troubles it, or that it works again; the sentence is in --json.
std::string last_said(const Json& plugin) {
    const auto said = plugin.find("last_said");
    if (said == plugin.end() || !said->is_object()) return "-";
    return text_of((*said)["level"]) + ' ' + text_of((*said)["code"]) + " at " + text_of((*said)["at"]);
}

}  // namespace

std::string plugins_table(const Json& plugins) {
    std::vector<std::vector<std::string>> rows;
    for (const Json& p : plugins)
        rows.push_back({text_of(p["name"]), text_of(p["library"]), text_of(p["version"]), text_of(p["state"]),
                        p["last_error"].is_null() ? "-" : text_of(p["last_error"]["detail"]), last_said(p)});
    return format_table({"plugin", "library", "version", "state", "last error", "last said"}, rows);
}

}  // namespace citybridge
