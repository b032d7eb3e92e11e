// Callbacks and transfers between cities of one person: found by who he is and
// by his numbers, and gone with him; on both databases.
#include <set>

#include "core/relay/city_transfer.h"
#include "core/store/callback_reader.h"
#include "core/store/transfer_reader.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

constexpr const char* kHis = "+8613800138000";
constexpr const char* kOthers = "+8613900139000";

CallbackRecord some_callback(const std::string& id, const std::string& customer, const std::string& number) {
    CallbackRecord row;
    row.id = id;
    row.side = "origin";
    row.origin = "beijing";
    row.target = "hangzhou";
    row.customer = customer;
    row.number = number;
    row.name = "陈女士";
    row.data = {{"notes", "湖边两居"}};
    row.created_at = row.updated_at = row.promised_at = at(static_cast<std::int64_t>(id.size()));
    return row;
}

OutboxRecord city_message(const std::string& id, std::int64_t seq, const std::string& kind, const std::string& key) {
    OutboxRecord row = some_message(id, seq);
    row.kind = kind;
    row.key = key;
    row.order.clear();
    row.payload = std::string(R"({"task":{"number":")") + kHis + R"("}})";
    row.state = OutboxState::delivered;
    return row;
}

CommandRecord some_transfer(const std::string& id, const std::string& number) {
    relay::CityTransfer transfer;
    transfer.id = id;
    transfer.city = "hangzhou";
    transfer.number = number;
    transfer.name = "陈女士";
    transfer.at = transfer.updated_at = at(1);
    return relay::row_of(transfer);
}

class CityCallbacksTest : public ReadTest {
protected:
    void SetUp() override {
        ReadTest::SetUp();
        Changes changes;
        CustomerRecord customer = some_customer("cus_1");
        customer.numbers = {kHis};
        changes.customers = {customer};
        changes.callback.callbacks = {some_callback("cb_1", "cus_1", "+8610000"), some_callback("cb_22", "", kHis),
                                      some_callback("cb_333", "cus_2", kOthers)};
        changes.callback.callbacks[1].closed_at = at(9);
        CallbackHistoryRecord entry;
        entry.callback = "cb_22";
        entry.n = 1;
        entry.text = "wants to be called Saturday";
        changes.callback.history = {entry};
        changes.commands = {some_transfer("ct_1", kHis), some_transfer("ct_2", kOthers), some_transfer("ct_3", "")};
        changes.outbox = {
            city_message("m1", 1, "city_message", "cb_22"), city_message("m2", 2, "city_message", "cities"),
            city_message("m3", 3, "city_transfer", "ct_1"), city_message("m4", 4, "city_transfer", "ct_2")};
        must_commit(changes);
    }
    std::vector<std::string> found(bool open_only) {
        const auto rows = read_callbacks_of(*readers_, "cus_1", {kHis, ""}, open_only, 10);
        EXPECT_TRUE(rows) << rows.error().detail;
        std::vector<std::string> ids;
        for (const CallbackRecord& row : *rows) ids.push_back(row.id);
        return ids;
    }
    std::string payload(const std::string& message) { return (*readers_->outbox_message(message))->payload; }
};

TEST_P(CityCallbacksTest, AreFoundByWhoHeIsAndByHisNumbers) {
    EXPECT_EQ(found(false), (std::vector<std::string>{"cb_22", "cb_1"}));
    EXPECT_EQ(found(true), (std::vector<std::string>{"cb_1"}));
    const auto nobody = read_callbacks_of(*readers_, "", {""}, false, 10);
    ASSERT_TRUE(nobody);
    EXPECT_TRUE(nobody->empty());
    // As many as are asked for are his own, whoever else's are newer.
    const auto transfers = read_transfers_of(*readers_, {kHis, ""}, 1);
    ASSERT_TRUE(transfers);
    ASSERT_EQ(transfers->size(), 1U);
    EXPECT_EQ((*transfers)[0].id, "ct_1");
    EXPECT_EQ(read_open_transfers(*readers_)->size(), 3U);
}

TEST_P(CityCallbacksTest, GoWithHim) {
    Changes changes;
    changes.erased_customers = {"cus_1"};
    must_commit(changes);
    for (const char* id : {"cb_1", "cb_22"}) {
        const auto row = read_callback(*readers_, id);
        ASSERT_TRUE(row && *row);
        EXPECT_EQ((*row)->number, "");
        EXPECT_EQ((*row)->name, "");
        EXPECT_EQ((*row)->data, (Fields{{"erased", true}}));
        EXPECT_EQ((*row)->state, CallbackState::offered) << "its course stays";
    }
    EXPECT_EQ(read_callback_history(*readers_, "cb_22")->at(0).text, "");
    EXPECT_EQ((*read_callback(*readers_, "cb_333"))->number, kOthers);
    EXPECT_EQ((*readers_->command("ct_1"))->detail, Fields::object());
    EXPECT_EQ((*readers_->command("ct_2"))->detail["number"], kOthers);
    for (const char* id : {"m1", "m2", "m3"}) EXPECT_EQ(payload(id), "{}") << id;
    EXPECT_NE(payload("m4"), "{}");
}

TEST_P(CityCallbacksTest, AMessageStillOnItsWayIsEmptiedWhenItHasArrived) {
    Changes late;
    late.outbox = {city_message("m5", 5, "city_message", "cb_22")};
    late.outbox[0].state = OutboxState::pending;
    must_commit(late);
    Changes erased;
    erased.erased_customers = {"cus_1"};
    must_commit(erased);
    EXPECT_NE(payload("m5"), "{}");
    Changes arrived;
    OutboxProgress& progress = arrived.deliveries.emplace_back();
    progress.id = "m5";
    progress.state = OutboxState::delivered;
    progress.updated_at = at(20);
    must_commit(arrived);
    ASSERT_TRUE(store_->forget({}, at(30), 100));
    EXPECT_EQ(payload("m5"), "{}");
}

TEST_P(CityCallbacksTest, ThoseThatEndedAreFoundByCityAndIds) {
    Changes changes;
    // Not by the rules of a language, in which an underscore or a capital counts for little.
    for (const char* id : {"cb_A", "cb_a", "cb_b", "cb-c", "cb_d"}) {
        CallbackRecord row = some_callback(id, "", "");
        row.closed_at = at(50);
        changes.callback.callbacks.push_back(row);
    }
    CallbackRecord& here = changes.callback.callbacks.emplace_back(some_callback("cb_e", "", ""));
    here.side = "target";
    std::swap(here.origin, here.target);
    here.closed_at = at(50);
    CallbackRecord& elsewhere = changes.callback.callbacks.emplace_back(some_callback("cb_f", "", ""));
    elsewhere.target = "nanjing";
    elsewhere.closed_at = at(50);
    must_commit(changes);
    const auto ended = [&](const std::string& after, const std::string& to) {
        Wanted wanted;
        wanted.callback.ended_of = {{"hangzhou", after, to}};
        const auto rows = store_->load(wanted);
        EXPECT_TRUE(rows);
        std::set<std::string> ids;
        for (const CallbackRecord& row : rows->callback.callbacks) ids.insert(row.id);
        return ids;
    };
    using Ids = std::set<std::string>;
    EXPECT_EQ(ended("", ""), (Ids{"cb_22", "cb_A", "cb_a", "cb_b", "cb-c", "cb_d", "cb_e"}));
    EXPECT_EQ(ended("", "cb_A"), (Ids{"cb-c", "cb_22", "cb_A"}));
    EXPECT_EQ(ended("cb_A", "cb_b"), (Ids{"cb_a", "cb_b"}));
    EXPECT_EQ(ended("cb_b", ""), (Ids{"cb_d", "cb_e"}));
}

TEST_P(CityCallbacksTest, OfTooManyThatEndedTheLatestAreLoaded) {
    Changes changes;
    for (std::size_t i = 0; i < CallbackEnds::kMost; ++i) {
        CallbackRecord row = some_callback("cb_many" + std::to_string(i), "", "");
        row.closed_at = at(100);
        changes.callback.callbacks.push_back(row);
    }
    must_commit(changes);
    Wanted wanted;
    wanted.callback.ended_of = {{"hangzhou", "", ""}};
    const auto rows = store_->load(wanted);
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->callback.callbacks.size(), CallbackEnds::kMost);
    for (const CallbackRecord& row : rows->callback.callbacks) EXPECT_EQ(row.closed_at, at(100)) << row.id;
}

ON_BOTH_DATABASES(CityCallbacksTest);

}  // namespace
}  // namespace citybridge::store
