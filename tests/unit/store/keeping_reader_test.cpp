// What the node looks after by itself is read page by page, and customers' names are found through their orders.
#include "core/store/keeping_reader.h"

#include "core/store/desk_reader.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

using Ids = std::vector<std::string>;

class KeepingReaderTest : public ReadTest {
protected:
    static OrderRecord open(const std::string& id, std::int64_t version, const std::string& customer = "") {
        OrderRecord order = some_order(id);
        order.kind = "repair";
        order.flow_version = version;
        order.customer = customer;
        order.closed_at.reset();
        return order;
    }
    static HistoryRecord entry(const std::string& order, std::int64_t n, const std::string& actor,
                               const std::string& text) {
        HistoryRecord row = some_history(order, n);
        row.actor = actor;
        row.text = text;
        return row;
    }
    static TellingRecord told(const std::string& id, std::int64_t when, const std::string& user,
                              const std::string& role = "", const std::string& group = "") {
        TellingRecord row;
        row.id = id;
        row.order = "a";
        row.kind = "tell";
        row.channel = "screen";
        row.to_user = user;
        row.to_role = role;
        row.to_group = group;
        row.at = at(when);
        row.to_acknowledge = true;
        return row;
    }
    Ids told_to(const TellingQuery& asked) {
        Ids out;
        const auto rows = tellings_to(*readers_, asked);
        EXPECT_TRUE(rows) << rows.error().detail;
        if (rows)
            for (const TellingRecord& row : *rows) out.push_back(row.id);
        return out;
    }
    Ids with_word(const std::string& word) {
        OrderQuery query;
        query.words = {word};
        Ids out;
        const auto orders = readers_->orders(query);
        EXPECT_TRUE(orders) << orders.error().detail;
        if (orders)
            for (const OrderRecord& order : *orders) out.push_back(order.id);
        std::sort(out.begin(), out.end());
        return out;
    }
};

TEST_P(KeepingReaderTest, OrdersOfAnotherVersionComeInPagesWithWhoOpenedThem) {
    Changes changes;
    changes.orders = {open("a", 1), open("b", 2), open("c", 1), open("d", 3), open("e", 1)};
    changes.orders[4].closed_at = at(5);
    changes.history = {entry("a", 1, "wang", ""), entry("a", 2, "li", ""), entry("d", 1, "zhao", "")};
    must_commit(changes);
    const auto first = on_other_version(*readers_, "repair", 2, "", 2);
    ASSERT_TRUE(first) << first.error().detail;
    ASSERT_EQ(first->size(), 2U);
    EXPECT_EQ((*first)[0].order.id, "a");
    EXPECT_EQ((*first)[0].opener, "wang");
    EXPECT_EQ((*first)[1].order.id, "c");
    EXPECT_EQ((*first)[1].opener, "");
    const auto next = on_other_version(*readers_, "repair", 2, "c", 2);
    ASSERT_EQ(next->size(), 1U) << "what is closed stays where it is";
    EXPECT_EQ((*next)[0].order.id, "d");
    EXPECT_EQ((*next)[0].opener, "zhao");
}

TEST_P(KeepingReaderTest, OrdersThatLackADeadlineOrWordsAreFoundPageByPage) {
    Changes changes;
    changes.orders = {open("a", 1), open("b", 1), open("c", 1, "cus_1"), open("d", 1)};
    changes.orders[3].closed_at = at(5);
    DeadlineRecord due = some_deadline("a", 1);
    due.state = DeadlineState::open;
    DeadlineRecord past = some_deadline("b", 1);
    past.state = DeadlineState::done;
    changes.deadlines = {due, past};
    changes.desk.order_texts = {{"a", 0, "x"}, {"c", 0, "x"}};
    changes.history = {entry("b", 1, "wang", "said"), entry("b", 2, "wang", "")};
    must_commit(changes);
    const auto first = open_without_deadline(*readers_, "", 2);
    ASSERT_TRUE(first) << first.error().detail;
    EXPECT_EQ(first->orders, (Ids{"b"}));
    EXPECT_EQ(first->last, "b");
    EXPECT_EQ(open_without_deadline(*readers_, "b", 2)->orders, (Ids{"c"}));
    EXPECT_TRUE(open_without_deadline(*readers_, "c", 2)->last.empty());
    EXPECT_EQ(without_search_words(*readers_, "", 10)->orders, (Ids{"b", "c", "d"})) << "c has no name of its customer";
    const auto texts = texts_of(*readers_, {"a", "b"});
    ASSERT_EQ(texts->size(), 1U);
    EXPECT_EQ((*texts)[0].text, "said");
}

TEST_P(KeepingReaderTest, OrdersAreFoundByTheNameTheirCustomerHasNow) {
    Changes changes;
    changes.customers = {some_customer("cus_1"), some_customer("cus_2")};
    changes.customers[1].numbers.clear();
    changes.orders = {open("a", 1, "cus_1"), open("b", 1, "cus_1"), open("c", 1, "cus_2"), open("d", 1)};
    changes.desk.order_texts = {{"cus_1", -2, "chen"}, {"cus_2", -2, "smith"}};
    must_commit(changes);
    EXPECT_EQ(with_word("chen"), (Ids{"a", "b"}));
    EXPECT_EQ(with_word("smith"), (Ids{"c"}));
    Changes renamed;
    renamed.desk.order_texts = {{"cus_1", -2, "li"}};
    must_commit(renamed);
    EXPECT_EQ(with_word("chen"), Ids{});
    EXPECT_EQ(with_word("li"), (Ids{"a", "b"}));
    Changes merged;
    merged.desk.merges = {{"cus_2", "cus_1", "wang", at(9), {}}};
    merged.desk.order_texts = {{"cus_1", -2, "li"}};
    must_commit(merged);
    EXPECT_EQ(with_word("li"), (Ids{"a", "b", "c"})) << "an order that became his by this very step, too";
    Changes erased;
    erased.erased_customers = {"cus_1"};
    must_commit(erased);
    EXPECT_EQ(with_word("li"), Ids{});
}

TEST_P(KeepingReaderTest, APersonIsToldByNameRoleAndGroup) {
    Changes changes;
    changes.orders = {open("a", 1)};
    changes.tellings = {told("1", 1, "wang"),
                        told("2", 2, "", "agent"),
                        told("3", 3, "", "agent", "sales"),
                        told("4", 4, "", "agent", "service"),
                        told("5", 5, "", "", "sales"),
                        told("6", 6, "li"),
                        told("7", 7, "", "team_lead"),
                        told("8", 8, "wang")};
    changes.tellings[7].settled_at = at(9);
    must_commit(changes);
    TellingQuery asked;
    asked.user = "wang";
    asked.role = "agent";
    asked.groups = {"sales"};
    EXPECT_EQ(told_to(asked), (Ids{"5", "3", "2", "1"}));
    asked.limit = 2;
    asked.before_at = at(3);
    asked.before_id = "3";
    EXPECT_EQ(told_to(asked), (Ids{"2", "1"}));
    asked = {"wang", "agent", {}, false, {}, {}, 50};
    EXPECT_EQ(told_to(asked), (Ids{"8", "2", "1"})) << "of no group";
}

ON_BOTH_DATABASES(KeepingReaderTest);

}  // namespace
}  // namespace citybridge::store
