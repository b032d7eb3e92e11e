// csv byte by byte; xlsx opened again by another program's library.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <pugixml.hpp>

#include "core/reports/table.h"

namespace citybridge::reports {
namespace {

const CityTime kOutputZone = CityTime::in("Asia/Shanghai").value();

TableColumn some_column(const char* name, const char* zh, const char* en, bool figure = false,
                        Unit unit = Unit::count) {
    TableColumn out;
    out.name = name;
    out.zh = zh;
    out.en = en;
    out.figure = figure;
    out.unit = unit;
    if (figure) {
        out.formula_zh = "公式";
        out.formula_en = "formula";
        out.counts_zh = "口径";
        out.counts_en = "what counts";
    }
    return out;
}

Table some_table() {
    Table out;
    out.report = "queues";
    out.zh = "技能组服务";
    out.en = "Service by queue";
    out.from = from_rfc3339("2026-11-20T16:00:00Z").value();
    out.to = from_rfc3339("2026-11-21T16:00:00Z").value();
    out.zone = "Asia/Shanghai";
    out.columns = {some_column("queue", "技能组", "Queue"), some_column("offered", "呼入量", "Offered", true),
                   some_column("rate", "接通率", "Rate", true, Unit::percent), some_column("last", "最后", "Last")};
    out.rows = {{std::string("=cmd|' /C calc'!A1"), std::int64_t{12}, 91.67, out.from},
                {std::string("a,\"b\"\nc"), std::int64_t{0}, Cell(), Cell()},
                {std::string("-1"), std::int64_t{3}, 50.0, Cell()}};
    out.total = {std::string("合计 Total"), std::int64_t{15}, 87.5, Cell()};
    return out;
}

TEST(Csv, has_a_byte_order_mark_quotes_as_rfc_4180_says_and_defuses_formulas) {
    EXPECT_EQ(to_csv(some_table(), kOutputZone, true),
              "\xEF\xBB\xBF技能组,呼入量,接通率 (%),最后\r\n"
              "'=cmd|' /C calc'!A1,12,91.67,2026-11-21 00:00:00\r\n"
              "\"a,\"\"b\"\"\nc\",0,,\r\n"
              "'-1,3,50,\r\n"
              "合计 Total,15,87.5,\r\n");
}

TEST(Csv, defuses_what_spreadsheets_strip_before_a_formula) {
    Table one = some_table();
    one.total.clear();
    one.rows.clear();
    for (const char* text : {"+1", "@SUM(A1)", "\t=1", " =1", "\r=1", "1+1", "坐席"})
        one.rows.push_back({std::string(text), Cell(), Cell(), Cell()});
    const std::string csv = to_csv(one, kOutputZone, false);
    for (const char* line : {"\n'+1,", "\n'@SUM(A1),", "\n'\t=1,", "\n' =1,", "\n\"'\r=1\",", "\n1+1,", "\n坐席,"})
        EXPECT_NE(csv.find(line), std::string::npos) << line;
}

// One file out of a zip archive.
std::string unzipped(const std::string& archive, const std::string& name) {
    const std::string command =
        "python3 -c \"import sys,zipfile;sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))\" '" +
        archive + "' '" + name + "'";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    std::string out;
    std::array<char, 4096> buffer{};
    for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
        out.append(buffer.data(), got);
    EXPECT_EQ(::pclose(pipe), 0) << command;
    return out;
}

class Workbook {
public:
    explicit Workbook(const std::string& path) : path_(path) {
        strings_.load_string(unzipped(path, "xl/sharedStrings.xml").c_str());
        book_.load_string(unzipped(path, "xl/workbook.xml").c_str());
    }
    pugi::xml_document sheet(int number) const {
        pugi::xml_document out;
        out.load_string(unzipped(path_, "xl/worksheets/sheet" + std::to_string(number) + ".xml").c_str());
        return out;
    }
    std::string sheet_name(int number) const {
        auto node = book_.child("workbook").child("sheets").first_child();
        for (int i = 1; i < number; ++i) node = node.next_sibling();
        return node.attribute("name").value();
    }
    // "text:..." or "number:..."; "none": there is no such cell.
    std::string cell(const pugi::xml_document& sheet, const std::string& place) const {
        for (const auto& row : sheet.child("worksheet").child("sheetData").children("row"))
            for (const auto& cell : row.children("c")) {
                if (cell.attribute("r").value() != place) continue;
                const std::string value = cell.child("v").child_value();
                if (std::string(cell.attribute("t").value()) != "s") return "number:" + value;
                auto text = strings_.child("sst").first_child();
                for (int i = std::stoi(value); i > 0; --i) text = text.next_sibling();
                return "text:" + std::string(text.child("t").child_value());
            }
        return "none";
    }

private:
    std::string path_;
    pugi::xml_document strings_, book_;
};

TEST(Xlsx, has_typed_cells_a_frozen_header_and_a_sheet_of_definitions) {
    const std::string path =
        (std::filesystem::temp_directory_path() / ("citybridge-output-test-" + std::to_string(::getpid()) + ".xlsx"))
            .string();
    ASSERT_TRUE(write_xlsx(some_table(), kOutputZone, true, path));
    const Workbook book(path);
    const auto first = book.sheet(1);
    EXPECT_EQ(book.sheet_name(1), "report");
    EXPECT_EQ(book.cell(first, "A1"), "text:技能组");
    EXPECT_EQ(book.cell(first, "C1"), "text:接通率 (%)");
    // Text stays text, whatever it looks like.
    EXPECT_EQ(book.cell(first, "A2"), "text:=cmd|' /C calc'!A1");
    EXPECT_EQ(book.cell(first, "B2"), "number:12");
    EXPECT_EQ(book.cell(first, "C2"), "number:91.67");
    // 2026-11-21 00:00 on the wall is day 46347 of Excel's count.
    EXPECT_EQ(book.cell(first, "D2"), "number:46347");
    EXPECT_EQ(book.cell(first, "C3"), "none");
    EXPECT_EQ(book.cell(first, "A5"), "text:合计 Total");
    const auto pane = first.child("worksheet").child("sheetViews").child("sheetView").child("pane");
    EXPECT_STREQ(pane.attribute("ySplit").value(), "1");
    EXPECT_STREQ(pane.attribute("state").value(), "frozen");
    const auto second = book.sheet(2);
    EXPECT_EQ(book.sheet_name(2), "definitions");
    EXPECT_EQ(book.cell(second, "B2"), "text:2026-11-21 00:00:00");
    EXPECT_EQ(book.cell(second, "B3"), "text:2026-11-22 00:00:00");
    EXPECT_EQ(book.cell(second, "A8"), "text:呼入量");
    EXPECT_EQ(book.cell(second, "C8"), "text:公式");
    EXPECT_EQ(book.cell(second, "D9"), "text:口径");
    std::filesystem::remove(path);
}

TEST(Xlsx, that_cannot_be_written_says_so) {
    const auto written = write_xlsx(some_table(), kOutputZone, true, "/nowhere/at/all.xlsx");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, "report.not_written");
}

TEST(Json, carries_every_figures_definition) {
    const auto json = to_json(some_table());
    EXPECT_EQ(json["rows"][0]["offered"], 12);
    EXPECT_EQ(json["rows"][1]["rate"], nullptr);
    EXPECT_EQ(json["total"]["rate"], 87.5);
    EXPECT_EQ(json["columns"][2]["unit"], "percent");
    EXPECT_EQ(json["columns"][2]["definition"]["formula"]["en"], "formula");
    EXPECT_FALSE(json["columns"][0].contains("definition"));
    EXPECT_EQ(json["from"], "2026-11-20T16:00:00.000Z");
}

}  // namespace
}  // namespace citybridge::reports
