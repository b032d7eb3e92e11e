#include <xlsxwriter.h>

#include <array>
#include <ctime>

#include "core/reports/table.h"

namespace citybridge::reports {
namespace {

// Excel counts days from 1899-12-30.
constexpr double kDaysTo1970 = 25'569;
constexpr double kMsOfDay = 86'400'000;
constexpr double kWidth = 16;
constexpr double kWideText = 60;

struct Formats {
    explicit Formats(lxw_workbook* book)
        : header(workbook_add_format(book)),
          whole(workbook_add_format(book)),
          decimal(workbook_add_format(book)),
          moment(workbook_add_format(book)),
          wrapped(workbook_add_format(book)) {
        format_set_bold(header);
        format_set_text_wrap(header);
        format_set_num_format(whole, "0");
        format_set_num_format(decimal, "0.00");
        format_set_num_format(moment, "yyyy-mm-dd hh:mm:ss");
        format_set_text_wrap(wrapped);
        format_set_align(wrapped, LXW_ALIGN_VERTICAL_TOP);
    }
    lxw_format *header, *whole, *decimal, *moment, *wrapped;
};

class Sheet {
public:
    Sheet(lxw_worksheet* sheet, const Formats& formats) : sheet_(sheet), formats_(formats) {}

    void text(const std::string& value, lxw_format* format = nullptr) {
        keep(worksheet_write_string(sheet_, row_, column_++, value.c_str(), format));
    }
    void cell(const Cell& cell, const CityTime& time) {
        if (const auto* value = std::get_if<std::string>(&cell)) return text(*value);
        if (const auto* value = std::get_if<std::int64_t>(&cell))
            return number(static_cast<double>(*value), formats_.whole);
        if (const auto* value = std::get_if<double>(&cell)) {
            const bool is_whole = static_cast<double>(static_cast<std::int64_t>(*value)) == *value;
            return number(*value, is_whole ? formats_.whole : formats_.decimal);
        }
        if (const auto* value = std::get_if<WallTime>(&cell))
            return number(static_cast<double>(time.wall_clock_ms(*value)) / kMsOfDay + kDaysTo1970, formats_.moment);
        ++column_;
    }
    void next_row() {
        ++row_;
        column_ = 0;
    }
    void freeze_header() { worksheet_freeze_panes(sheet_, 1, 0); }
    void widths(lxw_col_t first, lxw_col_t last, double width) {
        keep(worksheet_set_column(sheet_, first, last, width, nullptr));
    }
    lxw_error fault() const { return fault_; }

private:
    void number(double value, lxw_format* format) {
        keep(worksheet_write_number(sheet_, row_, column_++, value, format));
    }
    void keep(lxw_error fault) {
        if (fault != LXW_NO_ERROR) fault_ = fault;
    }

    lxw_worksheet* sheet_;
    const Formats& formats_;
    lxw_row_t row_ = 0;
    lxw_col_t column_ = 0;
    lxw_error fault_ = LXW_NO_ERROR;
};

lxw_error write_table(Sheet sheet, const Formats& formats, const Table& table, const CityTime& time, bool chinese) {
    for (const TableColumn& column : table.columns) sheet.text(table.title_of(column, chinese), formats.header);
    sheet.next_row();
    const auto row = [&](const std::vector<Cell>& cells) {
        for (const Cell& cell : cells) sheet.cell(cell, time);
        sheet.next_row();
    };
    for (const auto& cells : table.rows) row(cells);
    if (!table.total.empty()) row(table.total);
    sheet.freeze_header();
    if (!table.columns.empty()) sheet.widths(0, static_cast<lxw_col_t>(table.columns.size() - 1), kWidth);
    return sheet.fault();
}

lxw_error write_definitions(Sheet sheet, const Formats& formats, const Table& table, const CityTime& time,
                            bool chinese) {
    const auto pair = [&](const std::string& name, const std::string& value) {
        sheet.text(name, formats.header);
        sheet.text(value, formats.wrapped);
        sheet.next_row();
    };
    pair(chinese ? "报表" : "Report", chinese ? table.zh : table.en);
    pair(chinese ? "自（含）" : "From (included)", time.text(table.from));
    pair(chinese ? "至（不含）" : "To (not included)", time.text(table.to));
    pair(chinese ? "时区" : "Time zone", table.zone);
    if (!table.complete) pair(chinese ? "说明" : "Note", chinese ? "时段尚未结束" : "the period is not over yet");
    for (const std::string& filter : table.filters) pair(chinese ? "筛选" : "Filter", filter);
    pair(chinese ? "不可见（秒）" : "Not seen (s)", std::to_string(table.blind.count() / 1'000));
    sheet.next_row();
    for (const char* title : chinese ? std::array<const char*, 4>{"指标", "单位", "公式", "口径"}
                                     : std::array<const char*, 4>{"Figure", "Unit", "Formula", "What counts"})
        sheet.text(title, formats.header);
    sheet.next_row();
    for (const TableColumn& column : table.columns) {
        if (!column.figure) continue;
        sheet.text(chinese ? column.zh : column.en);
        sheet.text(std::string(unit_text(column.unit, chinese)));
        sheet.text(chinese ? column.formula_zh : column.formula_en, formats.wrapped);
        sheet.text(chinese ? column.counts_zh : column.counts_en, formats.wrapped);
        sheet.next_row();
    }
    sheet.widths(0, 1, kWidth);
    sheet.widths(2, 3, kWideText);
    return sheet.fault();
}

// The file says when it was made as its period's end, so that the same report is the same bytes.
void set_properties(lxw_workbook* book, const Table& table, bool chinese) {
    lxw_doc_properties properties{};
    std::string title = chinese ? table.zh : table.en;
    properties.title = title.data();
    properties.created = static_cast<std::time_t>(table.to.time_since_epoch().count() / 1'000);
    workbook_set_properties(book, &properties);
}

}  // namespace

Result<> write_xlsx(const Table& table, const CityTime& time, bool chinese, const std::string& path) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_FALSE;
    lxw_workbook* book = workbook_new_opt(path.c_str(), &options);
    if (book == nullptr) return Error{"report.not_written", "the spreadsheet could not be begun: no memory"};
    const Formats formats(book);
    set_properties(book, table, chinese);
    lxw_error fault = LXW_NO_ERROR;
    const auto keep = [&](lxw_error of) { fault = of != LXW_NO_ERROR ? of : fault; };
    keep(write_table(Sheet(workbook_add_worksheet(book, "report"), formats), formats, table, time, chinese));
    keep(write_definitions(Sheet(workbook_add_worksheet(book, "definitions"), formats), formats, table, time, chinese));
    // Frees the book whatever it answers.
    keep(workbook_close(book));
    if (fault != LXW_NO_ERROR)
        return Error{"report.not_written",
                     "the spreadsheet could not be written to " + path + ": " + lxw_strerror(fault)};
    return ok();
}

}  // namespace citybridge::reports
