#include "core/api/csv.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

using Row = std::vector<std::string>;

TEST(Csv, values_stand_between_commas_and_may_be_quoted) {
    EXPECT_EQ(*split_csv("a,b,,d"), (Row{"a", "b", "", "d"}));
    EXPECT_EQ(*split_csv(R"("a,b","",7)"), (Row{"a,b", "", "7"}));
    EXPECT_EQ(*split_csv(""), Row{""});
    EXPECT_EQ(*split_csv("a,"), (Row{"a", ""}));
    EXPECT_EQ(*split_csv("a,b\r"), (Row{"a", "b"}));
}

TEST(Csv, a_quote_inside_is_doubled) {
    EXPECT_EQ(*split_csv(R"(""""" <13901234567>","x")"), (Row{"\"\" <13901234567>", "x"}));
    EXPECT_EQ(*split_csv(R"("""点击拨号"" <95500>")"), Row{"\"点击拨号\" <95500>"});
    EXPECT_EQ(*split_csv(R"("""")"), Row{"\""});
}

TEST(Csv, a_lone_quote_is_taken_as_it_is_and_an_open_one_is_no_line) {
    EXPECT_EQ(*split_csv(R"("Wang "Big" Li","x")"), (Row{"Wang \"Big\" Li", "x"}));
    EXPECT_FALSE(split_csv(R"("a,b)"));
    EXPECT_FALSE(split_csv(R"("a","b)"));
    EXPECT_FALSE(split_csv("\""));
}

}  // namespace
}  // namespace citybridge
