#include "core/api/csv.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

using CsvRow = std::vector<std::string>;

TEST(Csv, values_stand_between_commas_and_may_be_quoted) {
    EXPECT_EQ(*split_csv("a,b,,d"), (CsvRow{"a", "b", "", "d"}));
    EXPECT_EQ(*split_csv(R"("a,b","",7)"), (CsvRow{"a,b", "", "7"}));
    EXPECT_EQ(*split_csv(""), CsvRow{""});
    EXPECT_EQ(*split_csv("a,"), (CsvRow{"a", ""}));
    EXPECT_EQ(*split_csv("a,b\r"), (CsvRow{"a", "b"}));
}

TEST(Csv, a_quote_inside_is_doubled) {
    EXPECT_EQ(*split_csv(R"(""""" <13901234567>","x")"), (CsvRow{"\"\" <13901234567>", "x"}));
    EXPECT_EQ(*split_csv(R"("""点击拨号"" <95500>")"), CsvRow{"\"点击拨号\" <95500>"});
    EXPECT_EQ(*split_csv(R"("""")"), CsvRow{"\""});
}

TEST(Csv, a_lone_quote_is_taken_as_it_is_and_an_open_one_is_no_line) {
    EXPECT_EQ(*split_csv(R"("Wang "Big" Li","x")"), (CsvRow{"Wang \"Big\" Li", "x"}));
    EXPECT_FALSE(split_csv(R"("a,b)"));
    EXPECT_FALSE(split_csv(R"("a","b)"));
    EXPECT_FALSE(split_csv("\""));
}

}  // namespace
}  // namespace citybridge
