#include <charconv>

#include "core/reports/table.h"

namespace citybridge::reports {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::string_view kLineEnd = "\r\n";

// What begins like this is carried out by spreadsheets, not shown; a tab or line break before it is skipped by them.
bool looks_like_formula(std::string_view text) {
    const auto at = text.find_first_not_of("\t\r\n ");
    return at != std::string_view::npos && std::string_view("=+-@").find(text[at]) != std::string_view::npos;
}

void put(std::string& out, std::string_view text) {
    std::string shown = looks_like_formula(text) ? "'" + std::string(text) : std::string(text);
    if (shown.find_first_of(",\"\r\n") == std::string::npos) {
        out += shown;
        return;
    }
    out += '"';
    for (const char c : shown) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

void put(std::string& out, double number) {
    char digits[32];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
    out.append(digits, end);
}

void put(std::string& out, const Cell& cell, const CityTime& time) {
    if (const auto* text = std::get_if<std::string>(&cell)) put(out, *text);
    if (const auto* number = std::get_if<std::int64_t>(&cell)) out += std::to_string(*number);
    if (const auto* number = std::get_if<double>(&cell)) put(out, *number);
    if (const auto* moment = std::get_if<WallTime>(&cell)) out += time.text(*moment);
}

void put_row(std::string& out, const std::vector<Cell>& cells, const CityTime& time) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i != 0) out += ',';
        put(out, cells[i], time);
    }
    out += kLineEnd;
}

}  // namespace

std::string to_csv(const Table& table, const CityTime& time, bool chinese) {
    std::string out(kMark);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (i != 0) out += ',';
        put(out, table.title_of(table.columns[i], chinese));
    }
    out += kLineEnd;
    for (const auto& row : table.rows) put_row(out, row, time);
    if (!table.total.empty()) put_row(out, table.total, time);
    return out;
}

}  // namespace citybridge::reports
