// Files as their bytes say they are; names that do no harm; the file of an outgoing list.
#include <gtest/gtest.h>

#include "core/gateway/attachment_kind.h"
#include "core/gateway/outgoing_csv.h"

namespace citybridge::gateway {
namespace {

std::string number(std::uint64_t value, std::size_t bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i, value >>= 8) out += static_cast<char>(value & 0xFFU);
    return out;
}

// A package with empty, stored parts (APPNOTE.TXT 4.3).
std::string zip_of(const std::vector<std::string>& names) {
    std::string files, directory;
    for (const std::string& name : names) {
        const auto at = static_cast<std::uint32_t>(files.size());
        const auto length = static_cast<std::uint32_t>(name.size());
        files += "PK\x03\x04" + number(20, 2) + number(0, 8) + number(0, 12) + number(length, 2) + number(0, 2) + name;
        directory += "PK\x01\x02" + number(20, 2) + number(20, 2) + number(0, 8) + number(0, 12) + number(length, 2) +
                     number(0, 2) + number(0, 2) + number(0, 4) + number(0, 4) + number(at, 4) + name;
    }
    const auto count = static_cast<std::uint32_t>(names.size());
    return files + directory + "PK\x05\x06" + number(0, 4) + number(count, 2) + number(count, 2) +
           number(static_cast<std::uint32_t>(directory.size()), 4) +
           number(static_cast<std::uint32_t>(files.size()), 4) + number(0, 2);
}

TEST(AttachmentKind, is_what_the_bytes_are) {
    EXPECT_EQ(media_type_of("%PDF-1.7\n..."), "application/pdf");
    EXPECT_EQ(media_type_of(std::string("\x89PNG\r\n\x1A\n....", 12)), "image/png");
    EXPECT_EQ(media_type_of("\xFF\xD8\xFF\xE0 JFIF"), "image/jpeg");
    EXPECT_EQ(media_type_of("客户的话\r\n第二行"), "text/plain; charset=utf-8");
    EXPECT_EQ(media_type_of(zip_of({"[Content_Types].xml", "_rels/.rels", "word/document.xml"})),
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    EXPECT_EQ(media_type_of(zip_of({"[Content_Types].xml", "xl/workbook.xml"})),
              "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
}

TEST(AttachmentKind, refuses_everything_else) {
    EXPECT_EQ(media_type_of(""), "");
    EXPECT_EQ(media_type_of(std::string("MZ\x90\0\x03", 5)), "") << "a program";
    EXPECT_EQ(media_type_of(std::string("\x7F"
                                        "ELF")),
              "");
    EXPECT_EQ(media_type_of("\xD6\xD0\xCE\xC4"), "") << "GBK";
    EXPECT_EQ(media_type_of("GIF89a\x01"), "");
    EXPECT_EQ(media_type_of(zip_of({"evil.exe"})), "") << "some archive";
    EXPECT_EQ(media_type_of(zip_of({"word/document.xml"})), "") << "no package";
    EXPECT_EQ(media_type_of(zip_of({"[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"})), "")
        << "macros";
    const std::string whole = zip_of({"[Content_Types].xml", "xl/workbook.xml"});
    for (std::size_t cut = 4; cut < whole.size(); ++cut) EXPECT_EQ(media_type_of(whole.substr(0, cut)), "") << cut;
}

TEST(AttachmentKind, names_do_no_harm) {
    EXPECT_EQ(safe_name("合同 2026.pdf"), "合同 2026.pdf");
    EXPECT_EQ(safe_name("../../etc/passwd"), "passwd");
    EXPECT_EQ(safe_name("C:\\Users\\x\\a.txt"), "a.txt");
    EXPECT_EQ(safe_name("a\r\nSet-Cookie: x\t.txt"), "aSet-Cookie: x.txt");
    EXPECT_EQ(safe_name("photo\xE2\x80\xAEgpj.exe"), "photogpj.exe");
    EXPECT_EQ(safe_name(" . .hidden. "), "hidden");
    EXPECT_EQ(safe_name("..."), "");
    EXPECT_EQ(safe_name("dir/"), "");
    EXPECT_EQ(safe_name("\xFF.txt"), "");
    std::string many;
    for (int i = 0; i < 100; ++i) many += "字";
    EXPECT_EQ(safe_name(many).size(), 198U) << "cut at a character";
}

std::string kept(const std::string& text) { return text.size() >= 7 ? "+86" + text : ""; }

TEST(OutgoingCsv, rows_and_the_lines_that_are_none) {
    const auto file = read_outgoing_csv(
        "\xEF\xBB\xBFname,number,note\r\n"
        "张三,13800000001,\"say \"\"hi\"\",\ntwice\"\r\n"
        "\r\n"
        "李四,12,x\r\n"
        "王五,13800000002\r\n"
        "赵六,13800000003,last",
        kept);
    ASSERT_TRUE(file) << file.error().detail;
    ASSERT_EQ(file->rows.size(), 2U);
    EXPECT_EQ(file->rows[0].line, 2);
    EXPECT_EQ(file->rows[0].number, "+8613800000001");
    EXPECT_EQ(file->rows[0].name, "张三");
    EXPECT_EQ(file->rows[0].note, "say \"hi\",\ntwice");
    EXPECT_EQ(file->rows[1].line, 7);
    EXPECT_EQ(file->rows[1].note, "last");
    ASSERT_EQ(file->errors.size(), 2U);
    EXPECT_EQ(file->errors[0]["line"], 5) << "a cell took two lines";
    EXPECT_EQ(file->errors[1]["line"], 6);
}

TEST(OutgoingCsv, broken_quotation_marks_are_told_with_their_line) {
    const auto file = read_outgoing_csv("number,note\n13800000001,a\"b\n13800000002,\"a\"b\n13800000003,ok\n", kept);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->rows.size(), 1U);
    ASSERT_EQ(file->errors.size(), 2U);
    EXPECT_EQ(file->errors[0]["line"], 2);
    EXPECT_EQ(file->errors[1]["line"], 3);
}

TEST(OutgoingCsv, a_file_that_is_none_is_refused_as_a_whole) {
    for (const char* text :
         {"", "name,note\nx,y\n", "number,number\n1,2\n", "number,colour\n1,2\n", "number\n\xD6\xD0\n"}) {
        const auto file = read_outgoing_csv(text, kept);
        ASSERT_FALSE(file) << text;
        EXPECT_EQ(file.error().code, "outgoing.bad_file");
    }
    std::string many = "number\n";
    for (int i = 0; i < 10'001; ++i) many += std::to_string(13'800'000'000 + i) + "\n";
    EXPECT_FALSE(read_outgoing_csv(many, kept));
}

}  // namespace
}  // namespace citybridge::gateway
