#include "core/host/xml_file.h"

#include <gtest/gtest.h>

#include "tests/unit/host/test_support.h"

namespace citybridge {
namespace {

std::string place(const Position& where) { return std::to_string(where.line) + ':' + std::to_string(where.column); }

// The first problem as "line:column".
std::string wrong_at(const std::string& text) {
    Problems problems;
    const auto file = XmlFile::parse("f.xml", text, problems);
    EXPECT_EQ(file == nullptr, !problems.empty());
    return problems.empty() ? "" : place(problems[0].where);
}

TEST(XmlFileTest, KnowsWhereElementsAndAttributesAre) {
    Problems problems;
    const auto file = XmlFile::parse("f.xml", "<a>\n  <b x='1'\n     y='&amp;2'/>\r\n\t<c>text</c>\n</a>\n", problems);
    ASSERT_NE(file, nullptr);
    const auto b = file->root().child("b");
    EXPECT_EQ(place(file->where(file->root())), "1:1");
    EXPECT_EQ(place(file->where(b)), "2:3");
    EXPECT_EQ(place(file->where(b.attribute("x"))), "2:6");
    EXPECT_EQ(place(file->where(b.attribute("y"))), "3:6");
    EXPECT_EQ(std::string(b.attribute("y").value()), "&2");
    EXPECT_EQ(place(file->where(file->root().child("c"))), "4:2");
    EXPECT_EQ(place(file->where(file->root().child("c").first_child())), "4:5");
    EXPECT_EQ(file->where(b).file, "f.xml");
}

TEST(XmlFileTest, CountsColumnsInCharactersAndSkipsAByteOrderMark) {
    Problems problems;
    const auto file = XmlFile::parse("f.xml", "\xEF\xBB\xBF<a><!-- 北京 --><b/></a>", problems);
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(place(file->where(file->root())), "1:1");
    EXPECT_EQ(place(file->where(file->root().child("b"))), "1:15");
}

TEST(XmlFileTest, BrokenXmlIsAProblemWithItsPlace) {
    EXPECT_EQ(wrong_at(""), "1:1");
    EXPECT_EQ(wrong_at("<a>\n<b>\n</a>"), "3:3");
    EXPECT_EQ(wrong_at("<a/>\nx"), "2:1");
    EXPECT_EQ(wrong_at("x<a/>"), "1:1");
    EXPECT_EQ(wrong_at("<a/>\n<b/>"), "2:1");
    EXPECT_NE(wrong_at("<a b='1>"), "");
    EXPECT_EQ(wrong_at("<!-- only a comment -->"), "1:24");
}

TEST(XmlFileTest, DocumentTypesAndOtherEncodingsAreRefused) {
    EXPECT_EQ(wrong_at("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"), "1:1");
    EXPECT_EQ(wrong_at("<?xml version='1.0' encoding='GBK'?><a/>"), "1:1");
    EXPECT_EQ(wrong_at("<?xml version='1.0' encoding='utf-8'?><a/>"), "");
    EXPECT_EQ(wrong_at("<?xml version='1.0'?><a/>"), "");
}

TEST(XmlFileTest, BytesThatAreNoTextAreRefusedWithTheirLine) {
    EXPECT_EQ(wrong_at("<a>\n\xB1\xB1</a>"), "2:1");
    EXPECT_EQ(wrong_at(std::string("<a>\n<b>\0</b></a>", 16)), "2:4");
}

TEST(XmlFileTest, FilesThatCannotBeReadAreProblems) {
    const test::TempFolder folder;
    folder.write("big.xml", "<a>" + std::string(XmlFile::kMaxBytes, ' ') + "</a>");
    for (const std::string name : {"missing.xml", "big.xml", ""}) {
        Problems problems;
        EXPECT_EQ(XmlFile::read(folder.path(name), {}, problems), nullptr) << name;
        ASSERT_EQ(problems.size(), 1U);
        EXPECT_EQ(problems[0].where.file, folder.path(name));
    }
}

TEST(XmlFileTest, DeepNestingIsNoDanger) {
    std::string text;
    for (int i = 0; i < 200'000; ++i) text += "<a>";
    EXPECT_NE(wrong_at(text), "");
    for (int i = 0; i < 200'000; ++i) text += "</a>";
    EXPECT_EQ(wrong_at(text), "");
}

}  // namespace
}  // namespace citybridge
