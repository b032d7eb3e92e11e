#pragma once
// A finished report: typed cells, and what every column means.
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/api/result.h"
#include "core/reports/city_time.h"
#include "core/reports/figure.h"

namespace citybridge::reports {

// Nothing: there is no value, as of an average of nothing.
using Cell = std::variant<std::monostate, std::string, std::int64_t, double, WallTime>;

struct TableColumn {
    std::string name;
    std::string zh, en;
    bool figure = false;  // else what rows are sorted by, or a value of a list
    Unit unit = Unit::count;
    std::string formula_zh, formula_en, counts_zh, counts_en;
};

struct Table {
    std::string report;
    std::string zh, en;
    WallTime from{}, to{};
    bool complete = true;  // the period was over when it was made
    std::string zone;
    std::vector<TableColumn> columns;
    std::vector<std::vector<Cell>> rows;
    std::vector<Cell> total;           // empty: none
    Millis blind{};                    // of the period: nobody could see what agents did
    std::vector<std::string> filters;  // as asked for: "queue = sales"

    std::string title_of(const TableColumn& column, bool chinese) const;  // with its unit
};

std::string_view unit_text(Unit unit, bool chinese);

nlohmann::ordered_json to_json(const Table& table);
// With a byte order mark, so that Excel shows Chinese; RFC 4180; a text that a spreadsheet would take for a formula
// gets an apostrophe in front.
std::string to_csv(const Table& table, const CityTime& time, bool chinese);
// Two sheets: the table, its header frozen, and what every figure means. Replaces the file. Code "report.not_written".
Result<> write_xlsx(const Table& table, const CityTime& time, bool chinese, const std::string& path);

}  // namespace citybridge::reports
