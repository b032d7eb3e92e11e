#include "core/api/csv.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

using Fields = std::vector<std::string>;

TEST(Csv, values_stand_between_commas_and_may_be_quoted) {
    EXPECT_EQ(*split_csv("a,b,,d"), (Fields{"a", "b", "", "d"}));
    EXPECT_EQ(*split_csv(R"("a,b","",7)"), (Fields{"a,b", "", "7"}));
    EXPECT_EQ(*split_csv(""), Fields{""});
    EXPECT_EQ(*split_csv("a,"), (Fields{"a", ""}));
    EXPECT_EQ(*split_csv("a,b\r"), (Fields{"a", "b"}));
}

TEST(Csv, a_quote_inside_is_doubled) {
    EXPECT_EQ(*split_csv(R"(""""" <13901234567>","x")"), (Fields{"\"\" <13901234567>", "x"}));
    EXPECT_EQ(*split_csv(R"("""点击拨号"" <95500>")"), Fields{"\"点击拨号\" <95500>"});
    EXPECT_EQ(*split_csv(R"("""")"), Fields{"\""});
}

TEST(Csv, a_lone_quote_is_taken_as_it_is_and_an_open_one_is_no_line) {
    EXPECT_EQ(*split_csv(R"("Wang "Big" Li","x")"), (Fields{"Wang \"Big\" Li", "x"}));
    EXPECT_FALSE(split_csv(R"("a,b)"));
    EXPECT_FALSE(split_csv(R"("a","b)"));
    EXPECT_FALSE(split_csv("\""));
}

}  // namespace
}  // namespace citybridge
