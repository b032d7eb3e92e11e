#include "core/reports/interval_book.h"

#include <gtest/gtest.h>

namespace citybridge::reports {
namespace {

WallTime second(std::int64_t seconds) { return WallTime{std::chrono::seconds{1'790'000'000 + seconds}}; }

Agent agent_in(AgentPresence state, std::int64_t since_s, const std::string& reason = {}) {
    Agent out;
    out.id = "1001";
    out.state = state;
    out.since = second(since_s);
    out.reason = reason;
    out.cause = "call";
    return out;
}

// What the store holds after all these rows: one for each agent and beginning.
class KeptRows {
public:
    void put(const std::vector<AgentInterval>& rows) {
        for (const AgentInterval& row : rows) rows_[{row.agent, row.from}] = row;
    }
    std::vector<AgentInterval> of(const std::string& agent) const {
        std::vector<AgentInterval> out;
        for (const auto& [key, row] : rows_)
            if (row.agent == agent) out.push_back(row);
        return out;
    }
    std::vector<AgentInterval> open() const {
        std::vector<AgentInterval> out;
        for (const auto& [key, row] : rows_)
            if (!row.to) out.push_back(row);
        return out;
    }

private:
    std::map<std::pair<std::string, WallTime>, AgentInterval> rows_;
};

IntervalBook new_book() {
    return IntervalBook([](const std::string&) { return std::string("east"); });
}

TEST(IntervalBook, makes_intervals_that_follow_each_other) {
    IntervalBook book = new_book();
    KeptRows rows;
    rows.put(book.heard(agent_in(AgentPresence::ready, 0), second(0)));
    rows.put(book.heard(agent_in(AgentPresence::talking, 100), second(100)));
    rows.put(book.heard(agent_in(AgentPresence::talking, 100), second(150)));  // the same again is nothing new
    rows.put(book.heard(agent_in(AgentPresence::not_ready, 200, "lunch"), second(201)));
    rows.put(book.heard(agent_in(AgentPresence::not_ready, 300, "training"), second(300)));
    const auto all = rows.of("1001");
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[0].to, second(100));
    EXPECT_EQ(all[1].from, second(100));
    EXPECT_EQ(all[1].to, second(200));  // the state is older than the word of it
    EXPECT_EQ(all[2].reason, "lunch");
    EXPECT_EQ(all[2].end, "change");
    EXPECT_FALSE(all[3].to);
    EXPECT_EQ(all[3].group, "east");
}

TEST(IntervalBook, gives_a_state_that_lasted_no_time_no_row_of_its_own) {
    IntervalBook book = new_book();
    KeptRows rows;
    rows.put(book.heard(agent_in(AgentPresence::ready, 0), second(0)));
    rows.put(book.heard(agent_in(AgentPresence::reserved, 50), second(50)));
    rows.put(book.heard(agent_in(AgentPresence::talking, 50), second(50)));
    const auto all = rows.of("1001");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].state, "talking");
    EXPECT_EQ(all[0].to, second(50));
}

TEST(IntervalBook, never_begins_one_before_the_last_began) {
    IntervalBook book = new_book();
    KeptRows rows;
    rows.put(book.heard(agent_in(AgentPresence::ready, 100), second(100)));
    rows.put(book.heard(agent_in(AgentPresence::talking, 40), second(120)));
    const auto all = rows.of("1001");
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].state, "talking");
    EXPECT_EQ(all[0].from, second(100));
}

TEST(IntervalBook, closes_everything_when_the_node_stops_and_knows_that_it_was_down) {
    KeptRows rows;
    IntervalBook before = new_book();
    rows.put(before.heard(agent_in(AgentPresence::ready, 0), second(0)));
    rows.put(before.stop(second(500)));
    IntervalBook after = new_book();
    rows.put(after.start(rows.open(), second(495), second(800)));
    rows.put(after.heard(agent_in(AgentPresence::ready, 0), second(801)));
    const auto all = rows.of("1001");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].to, second(500));
    EXPECT_EQ(all[0].end, "stopped");
    // The PBX says that he was ready all the time; what was written down already stays.
    EXPECT_EQ(all[1].from, second(500));
    const auto down = rows.of("");
    ASSERT_EQ(down.size(), 1U);
    EXPECT_EQ(down[0].state, "node_down");
    EXPECT_EQ(down[0].from, second(500));
    EXPECT_EQ(down[0].to, second(800));
}

TEST(IntervalBook, ends_what_a_dead_node_left_open_when_that_was_last_seen) {
    KeptRows rows;
    IntervalBook before = new_book();
    rows.put(before.heard(agent_in(AgentPresence::talking, 0), second(0)));
    IntervalBook after = new_book();
    rows.put(after.start(rows.open(), second(90), second(300)));
    rows.put(after.heard(agent_in(AgentPresence::ready, 305), second(305)));
    const auto all = rows.of("1001");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].to, second(90));
    EXPECT_EQ(all[0].end, "lost");
    EXPECT_EQ(all[1].from, second(305));
    const auto down = rows.of("");
    ASSERT_EQ(down.size(), 1U);
    EXPECT_EQ(down[0].from, second(90));
    EXPECT_EQ(down[0].to, second(300));
    EXPECT_EQ(rows.open().size(), 1U);
}

TEST(IntervalBook, knows_each_link_that_is_down) {
    IntervalBook book = new_book();
    KeptRows rows;
    rows.put(book.link("pbx1", false, second(10)));
    rows.put(book.link("pbx2", false, second(10)));
    rows.put(book.link("pbx1", false, second(12)));
    rows.put(book.link("pbx1", true, second(20)));
    rows.put(book.link("pbx2", true, second(30)));
    rows.put(book.link("pbx2", true, second(31)));
    const auto down = rows.of("");
    ASSERT_EQ(down.size(), 2U);
    EXPECT_EQ(down[0].reason, "pbx1");
    EXPECT_EQ(down[0].to, second(20));
    EXPECT_EQ(down[1].reason, "pbx2");
    EXPECT_EQ(down[1].to, second(30));
}

}  // namespace
}  // namespace citybridge::reports
