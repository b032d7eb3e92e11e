#include "core/node/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citybridge {
namespace {

// A Chinese character takes two cells of a terminal, an emoji too.
TEST(Table, columns_stand_under_each_other_for_wide_characters) {
    EXPECT_EQ(format_table({"name", "state"}, {{"张伟", "ready"}, {"Ann", "talking"}, {"😀", "-"}}),
              "name  state\n"
              "张伟  ready\n"
              "Ann   talking\n"
              "😀    -\n");
}

TEST(Table, a_contact_is_one_line_with_seconds) {
    Contact contact;
    contact.customer_number = "13901234567";
    contact.talk = Millis{7'449};
    const auto list = nlohmann::ordered_json::array({to_json(contact)});
    EXPECT_THAT(contacts_table(list), testing::HasSubstr("13901234567"));
    EXPECT_THAT(contacts_table(list), testing::HasSubstr("  7.4  "));
}

}  // namespace
}  // namespace citybridge
