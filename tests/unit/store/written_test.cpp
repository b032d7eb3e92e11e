// Messages that people wrote, and how many of a day, in both databases.
#include "core/store/written_reader.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

WrittenMessageRecord some_written(const std::string& id, const std::string& customer = "cus_1") {
    WrittenMessageRecord row;
    row.id = id;
    row.customer = customer;
    row.order = "ord_1";
    row.to = "+8613800000001";
    row.kind = "visit";
    row.template_name = "coming";
    row.text = "【安居】您好";
    row.values = {"陈女士", "5"};
    row.parts = 2;
    row.state = "undelivered";
    row.code = "24";
    row.detail = "absent";
    row.written_by = "li";
    row.created_at = at(1);
    row.next_at = at(2);
    row.updated_at = at(3);
    row.revision = 4;
    return row;
}

class WrittenTest : public ReadTest {};

TEST_P(WrittenTest, WhatGoesInComesOutAndTheLastChangeStays) {
    Changes changes;
    changes.written.messages = {some_written("msg_1"), some_written("msg_1")};
    changes.written.messages[1].state = "delivered";
    changes.written.budgets = {{"user:li", "2026-11-22", 9, at(1)}, {"user:li", "2026-11-23", 1, at(2)}};
    must_commit(changes);
    must_commit(changes);
    Wanted wanted;
    wanted.written.messages = {"msg_1", "msg_2", "msg_1"};
    wanted.written.budgets = {"user:li", "user:wang"};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->written.messages, std::vector{changes.written.messages[1]});
    EXPECT_EQ(loaded->written.budgets, std::vector{changes.written.budgets[1]});
    EXPECT_EQ((*written_message(*readers_, "msg_1"))->state, "delivered");
    EXPECT_FALSE(*written_message(*readers_, "msg_9"));
}

TEST_P(WrittenTest, ListsComeInPagesTheNewestFirst) {
    Changes changes;
    for (int i = 0; i < 5; ++i) {
        changes.written.messages.push_back(some_written("msg_" + std::to_string(i), i == 4 ? "cus_2" : "cus_1"));
        changes.written.messages.back().created_at = at(i / 2);
    }
    must_commit(changes);
    Before before;
    before.limit = 3;
    const auto first = written_messages(*readers_, "cus_1", "", before);
    ASSERT_TRUE(first && first->size() == 3U);
    EXPECT_EQ((*first)[0].id, "msg_3");
    before.at = first->back().created_at;
    before.id = first->back().id;
    const auto rest = written_messages(*readers_, "cus_1", "", before);
    ASSERT_TRUE(rest && rest->size() == 1U);
    EXPECT_EQ((*rest)[0].id, "msg_0");
    EXPECT_EQ(written_messages(*readers_, "", "ord_1", Before{})->size(), 5U);
    EXPECT_EQ(written_messages(*readers_, "", "ord_2", Before{})->size(), 0U);
}

TEST_P(WrittenTest, ErasureTakesNumberAndTextAndWhatTheGatewaySaid) {
    CustomerRecord customer = some_customer("cus_1");
    Changes changes;
    changes.customers = {customer};
    changes.written.messages = {some_written("msg_1"), some_written("msg_2", "cus_2")};
    changes.outbox = {some_message("msg_1.sms", 1)};
    changes.outbox[0].kind = "written_sms";
    changes.outbox[0].key = "msg_1";
    changes.outbox[0].order.clear();
    changes.outbox[0].last_detail = "+8613800000001 is absent";
    must_commit(changes);
    Changes erasure;
    erasure.erased_customers = {"cus_1"};
    must_commit(erasure);
    const auto gone = *written_message(*readers_, "msg_1");
    EXPECT_EQ(gone->to + gone->text + gone->detail, "");
    EXPECT_TRUE(gone->values.empty());
    EXPECT_EQ(gone->written_by, "li");
    EXPECT_EQ(*written_message(*readers_, "msg_2"), some_written("msg_2", "cus_2"));
    Wanted wanted;
    wanted.outbox = {"msg_1.sms"};
    EXPECT_EQ(store_->load(wanted)->outbox.at(0).last_detail, "");
}

TEST_P(WrittenTest, AMergeTakesThemAlong) {
    Changes changes;
    changes.written.messages = {some_written("msg_1", "cus_2")};
    must_commit(changes);
    Changes merge;
    CustomerMergeRecord row;
    row.from = "cus_2";
    row.into = "cus_1";
    row.at = at(5);
    row.before = Fields::object();
    merge.desk.merges = {row};
    // One that is written in the same batch too.
    merge.written.messages = {some_written("msg_2", "cus_2")};
    must_commit(merge);
    EXPECT_EQ(written_messages(*readers_, "cus_1", "", Before{})->size(), 2U);
}

TEST_P(WrittenTest, WhatWaitsIsKeptWhateverItsAge) {
    Changes changes;
    changes.written.messages = {some_written("msg_1"), some_written("msg_2")};
    changes.written.messages[1].state = "waiting";
    changes.written.budgets = {{"user:li", "2026-11-22", 9, at(1)}};
    must_commit(changes);
    Store::Retention retention;
    retention.journal = Millis{1};
    ASSERT_TRUE(store_->forget(retention, at(40LL * 86'400'000), 100));
    EXPECT_FALSE(*written_message(*readers_, "msg_1"));
    EXPECT_TRUE(*written_message(*readers_, "msg_2"));
    Wanted wanted;
    wanted.written.budgets = {"user:li"};
    EXPECT_TRUE(store_->load(wanted)->written.budgets.empty());
}

ON_BOTH_DATABASES(WrittenTest);

}  // namespace
}  // namespace citybridge::store
