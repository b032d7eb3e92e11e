#include "core/reports/table.h"

namespace citybridge::reports {
namespace {

nlohmann::ordered_json to_json(const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&cell)) return *number;
    if (const auto* number = std::get_if<double>(&cell)) {
        const auto whole = static_cast<std::int64_t>(*number);
        return static_cast<double>(whole) == *number ? nlohmann::ordered_json(whole) : nlohmann::ordered_json(*number);
    }
    if (const auto* time = std::get_if<WallTime>(&cell)) return to_rfc3339(*time);
    return nullptr;
}

nlohmann::ordered_json to_json(const TableColumn& column) {
    nlohmann::ordered_json out{{"name", column.name}, {"title", {{"zh", column.zh}, {"en", column.en}}}};
    if (!column.figure) return out;
    out["unit"] = to_string(column.unit);
    out["definition"] = {{"formula", {{"zh", column.formula_zh}, {"en", column.formula_en}}},
                         {"counts", {{"zh", column.counts_zh}, {"en", column.counts_en}}}};
    return out;
}

nlohmann::ordered_json row_json(const Table& table, const std::vector<Cell>& cells) {
    auto out = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < cells.size(); ++i) out[table.columns[i].name] = to_json(cells[i]);
    return out;
}

}  // namespace

std::string_view unit_text(Unit unit, bool chinese) {
    switch (unit) {
        case Unit::seconds: return chinese ? "秒" : "s";
        case Unit::percent: return "%";
        case Unit::rings: return chinese ? "声" : "rings";
        case Unit::count:
        case Unit::ratio: return {};
    }
    return {};
}

std::string Table::title_of(const TableColumn& column, bool chinese) const {
    std::string out = chinese ? column.zh : column.en;
    const std::string_view unit = column.figure ? unit_text(column.unit, chinese) : std::string_view();
    return unit.empty() ? out : out + " (" + std::string(unit) + ")";
}

nlohmann::ordered_json to_json(const Table& table) {
    nlohmann::ordered_json out{{"report", table.report},
                               {"title", {{"zh", table.zh}, {"en", table.en}}},
                               {"from", to_rfc3339(table.from)},
                               {"to", to_rfc3339(table.to)},
                               {"zone", table.zone},
                               {"complete", table.complete},
                               {"blind_seconds", table.blind.count() / 1'000},
                               {"filters", table.filters}};
    out["columns"] = nlohmann::ordered_json::array();
    for (const TableColumn& column : table.columns) out["columns"].push_back(to_json(column));
    out["rows"] = nlohmann::ordered_json::array();
    for (const auto& row : table.rows) out["rows"].push_back(row_json(table, row));
    out["total"] = table.total.empty() ? nlohmann::ordered_json(nullptr) : row_json(table, table.total);
    return out;
}

}  // namespace citybridge::reports
