// Verifications, what was used up for a number, blocked addresses and messages by the far side's number, in both
// databases.
#include "core/store/verification_reader.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

VerificationRecord some_verification(const std::string& id) {
    VerificationRecord row;
    row.id = id;
    row.customer = "cus_1";
    row.number = "+8613800000001";
    row.purpose = "data_change";
    row.order = "ord_1";
    row.contact = "c1";
    row.state = "pending";
    row.nonce = "abc";
    row.sends = 1;
    row.checks = 2;
    row.opened_by = "li";
    row.created_at = at(1);
    row.expires_at = at(2);
    row.updated_at = at(3);
    row.revision = 4;
    row.detail = {{"delivery", "accepted"}};
    return row;
}

VerificationBudgetRecord some_budget(const std::string& number, const std::string& purpose) {
    return {number, purpose, at(1), 2, 3, at(4), at(5), {{"sends", {1, 2}}}};
}

class VerificationsTest : public ReadTest {};

TEST_P(VerificationsTest, WhatGoesInComesOutAndTheLastChangeStays) {
    Changes changes;
    changes.verification.verifications = {some_verification("ver_1"), some_verification("ver_1")};
    changes.verification.verifications[1].state = "verified";
    changes.verification.budgets = {some_budget("+861", ""), some_budget("+861", "data_change")};
    changes.verification.blocked = {{"+861", "sms", true, "asked", "gao", at(1)}};
    must_commit(changes);
    must_commit(changes);
    Wanted wanted;
    wanted.verification.verifications = {"ver_1", "ver_2", "ver_1"};
    wanted.verification.budgets = {{"+861", ""}, {"+861", "other"}, {"+861", "data_change"}};
    wanted.verification.blocked = {{"+861", "sms"}, {"+861", "email"}};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    ASSERT_EQ(loaded->verification.verifications.size(), 1U);
    EXPECT_EQ(loaded->verification.verifications[0], changes.verification.verifications[1]);
    ASSERT_EQ(loaded->verification.budgets.size(), 2U);
    for (const auto& row : loaded->verification.budgets) EXPECT_EQ(row, some_budget("+861", row.purpose));
    ASSERT_EQ(loaded->verification.blocked.size(), 1U);
    EXPECT_EQ(loaded->verification.blocked[0], changes.verification.blocked[0]);
}

TEST_P(VerificationsTest, AMessageIsFoundByTheNumberItsGatewayGaveIt) {
    Changes changes;
    changes.outbox = {some_message("m1", 1), some_message("m2", 2), some_message("m3", 3)};
    for (OutboxRecord& row : changes.outbox) row.destination = "sms";
    changes.outbox[0].external_id = "gw-1";
    changes.outbox[1].external_id = "gw-1";
    changes.outbox[1].destination = "other";
    changes.outbox[2].external_id = "";
    must_commit(changes);
    Wanted wanted;
    wanted.verification.outbox_by_far = {{"sms", "gw-1"}, {"sms", "gw-2"}};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    ASSERT_EQ(loaded->outbox.size(), 1U);
    EXPECT_EQ(loaded->outbox[0].id, "m1");
}

TEST_P(VerificationsTest, ListsAreTheNewestFirst) {
    Changes changes;
    for (int i = 0; i < 3; ++i) {
        changes.verification.verifications.push_back(some_verification("ver_" + std::to_string(i)));
        changes.verification.verifications.back().created_at = at(i);
    }
    must_commit(changes);
    const auto of_customer = verifications_of(*readers_, "cus_1", "", 2);
    ASSERT_TRUE(of_customer && of_customer->size() == 2);
    EXPECT_EQ((*of_customer)[0].id, "ver_2");
    EXPECT_EQ(verifications_of(*readers_, "", "ord_1", 10)->size(), 3U);
    EXPECT_EQ(verifications_of(*readers_, "", "ord_2", 10)->size(), 0U);
    EXPECT_EQ((*verification(*readers_, "ver_1"))->id, "ver_1");
    EXPECT_FALSE(*verification(*readers_, "ver_9"));
}

TEST_P(VerificationsTest, BlockedAddressesComeInPages) {
    Changes changes;
    for (const char* address : {"a", "b", "c"})
        for (const char* channel : {"email", "sms"})
            changes.verification.blocked.push_back({address, channel, true, "", "", at(1)});
    changes.verification.blocked[2].blocked = false;
    must_commit(changes);
    BlockedQuery query;
    query.limit = 2;
    std::vector<std::string> seen;
    for (;;) {
        const auto page = blocked_addresses(*readers_, query);
        ASSERT_TRUE(page) << page.error().detail;
        for (const auto& row : *page) seen.push_back(row.address + row.channel);
        if (page->size() < 2) break;
        query.after_address = page->back().address;
        query.after_channel = page->back().channel;
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"aemail", "asms", "bsms", "cemail", "csms"}));
}

TEST_P(VerificationsTest, ErasureTakesTheNumberAndWhatWasUsedUpForIt) {
    CustomerRecord customer = some_customer("cus_1");
    customer.numbers = {"+8613800000001"};
    Changes changes;
    changes.customers = {customer};
    changes.verification.verifications = {some_verification("ver_1"), some_verification("ver_2")};
    changes.verification.verifications[1].customer = "cus_2";
    changes.verification.budgets = {some_budget("+8613800000001", ""), some_budget("+8613800000002", "")};
    must_commit(changes);
    Changes erasure;
    erasure.erased_customers = {"cus_1"};
    must_commit(erasure);
    const auto erased = *verification(*readers_, "ver_1");
    EXPECT_EQ(erased->number, "");
    EXPECT_EQ(erased->nonce, "");
    EXPECT_TRUE(erased->detail.empty());
    EXPECT_EQ((*verification(*readers_, "ver_2"))->number, "+8613800000001");
    EXPECT_EQ(verification_budgets(*readers_, {"+8613800000001", "+8613800000002"})->size(), 1U);
}

TEST_P(VerificationsTest, OldOnesAreForgotten) {
    Changes changes;
    changes.verification.verifications = {some_verification("ver_1")};
    changes.verification.budgets = {some_budget("+861", "")};
    must_commit(changes);
    Store::Retention keep;
    ASSERT_TRUE(store_->forget(keep, at(0) + std::chrono::days{29}, 100));
    EXPECT_EQ(verification_budgets(*readers_, {"+861"})->size(), 1U);
    ASSERT_TRUE(store_->forget(keep, at(0) + std::chrono::days{31}, 100));
    EXPECT_EQ(verification_budgets(*readers_, {"+861"})->size(), 0U);
    EXPECT_TRUE(*verification(*readers_, "ver_1"));
    ASSERT_TRUE(store_->forget(keep, at(0) + std::chrono::days{401}, 100));
    EXPECT_FALSE(*verification(*readers_, "ver_1"));
}

ON_BOTH_DATABASES(VerificationsTest);

}  // namespace
}  // namespace citybridge::store
