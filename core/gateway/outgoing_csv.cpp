#include "core/gateway/outgoing_csv.h"

#include <algorithm>

#include "core/api/text.h"

namespace citybridge::gateway {
namespace {

constexpr std::size_t kMostRows = 10'000;
constexpr std::size_t kMostBytes = 4'000;

struct Record {
    std::int64_t line = 0;  // on which it begins
    std::vector<std::string> cells;
    bool broken = false;  // a quotation mark where none may be
};

// Takes the record at the front off. A quoted cell may hold commas, line ends and doubled quotation marks.
Record take_record(std::string_view& text, std::int64_t& line) {
    Record out{line, {""}, false};
    bool quoted = false, was_quoted = false;
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') ++line;
        if (quoted) {
            if (c != '"') {
                out.cells.back() += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                out.cells.back() += text[++i];
            } else {
                quoted = false;
                was_quoted = true;
            }
            continue;
        }
        if (c == '"') {
            quoted = out.cells.back().empty() && !was_quoted;
            out.broken = out.broken || !quoted;
            continue;
        }
        if (c == ',') {
            out.cells.emplace_back();
            was_quoted = false;
            continue;
        }
        if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        if (c == '\n') break;
        out.broken = out.broken || was_quoted;
        out.cells.back() += c;
    }
    out.broken = out.broken || quoted;
    text.remove_prefix(std::min(text.size(), i + 1));
    return out;
}

bool is_blank(const Record& record) { return record.cells.size() == 1 && record.cells[0].empty() && !record.broken; }

struct Columns {
    std::vector<std::string> names;

    std::string of(const Record& record, std::string_view name) const {
        for (std::size_t i = 0; i < names.size() && i < record.cells.size(); ++i)
            if (names[i] == name) return record.cells[i];
        return {};
    }
};

Error bad_file(const std::string& why) { return {"outgoing.bad_file", why}; }

Result<Columns> read_head(const Record& head) {
    Columns columns{head.cells};
    for (const std::string& name : columns.names)
        if (name != "number" && name != "name" && name != "order" && name != "note")
            return bad_file("line 1: column \"" + name.substr(0, 64) +
                            "\" is not known; the columns are number, name, order, note");
    std::vector<std::string> sorted = columns.names;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
        return bad_file("line 1: a column stands there twice");
    if (!std::binary_search(sorted.begin(), sorted.end(), "number"))
        return bad_file("line 1 must name the columns, and one of them must be number");
    return columns;
}

// Empty: the row is good.
std::string wrong_with(const Record& record, const Columns& columns, const std::string& number) {
    if (record.broken) return "a quotation mark stands where none may; double it inside of a quoted cell";
    if (record.cells.size() != columns.names.size())
        return "has " + std::to_string(record.cells.size()) + " cells, and the head " +
               std::to_string(columns.names.size());
    for (const std::string& cell : record.cells)
        if (cell.size() > kMostBytes || cell.find('\0') != std::string::npos)
            return "a cell is longer than 4000 bytes, or holds a zero byte";
    if (number.empty())
        return "number \"" + columns.of(record, "number").substr(0, 64) +
               "\" is no telephone number; write it as people dial it, or with + and country code";
    return {};
}

}  // namespace

Result<OutgoingCsv> read_outgoing_csv(std::string_view text,
                                      const std::function<std::string(const std::string&)>& normal) {
    if (!is_utf8(text)) return bad_file("the file is not UTF-8; save it as \"CSV UTF-8\"");
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::int64_t line = 1;
    const auto columns = read_head(take_record(text, line));
    if (!columns) return columns.error();
    OutgoingCsv out;
    while (!text.empty()) {
        Record record = take_record(text, line);
        if (is_blank(record)) continue;
        const std::string number = record.broken ? std::string() : normal(columns->of(record, "number"));
        if (const std::string why = wrong_with(record, *columns, number); !why.empty()) {
            out.errors.push_back({{"line", record.line}, {"message", why}});
            continue;
        }
        if (out.rows.size() >= kMostRows) return bad_file("the file has more than 10000 rows; send it in parts");
        OutgoingEntryRecord row;
        row.line = record.line;
        row.number = number;
        row.name = columns->of(record, "name");
        row.order = columns->of(record, "order");
        row.note = columns->of(record, "note");
        out.rows.push_back(std::move(row));
    }
    return out;
}

}  // namespace citybridge::gateway
