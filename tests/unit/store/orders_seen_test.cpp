// An order that was read before it is written is written in fewer columns, and stands in the store as whole as any.
#include <functional>

#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

using Change = std::function<void(OrderRecord&)>;

// One change for each member.
std::vector<Change> changes_of_one_member() {
    return {[](OrderRecord& row) { row.kind = "other"; },
            [](OrderRecord& row) { row.flow_version = 77; },
            [](OrderRecord& row) { row.state = "other"; },
            [](OrderRecord& row) { row.owner = "other"; },
            [](OrderRecord& row) { row.group = "other"; },
            [](OrderRecord& row) { row.city = "other"; },
            [](OrderRecord& row) { row.customer = "cus_other"; },
            [](OrderRecord& row) { row.contact = "con_other"; },
            [](OrderRecord& row) { row.external_system = "other"; },
            [](OrderRecord& row) { row.external_id = "E-other"; },
            [](OrderRecord& row) { row.fields["other"] = 7; },
            [](OrderRecord& row) { row.created_at = at(7'001); },
            [](OrderRecord& row) { row.updated_at = at(7'002); },
            [](OrderRecord& row) { row.closed_at = at(7'003); },
            [](OrderRecord& row) { row.closed_at.reset(); },
            [](OrderRecord& row) { row.revision = 78; },
            [](OrderRecord& row) { row.history_n = 79; },
            [](OrderRecord& row) { row.engine["other"] = 8; },
            [](OrderRecord& row) { row.due_at = at(7'004); },
            [](OrderRecord& row) { row.due_at.reset(); },
            [](OrderRecord& row) { row.overdue_at = at(7'005); },
            [](OrderRecord& row) { row.overdue_at.reset(); }};
}

class OrdersSeenTest : public StoreTest {
protected:
    std::vector<OrderRecord> stored() {
        Wanted wanted;
        wanted.orders = {"ord_1", "ord_2"};
        auto loaded = store_->load(wanted);
        EXPECT_TRUE(loaded) << loaded.error().detail;
        std::vector<OrderRecord> rows = loaded ? loaded->orders : std::vector<OrderRecord>{};
        std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
        return rows;
    }
    static OrderRecord whole(const std::string& id) {
        OrderRecord row = some_order(id);
        row.due_at = at(5'000);
        row.overdue_at = at(4'000);
        return row;
    }
};

TEST_P(OrdersSeenTest, EveryMemberThatChangesIsWritten) {
    for (const Change& change : changes_of_one_member()) {
        Changes first;
        first.orders = {whole("ord_1"), whole("ord_2")};
        must_commit(first);
        std::vector<OrderRecord> rows = stored();
        ASSERT_EQ(rows.size(), 2U);
        change(rows[0]);
        Changes second;
        second.orders = rows;
        must_commit(second);
        ASSERT_EQ(stored(), rows);
    }
}

TEST_P(OrdersSeenTest, WhatWasReadBeforeAnotherCommitIsNotTrusted) {
    Changes first;
    first.orders = {whole("ord_1")};
    must_commit(first);
    ASSERT_EQ(stored().size(), 1U);
    Changes moved = first;
    moved.orders[0].owner = "somebody";
    must_commit(moved);
    must_commit(first);  // as it was read; the store has another owner by now
    EXPECT_EQ(stored(), first.orders);
}

TEST_P(OrdersSeenTest, OneThatWasReadAndOneThatIsNewGoTogether) {
    Changes first;
    first.orders = {whole("ord_1")};
    must_commit(first);
    Changes both;
    both.orders = stored();
    both.orders[0].state = "other";
    both.orders.push_back(whole("ord_2"));
    must_commit(both);
    EXPECT_EQ(stored(), both.orders);
}

ON_BOTH_DATABASES(OrdersSeenTest);

}  // namespace
}  // namespace citybridge::store
