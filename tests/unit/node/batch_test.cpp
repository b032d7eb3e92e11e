#include "core/node/batch.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

OutboxRecord carried(const std::string& id, const std::string& number, Millis at) {
    OutboxRecord row;
    row.id = id;
    row.destination = "sms";
    row.state = OutboxState::delivered;
    row.external_id = number;
    row.updated_at = WallTime{at};
    return row;
}

// In whatever order the store gives them.
TEST(Batch, ANumberOfACentreThatBeginsAnewIsOfTheMessageThatGotItLast) {
    const OutboxRecord old = carried("ord_1.1.sms", "7", Millis{1'000});
    const OutboxRecord young = carried("ord_2.1.sms", "7", Millis{2'000});
    for (const auto& rows : {std::vector{old, young}, std::vector{young, old}}) {
        Batch batch;
        Loaded loaded;
        loaded.outbox = rows;
        batch.fill(std::move(loaded));
        ASSERT_NE(batch.outbox_by_far("sms", "7"), nullptr);
        EXPECT_EQ(batch.outbox_by_far("sms", "7")->id, "ord_2.1.sms");
        EXPECT_EQ(batch.outbox_by_far("texts", "7"), nullptr);
    }
}

// Whoever was taken earlier in the same batch has had his turn.
TEST(Batch, TheTurnGoesOnWithinABatch) {
    const TurnOf line{"visit", "new", "sales"};
    Loaded loaded;
    for (int n = 3; n > 0; --n) {
        OrderRecord& row = loaded.orders.emplace_back();
        row.id = "ord_" + std::to_string(n);
        row.kind = line.kind;
        row.state = line.state;
        row.group = line.group;
        row.created_at = WallTime{Millis{n}};
    }
    OrderRecord first = loaded.orders.back();
    Batch batch;
    batch.fill(std::move(loaded));
    ASSERT_NE(batch.first_in_turn(line), nullptr);
    EXPECT_EQ(batch.first_in_turn(line)->id, "ord_1");
    first.state = "calling";
    Changes taken;
    taken.orders = {first};
    batch.take(std::move(taken));
    EXPECT_EQ(batch.first_in_turn(line)->id, "ord_2");
    EXPECT_EQ(batch.first_in_turn({"visit", "new", "service"}), nullptr);
    EXPECT_EQ(batch.first_in_turn({"visit", "done", "sales"}), nullptr);
}

}  // namespace
}  // namespace citybridge
