// More rows than memory may hold.
#include "tests/unit/relay/relay_desk.h"

namespace citybridge::relay {
namespace {

RelaySettings window_of(std::size_t rows) {
    RelaySettings settings;
    settings.window = rows;
    return settings;
}

// Answers everything with `delivered` until nothing goes out any more; the ids in the order they went.
Ids drain(RelayDesk& desk, std::size_t window) {
    Ids all;
    for (Ids ids = desk.sent(); !ids.empty(); ids = desk.sent()) {
        EXPECT_LE(desk.relay->status().at(0).held, window);
        for (const std::string& id : ids) {
            all.push_back(id);
            desk.reply(id, DeliveryOutcome::delivered);
        }
    }
    return all;
}

TEST(Window, everyRowIsSentOnceInOrderWhileItHoldsAFew) {
    DeliveryTraits traits = traits_of(Repeats::dedupes);
    traits.connections = 1;
    RelayDesk desk(traits, window_of(10));
    Ids expected;
    for (int row = 0; row < 95; ++row) expected.push_back(desk.add("k" + std::to_string(row % 7)));
    EXPECT_EQ(desk.relay->status().at(0).held, 10U);
    EXPECT_EQ(drain(desk, 10), expected);
}

TEST(Window, newerRowsOfAKeyDoNotPassThoseLeftInTheStore) {
    RelayDesk desk(traits_of(Repeats::dedupes), window_of(2));
    const std::string first = desk.add("a");
    const std::string second = desk.add("b");
    const std::string left = desk.add("o");
    desk.sent();
    desk.reply(first, DeliveryOutcome::delivered);
    const std::string newer = desk.add("o");
    EXPECT_EQ(desk.sent(), Ids{left});
    desk.reply(second, DeliveryOutcome::delivered);
    EXPECT_EQ(desk.sent(), Ids{});
    desk.reply(left, DeliveryOutcome::delivered);
    EXPECT_EQ(desk.sent(), Ids{newer});
}

TEST(Window, rowsAddedWhileTheStoreIsReadAreAskedForAgain) {
    RelayDesk desk(traits_of(Repeats::dedupes), window_of(2));
    const std::string first = desk.add("a");
    const std::string second = desk.add("b");
    desk.add("c");
    desk.sent();
    desk.reply(first, DeliveryOutcome::delivered);
    desk.reply(second, DeliveryOutcome::delivered);
    const auto wants = desk.relay->wants();
    ASSERT_EQ(wants.size(), 1U);
    EXPECT_EQ(wants[0].after_seq, 2);
    EXPECT_EQ(wants[0].limit, 2U);
    const std::vector<OutboxRecord> read{desk.rows.at(3)};
    const std::string meanwhile = desk.add("d");
    desk.relay->loaded(wants[0], read, desk.now);
    EXPECT_EQ(desk.sent(), (Ids{"c.3", meanwhile}));
}

TEST(Window, wantsAreGivenOnceUntilAnsweredOrFailed) {
    RelayDesk desk(traits_of(Repeats::dedupes), window_of(2));
    for (const char* key : {"a", "b", "c"}) desk.add(key);
    for (const std::string& id : desk.sent()) desk.reply(id, DeliveryOutcome::delivered);
    const auto wants = desk.relay->wants();
    ASSERT_EQ(wants.size(), 1U);
    EXPECT_TRUE(desk.relay->wants().empty());
    desk.relay->not_loaded(wants[0]);
    EXPECT_EQ(desk.relay->wants().size(), 1U);
}

TEST(Window, rowsOfParkedKeysTakeNoRoom) {
    RelayDesk desk(traits_of(Repeats::dedupes), window_of(4));
    const std::string dead = desk.add("o");
    desk.sent();
    desk.reply(dead, DeliveryOutcome::refused);
    Ids parked{dead};
    for (int row = 0; row < 20; ++row) parked.push_back(desk.add("o"));
    const std::string other = desk.add("p");
    EXPECT_EQ(desk.relay->status().at(0).held, 1U);
    EXPECT_EQ(drain(desk, 4), Ids{other});
    desk.restart();
    EXPECT_EQ(drain(desk, 4), Ids{});
    ASSERT_TRUE(desk.replay(dead));
    EXPECT_EQ(drain(desk, 4), parked) << "more of one key than the window holds, in order";
}

TEST(Window, rowsOfAKeyBeingLoadedArriveInOrder) {
    RelayDesk desk(traits_of(Repeats::dedupes), window_of(4));
    const std::string dead = desk.add("o");
    const std::string second = desk.add("o");
    desk.sent();
    desk.reply(dead, DeliveryOutcome::refused);
    ASSERT_TRUE(desk.replay(dead));
    const std::string third = desk.add("o");
    EXPECT_EQ(drain(desk, 4), (Ids{dead, second, third}));
}

TEST(Window, newRowOfAKeyThatIsHeldInPartWaitsForTheRestOfIt) {
    RelayDesk desk(traits_of(Repeats::dedupes), window_of(4));
    Ids ids{desk.add("o")};
    desk.sent();
    desk.reply(ids[0], DeliveryOutcome::refused);
    for (int row = 0; row < 5; ++row) ids.push_back(desk.add("o"));
    ASSERT_TRUE(desk.replay(ids[0]));
    ASSERT_EQ(desk.sent(), Ids{ids[0]});
    desk.reply(ids[0], DeliveryOutcome::delivered);
    desk.add("o");
    Ids gone;
    // Meanwhile the store cannot be read.
    for (std::vector<Send> sends; desk.relay->poll(desk.now, sends), !sends.empty(); sends.clear()) {
        gone.push_back(sends.at(0).message.id);
        desk.reply(gone.back(), DeliveryOutcome::delivered);
    }
    EXPECT_EQ(gone, Ids(ids.begin() + 1, ids.begin() + 4));
    EXPECT_EQ(desk.sent(), Ids{ids[4]});
}

TEST(Window, hundredThousandRowsNeedFewReadsAndAllGoOut) {
    RelaySettings settings = window_of(2'000);
    DeliveryTraits traits = traits_of(Repeats::dedupes);
    traits.connections = 64;
    RelayDesk desk(traits, settings);
    std::vector<OutboxRecord> rows;
    constexpr std::int64_t kRows = 100'000;
    for (std::int64_t seq = 1; seq <= kRows; ++seq) {
        OutboxRecord row;
        row.seq = seq;
        row.id = std::to_string(seq);
        row.key = std::to_string(seq % 30'000);
        row.destination = "erp";
        desk.rows[seq] = row;
    }
    desk.restart();
    std::int64_t delivered = 0;
    std::vector<Send> sends;
    for (desk.fill(), desk.relay->poll(desk.now, sends); !sends.empty();
         desk.fill(), desk.relay->poll(desk.now, sends)) {
        for (const Send& send : std::exchange(sends, {})) {
            const auto outcome = desk.relay->replied(send.message.id, answer(DeliveryOutcome::delivered), desk.now);
            ASSERT_TRUE(outcome);
            OutboxRecord& row = desk.rows.at(send.message.seq);
            row = with_progress(row, outcome->progress);
            desk.relay->committed(send.message.id);
            ++delivered;
        }
    }
    EXPECT_EQ(delivered, kRows);
    EXPECT_LE(desk.loads, 2U * kRows / settings.window + 2U);
}

}  // namespace
}  // namespace citybridge::relay
