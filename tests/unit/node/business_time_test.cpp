// Open deadlines follow the calendars, on a real store: after any amendment they are what they would have been if
// they were computed from scratch, also when the process dies on the way.
#include "core/node/business_time.h"

#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <filesystem>
#include <random>

#include "core/desk/due.h"
#include "core/node/batch.h"

namespace citybridge::test {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::size_t kOpenOrders = 2'300;  // several chunks
const WallTime kMonday{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

desk::CalendarDoc weekdays() {
    desk::CalendarDoc doc;
    doc.zone = "Asia/Shanghai";
    for (std::size_t day = 1; day <= 5; ++day) doc.week[day] = {{540, 720}, {780, 1050}};
    return doc;
}

desk::Calendars amended(unsigned seed) {
    std::mt19937 random(seed);
    desk::CalendarDoc doc = weekdays();
    const desk::LocalDay today{kMonday.time_since_epoch() / days{1} * days{1}};
    for (int i = 0; i < 4; ++i) doc.days[today + days{random() % 20}] = {};
    doc.closings.push_back({today + days{random() % 5}, {840, 1440}, "storm"});
    return desk::Calendars(desk::Calendar(doc));
}

class OpenDeadlines : public testing::Test {
protected:
    OpenDeadlines() {
        std::string name = (std::filesystem::temp_directory_path() / "citybridge-time-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        settings_.path = folder_ + "/node.db";
        store_ = std::move(*store::open_store(settings_));
        readers_ = std::move(*store::open_readers(settings_, 2));
    }
    ~OpenDeadlines() override {
        readers_.reset();
        store_.reset();
        std::filesystem::remove_all(folder_);
    }

    void open_orders(const desk::Calendars& calendars) {
        Changes changes;
        for (std::size_t i = 0; i < kOpenOrders; ++i) {
            OrderRecord order;
            order.id = "ord_" + std::to_string(i);
            order.kind = "a kind whose file is gone";
            order.created_at = order.updated_at = kMonday;
            order.revision = order.history_n = 1;
            DeadlineRecord row;
            row.order = order.id;
            row.name = "called";
            row.n = 1;
            row.set_at = kMonday;
            desk::DueRule rule;
            rule.after = hours(1 + i % 60);
            if (i % 3 == 0) rule.next_day_at = 630;
            desk::set_due(row, calendars, "", rule, kMonday + std::chrono::minutes(i));
            if (i % 50 == 7) row.rule.clear();  // a fixed moment
            changes.orders.push_back(std::move(order));
            changes.deadlines.push_back(std::move(row));
        }
        ASSERT_EQ(store_->commit("first", changes, kMonday).commit, store::Commit::done);
    }

    std::vector<DeadlineRecord> rows() {
        DeadlineRecord before_all;
        before_all.due_at = WallTime::min();
        return *readers_->open_deadlines_after(before_all, 100'000);
    }

    // As the durable strand does it; at most so many batches, as if the process died then. Number of orders corrected.
    std::size_t run(const desk::Calendars& calendars, std::size_t batches = 1'000) {
        const desk::Desk desk({"hangzhou", {}, {}}, desk::FlowSet(), calendars);
        prometheus::Registry metrics;
        BusinessTime time(desk, *store_, *readers_, metrics);
        EXPECT_TRUE(time.start());
        std::size_t corrected = 0;
        for (std::size_t i = 0; i < batches && time.wait({kMonday, {}}); ++i) {
            Batch batch;
            const auto inputs = time.take({kMonday, {}});
            EXPECT_LE(inputs.size(), BusinessTime::kAtOnce);
            for (const DurableInput& input : inputs) {
                const auto& request = std::get<desk::Request>(std::get<OwnStep>(input).what);
                batch.fill(*store_->load(desk.needs(request)));
                auto decision = desk.apply(batch, request, {kMonday, {}});
                EXPECT_TRUE(decision);
                corrected += decision->changes.orders.size();
                batch.take(std::move(decision->changes));
            }
            const Changes changes = batch.release();
            if (changes.empty()) continue;
            const auto outcome = store_->commit("batch" + std::to_string(++committed_), changes, kMonday);
            EXPECT_EQ(outcome.commit, store::Commit::done) << outcome.error.detail;
        }
        return corrected;
    }

    void expect_as_from_scratch(const desk::Calendars& calendars) {
        std::size_t fixed = 0;
        for (const DeadlineRecord& row : rows()) {
            const auto rule = desk::rule_from(row.rule);
            if (!rule) {
                ++fixed;
                continue;
            }
            DeadlineRecord fresh;
            desk::set_due(fresh, calendars, "", *rule, row.from_at);
            ASSERT_EQ(fresh.due_at, row.due_at) << row.order;
            ASSERT_EQ(fresh.provisional, row.provisional) << row.order;
        }
        EXPECT_EQ(fixed, kOpenOrders / 50);
    }

    std::string folder_;
    store::StoreSettings settings_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<store::Readers> readers_;
    std::size_t committed_ = 0;
};

TEST_F(OpenDeadlines, AfterAnAmendmentEqualThoseComputedFromScratch) {
    const desk::Calendars plain{desk::Calendar(weekdays())};
    open_orders(plain);
    EXPECT_EQ(run(plain), 0U);
    for (unsigned seed = 1; seed <= 4; ++seed) {
        const desk::Calendars calendars = amended(seed);
        EXPECT_GT(run(calendars), 1'000U);
        expect_as_from_scratch(calendars);
        EXPECT_EQ(run(calendars), 0U) << "a second time there is nothing to do";
    }
}

TEST_F(OpenDeadlines, AreBroughtToTheEndByTheNextProcess) {
    open_orders(desk::Calendars{desk::Calendar(weekdays())});
    const desk::Calendars calendars = amended(9);
    const std::size_t first = run(calendars, 7);
    EXPECT_GT(first, 0U);
    EXPECT_LE(first, 7 * BusinessTime::kAtOnce);
    EXPECT_GT(run(calendars), 0U);
    expect_as_from_scratch(calendars);
}

TEST_F(OpenDeadlines, FollowASwitchThatTheStoreKeeps) {
    const desk::Calendars plain{desk::Calendar(weekdays())};
    open_orders(plain);
    run(plain);
    Changes changes;
    changes.calendar_overrides.push_back(
        {"cov_1", plain.city_name(), "closed", kMonday, kMonday + days{3}, "zhao", "typhoon"});
    ASSERT_EQ(store_->commit("switch", changes, kMonday).commit, store::Commit::done);
    EXPECT_GT(run(plain), 1'000U);
    expect_as_from_scratch(plain.switched(changes.calendar_overrides));
}

}  // namespace
}  // namespace citybridge::test
