// Erasure, retention, backup, restore and the doctor.
#include <fstream>

#include "core/store/backup.h"
#include "core/store/connection.h"
#include "core/store/generation.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

class Keeping : public StoreTest {
protected:
    std::unique_ptr<Readers> readers() {
        auto opened = open_readers(settings_, 1);
        EXPECT_TRUE(opened) << opened.error().detail;
        return std::move(*opened);
    }
    std::int64_t number(const std::string& sql) {
        Connection connection(settings_, Access::read);
        return connection.one_number(sql);
    }
};

Changes a_customers_traces() {
    Changes changes;
    changes.customers = {some_customer("cus_1"), some_customer("cus_22")};
    changes.orders = {some_order("ord_1"), some_order("ord_9")};
    changes.orders[1].customer = "cus_22";
    changes.orders[1].contact = "con_9";
    changes.history = {some_history("ord_1", 1), some_history("ord_9", 1)};
    changes.outbox = {some_message("sent", 1), some_message("waiting", 2), some_message("other", 3)};
    changes.outbox[0].state = changes.outbox[2].state = OutboxState::delivered;
    changes.outbox[2].order = "ord_9";
    changes.idempotency = {some_answer("li.na", "k1"), some_answer("li.na", "k2")};
    changes.idempotency[1].location = "/v1/orders/ord_9";
    changes.idempotency[1].body = "{}";
    changes.commands = {some_command("cmd_1")};
    changes.journal = {some_contact("con_1", "hidden"), some_contact("con_2", some_customer("cus_1").numbers[1]),
                       some_contact("con_9", "n9")};
    return changes;
}

TEST_P(Keeping, AnErasedCustomerLeavesNoPersonalDataAndOthersKeepTheirs) {
    must_commit(a_customers_traces());
    Changes erasing;
    erasing.erased_customers = {"cus_1"};
    must_commit(erasing);
    const auto reading = readers();
    const auto customer = **reading->customer("cus_1");
    EXPECT_TRUE(customer.erased);
    EXPECT_EQ(customer.name + customer.city + customer.source + customer.preference, "");
    EXPECT_TRUE(customer.numbers.empty());
    EXPECT_TRUE(customer.fields.empty());
    EXPECT_FALSE((*reading->customer_by_number(some_customer("cus_1").numbers[0])).has_value());
    const auto entry = reading->history("ord_1")->at(0);
    EXPECT_EQ(entry.text, "");
    EXPECT_TRUE(entry.detail.empty());
    EXPECT_EQ(entry.actor, "li.na") << "who did what stays";
    EXPECT_EQ((**reading->outbox_message("sent")).payload, "{}");
    EXPECT_EQ((**reading->outbox_message("waiting")).payload, some_message("x", 1).payload)
        << "what is still to be sent keeps its content";
    EXPECT_TRUE((**reading->command("cmd_1")).detail.empty());
    EXPECT_EQ(number("select count(*) from journal where body='{}' and number=''"), 2);
    EXPECT_EQ(number("select count(*) from idempotency where body=''"), 1);

    EXPECT_EQ(*reading->customer("cus_22"), some_customer("cus_22"));
    EXPECT_EQ(reading->history("ord_9")->at(0), some_history("ord_9", 1));
    EXPECT_EQ((**reading->outbox_message("other")).payload, some_message("x", 1).payload);
    EXPECT_EQ(reading->journal({"n9"}, 1)->size(), 1u);
}

TEST_P(Keeping, WhatIsDeliveredAfterTheErasureIsBlankedByTheRetention) {
    must_commit(a_customers_traces());
    Changes erasing;
    erasing.erased_customers = {"cus_1"};
    erasing.deliveries = {{"waiting", OutboxState::dead, 1, at(0), at(0), "", "", "", false, false}};
    must_commit(erasing);
    Changes delivered;
    delivered.deliveries = {{"waiting", OutboxState::delivered, 1, at(0), at(0), "", "", "", false, false}};
    must_commit(delivered);
    ASSERT_TRUE(store_->forget({}, at(200), 100));
    EXPECT_EQ((**readers()->outbox_message("waiting")).payload, "{}");
}

TEST_P(Keeping, OldRowsAreForgottenAFewAtATimeAndUnsettledOnesStay) {
    Changes changes;
    for (int i = 1; i <= 5; ++i) {
        changes.outbox.push_back(some_message("m" + std::to_string(i), i));
        changes.outbox.back().state = i == 1 ? OutboxState::dead : OutboxState::delivered;
        changes.inbox.push_back({"erp", std::to_string(i), at(0), "x"});
        changes.idempotency.push_back(some_answer("u", std::to_string(i)));
        changes.commands.push_back(some_command(std::to_string(i)));
        changes.commands.back().state = i == 1 ? "accepted" : "succeeded";
        changes.journal.push_back(some_contact(std::to_string(i), "n"));
    }
    changes.outbox[4].updated_at = at(86'400'000);
    must_commit(changes);
    Store::Retention day;
    day.delivered = day.idempotency = day.inbox = day.commands = day.journal = day.batches = Millis{86'400'000};
    EXPECT_EQ(*store_->forget(day, at(86'400'000 - 1000), 100), 0u) << "nothing is a day old";
    const auto later = at(86'400'000 + 1000);
    EXPECT_EQ(*store_->forget(day, later, 2), 11u) << "two of each of five tables, and the one batch";
    EXPECT_EQ(*store_->forget(day, later, 100), 12u) << "1 message, 3 answers, 3 of the inbox, 2 commands, 3 contacts";
    EXPECT_EQ(number("select count(*) from outbox"), 2) << "the dead one and the young one";
    EXPECT_EQ(number("select count(*) from commands"), 1);
}

TEST_P(Keeping, ABackupOfARunningStoreIsRestoredWithAHigherGeneration) {
    Changes first;
    first.orders = {some_order("ord_1")};
    must_commit(first);
    const auto file = folder_ / "backup";
    const auto backed = backup_store(settings_, file);
    ASSERT_TRUE(backed) << backed.error().detail;
    EXPECT_EQ(backup_store(settings_, file).error().code, "store.backup_failed") << "no backup is overwritten";
    Changes second;
    second.orders = {some_order("ord_2")};
    must_commit(second);
    EXPECT_EQ(restore_store(settings_, file).error().code, "store.in_use");
    store_.reset();
    for (std::int64_t before = 0, round = 0; round < 2; ++round) {
        const auto restored = restore_store(settings_, file);
        ASSERT_TRUE(restored) << restored.error().detail;
        Connection connection(settings_, Access::read);
        EXPECT_GT(read_generation(connection), before);
        before = read_generation(connection);
    }
    auto again = open_store(settings_);
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_TRUE((*readers()->order("ord_1")).has_value());
    EXPECT_FALSE((*readers()->order("ord_2")).has_value());
    EXPECT_TRUE(*(*again)->has_batch("batch1"));
    EXPECT_EQ((*again)->commit("next", second, at(0)).commit, Commit::done);
}

TEST_P(Keeping, SomethingElseThanABackupIsNotRestored) {
    store_.reset();
    const auto file = folder_ / "text";
    std::ofstream(file) << "no backup at all";
    EXPECT_EQ(restore_store(settings_, file).error().code, "store.restore_failed");
    EXPECT_EQ(restore_store(settings_, folder_ / "nowhere").error().code, "store.restore_failed");
    EXPECT_TRUE(open_store(settings_));
}

TEST_P(Keeping, TheDoctorFindsWhatContradictsItself) {
    Changes sound;
    sound.orders = {some_order("ord_1")};
    sound.orders[0].customer = "";
    sound.history = {some_history("ord_1", 1), some_history("ord_1", 2)};
    must_commit(sound);
    const auto found = check_store(settings_);
    ASSERT_TRUE(found) << found.error().detail;
    for (const auto& finding : *found) EXPECT_EQ(finding.code, "disk.little_room") << finding.detail;
    Changes broken;
    broken.history = {some_history("ord_1", 4), some_history("gone", 1)};
    broken.deadlines = {some_deadline("gone", 1)};
    broken.orders = {some_order("ord_2")};
    must_commit(broken);
    std::set<std::string> codes;
    const auto contradictions = check_store(settings_);
    ASSERT_TRUE(contradictions) << contradictions.error().detail;
    for (const auto& finding : *contradictions) codes.insert(finding.code);
    for (const char* code : {"history.gap", "history.count", "history.orphan", "deadline.orphan", "order.customer"})
        EXPECT_TRUE(codes.count(code)) << code;
}

ON_BOTH_DATABASES(Keeping);

}  // namespace
}  // namespace citybridge::store
