#include "core/node/cli/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/records_json.h"
#include "core/node/cli/record_tables.h"

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
    contact.id = "c0ffee";
    const auto named = nlohmann::ordered_json::array({to_json(contact)});
    EXPECT_THAT(contacts_table(named), testing::Not(testing::HasSubstr("c0ffee")));
    EXPECT_THAT(contacts_table_with_ids(named), testing::HasSubstr("c0ffee\n"));
}

TEST(Table, what_a_customer_wrote_moves_nobodys_cursor) {
    EXPECT_EQ(text_of("a\x1b[2Jb\nc\td\x7f"), "a [2Jb c d ");
    EXPECT_EQ(text_of(nullptr), "-");
    EXPECT_EQ(text_of(7), "7");
}

TEST(RecordTables, an_order_shows_what_is_due_next_and_what_is_overdue) {
    OrderRecord order;
    order.id = "ord_1";
    order.kind = "sales_lead";
    order.external_id = "SL-1";
    const auto due = [](const char* name, std::int64_t hour, DeadlineState state) {
        DeadlineRecord row;
        row.order = "ord_1";
        row.name = name;
        row.n = 1;
        row.due_at = WallTime{std::chrono::hours{hour}};
        row.state = state;
        return row;
    };
    const auto table = [&](std::vector<DeadlineRecord> deadlines) {
        return orders_table(nlohmann::ordered_json::array({to_json(order, deadlines)}));
    };
    const std::string open = table({due("late", 50, DeadlineState::open), due("soon", 2, DeadlineState::open),
                                    due("done", 1, DeadlineState::done)});
    EXPECT_THAT(open, testing::HasSubstr("1970-01-01 02:00:00"));
    EXPECT_THAT(open, testing::HasSubstr("SL-1"));
    EXPECT_THAT(table({due("soon", 2, DeadlineState::open), due("called", 1, DeadlineState::overdue)}),
                testing::HasSubstr("overdue: called"));
    EXPECT_THAT(table({}), testing::Not(testing::HasSubstr("1970-01-01 02")));
}

}  // namespace
}  // namespace citybridge
