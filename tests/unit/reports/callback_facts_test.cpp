// The promise of a callback between cities, from its history to the report.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/reports/make_facts.h"
#include "tests/unit/reports/some_facts.h"

namespace citybridge::reports {
namespace {

// A callback's life, one commit after the other.
class Life {
public:
    Life(const std::string& id, const std::string& side) {
        row_.id = id;
        row_.side = side;
        row_.origin = "beijing";
        row_.target = "hangzhou";
        row_.promised_at = clock_at(900);
    }
    Life& goes(const std::string& action, CallbackState to, std::int64_t at_s, Fields detail = Fields::object()) {
        Changes changes;
        CallbackHistoryRecord entry;
        entry.callback = row_.id;
        entry.n = ++row_.history_n;
        entry.at = clock_at(at_s);
        entry.action = action;
        entry.from_state = entry.n == 1 ? std::string_view() : to_string(row_.state);
        entry.to_state = to_string(to);
        entry.detail = std::move(detail);
        row_.state = to;
        changes.callback.callbacks.push_back(row_);
        changes.callback.history.push_back(entry);
        add_callback_facts(changes);
        row_ = changes.callback.callbacks.back();
        // The store leaves a known one as it is.
        for (const OrderFact& fact : changes.facts.orders) {
            const bool known = std::any_of(facts.begin(), facts.end(), [&](const OrderFact& each) {
                return std::tie(each.order, each.what, each.name, each.n) ==
                       std::tie(fact.order, fact.what, fact.name, fact.n);
            });
            if (!known) facts.push_back(fact);
        }
        return *this;
    }
    std::vector<OrderFact> facts;

private:
    CallbackRecord row_;
};

std::string shipped_report() {
    std::ifstream file(CITYBRIDGE_SOURCE_DIR "/config/reports/city_callbacks.xml");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

class CallbackReport : public testing::Test {
protected:
    void take(const Life& life) {
        for (const OrderFact& fact : life.facts) feed_ << fact;
    }
    Feed feed_{shipped_report()};
};

using S = CallbackState;

Life called(const std::string& id, const std::string& side, std::int64_t dialled_s) {
    Life life(id, side);
    life.goes("received", S::received, 0).goes("assigned", S::assigned, 1).goes("dial", S::dialling, dialled_s);
    // The promise is the call, not its end.
    life.goes("answered", S::done, dialled_s + 1'200);
    return life;
}

TEST_F(CallbackReport, counts_the_first_call_against_the_promise) {
    take(called("cb_1", "target", 900));  // the last moment is in time
    take(called("cb_2", "target", 901));
    Life never("cb_3", "target");
    take(never.goes("received", S::received, 0).goes("failed", S::failed, 100));
    Life open("cb_4", "target");
    take(open.goes("received", S::received, 0)
             .goes("escalated", S::escalated, 300)
             .goes("escalated", S::escalated, 400));
    EXPECT_EQ(feed_.number("beijing", "callbacks"), 4);
    EXPECT_EQ(feed_.number("beijing", "callbacks_in_time"), 1);
    EXPECT_EQ(feed_.number("beijing", "callbacks_late"), 1);
    EXPECT_EQ(feed_.number("beijing", "callbacks_not_called"), 1);
    EXPECT_DOUBLE_EQ(feed_.number("beijing", "callbacks_in_time_rate"), 33.33);
    EXPECT_EQ(feed_.number("beijing", "callbacks_escalated"), 1);
}

TEST_F(CallbackReport, a_call_that_never_rang_is_none) {
    Life life("cb_1", "target");
    life.goes("received", S::received, 0).goes("dial", S::dialling, 60).goes("not_dialled", S::assigned, 61);
    take(life.goes("dial", S::dialling, 1'000).goes("not_answered", S::assigned, 1'030));
    EXPECT_EQ(feed_.number("beijing", "callbacks_late"), 1);
    EXPECT_EQ(feed_.number("beijing", "callbacks_in_time"), 0);
}

TEST_F(CallbackReport, a_second_call_changes_nothing) {
    Life life("cb_1", "target");
    life.goes("received", S::received, 0).goes("dial", S::dialling, 60).goes("not_answered", S::assigned, 90);
    take(life.goes("dial", S::dialling, 2'000).goes("answered", S::done, 2'100));
    EXPECT_EQ(feed_.number("beijing", "callbacks_in_time"), 1);
    EXPECT_EQ(feed_.number("beijing", "callbacks_late"), 0);
}

TEST_F(CallbackReport, a_call_nobody_knows_the_end_of_counts_when_the_task_ends) {
    Life life("cb_1", "target");
    life.goes("received", S::received, 0).goes("dial", S::dialling, 60).goes("lost", S::uncertain, 100);
    EXPECT_EQ(life.facts.size(), 1U);
    take(life.goes("done", S::done, 5'000));
    EXPECT_EQ(feed_.number("beijing", "callbacks_in_time"), 1);
}

// As the city that handed the customer over sees it: by what the other told.
TEST_F(CallbackReport, of_the_origin_goes_by_what_it_was_told) {
    Life life("cb_1", "origin");
    life.goes("offered", S::offered, 0).goes("told", S::assigned, 5).goes("told", S::dialling, 50);
    life.goes("told", S::assigned, 51, {{"result", "not_dialled"}});
    life.goes("told", S::dialling, 1'000);
    take(life.goes("ended", S::done, 1'100, {{"result", "answered"}}));
    EXPECT_EQ(feed_.number("hangzhou", "callbacks"), 1);
    EXPECT_EQ(feed_.number("hangzhou", "callbacks_late"), 1);
    EXPECT_EQ(feed_.number("hangzhou", "callbacks_in_time"), 0);
}

TEST_F(CallbackReport, orders_are_none_of_it) {
    feed_ << order_fact("ord_1", "opened", "repair", 1) << order_fact("ord_1", "met", "repair", 2);
    take(called("cb_1", "origin", 10));
    EXPECT_EQ(feed_.table().rows.size(), 1U);
}

}  // namespace
}  // namespace citybridge::reports
