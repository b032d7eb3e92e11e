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

}  // namespace
}  // namespace citybridge
