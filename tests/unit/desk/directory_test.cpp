#include "core/desk/directory.h"

#include <gtest/gtest.h>

namespace citybridge::desk {
namespace {

std::vector<std::string> wrong_directory(const std::string& inside) {
    Problems problems;
    parse_directory("d.xml", "<directory>\n" + inside + "\n</directory>", problems);
    std::vector<std::string> out;
    for (const Problem& problem : problems) out.push_back(to_string(problem));
    return out;
}

TEST(DirectoryFile, ACityOverridesTheEntryOfAll) {
    Problems problems;
    const Directory directory = parse_directory("d.xml", R"(<directory>
        <entry name="repair" title="R"><person name="Zhou" mobile="13900000001"/></entry>
        <entry name="repair" title="R" city="tianjin"><person name="Wu" office="02266668888"/></entry></directory>)",
                                                problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(directory.find("repair", "tianjin")->people[0].name, "Wu");
    EXPECT_EQ(directory.find("repair", "beijing")->people[0].name, "Zhou");
    EXPECT_EQ(directory.find("gone", "beijing"), nullptr);
}

TEST(DirectoryFile, APersonServesFromHisFirstToHisLastDay) {
    Problems problems;
    const Directory directory = parse_directory("d.xml", R"(<directory><entry name="a" title="A">
        <person name="Zhou" user="zhou" mobile="13900000001" from="2026-02-01" until="2026-02-28"/></entry></directory>)",
                                                problems);
    const Person& zhou = *directory.of_user("zhou");
    const auto day = [](unsigned month, unsigned number) {
        return LocalDay{
            std::chrono::local_days{std::chrono::year{2026} / std::chrono::month{month} / std::chrono::day{number}}};
    };
    EXPECT_FALSE(zhou.serves(day(1, 31)));
    EXPECT_TRUE(zhou.serves(day(2, 1)));
    EXPECT_TRUE(zhou.serves(day(2, 28)));
    EXPECT_FALSE(zhou.serves(day(3, 1)));
}

TEST(DirectoryFile, MistakesAreSaidWithTheirPlace) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"(<entry name="a" title="A"/>)", "names nobody"},
        {R"(<entry name="a" title="A"><person name="Z"/></entry>)", "nobody can reach him"},
        {R"(<entry name="a" title="A"><person name="Z" mobile="call me"/></entry>)", "no telephone number"},
        {R"(<entry name="a" title="A"><person name="Z" email="z at home"/></entry>)", "no e-mail address"},
        {R"(<entry name="a" title="A"><person name="Z" user="z" from="2026-02-30"/></entry>)", "must be a date"},
        {R"(<entry name="a" title="A"><person name="Z" user="z" from="2026-02-02" until="2026-02-01"/></entry>)",
         "before from"},
        {R"(<entry name="a" title="A"><person name="Z" user="z"/></entry><entry name="a" title="B"><person name="Y" user="y"/></entry>)",
         "already"},
        {R"(<group name="a"/>)", "unknown here"},
    };
    for (const auto& [text, words] : cases) {
        const auto found = wrong_directory(text);
        ASSERT_EQ(found.size(), 1U) << text;
        EXPECT_EQ(found[0].rfind("d.xml:2:", 0), 0U) << found[0];
        EXPECT_NE(found[0].find(words), std::string::npos) << found[0];
    }
}

TEST(DirectoryFile, AFolderThatIsNotThereIsEmpty) {
    Problems problems;
    EXPECT_TRUE(load_directory("/nonexistent/directory", problems).all().empty());
    EXPECT_TRUE(problems.empty());
}

}  // namespace
}  // namespace citybridge::desk
