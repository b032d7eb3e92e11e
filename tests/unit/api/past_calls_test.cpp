// When the records are read, and that every call is told once. Lines of the
// test's log are "<seconds> <channel>", a call of one second.
#include "core/api/past_calls.h"

#include <gtest/gtest.h>

#include <charconv>
#include <fstream>

#include "tests/unit/api/timed_line.h"
#include "tools/support/temp_folder.h"

namespace citybridge {
namespace {

class VirtualLane final : public Lane {
public:
    Now now() const override { return {WallTime(std::chrono::seconds(1'000)) + passed_, MonoTime(passed_)}; }
    bool post(std::function<void()>) override { return false; }
    TimerId after(Millis delay, std::function<void()> task) override {
        timers_.emplace(++last_, std::pair(passed_ + delay, std::move(task)));
        return last_;
    }
    void cancel(TimerId timer) override { timers_.erase(timer); }
    std::unique_ptr<Link> connect(const LinkOptions&, LinkCallbacks) override { return nullptr; }
    void pass(Millis length) {
        const Millis end = passed_ + length;
        for (;;) {
            auto next = timers_.end();
            for (auto each = timers_.begin(); each != timers_.end(); ++each)
                if (each->second.first <= end && (next == timers_.end() || each->second.first < next->second.first))
                    next = each;
            if (next == timers_.end()) break;
            passed_ = std::max(passed_, next->second.first);
            const auto task = std::move(next->second.second);
            timers_.erase(next);
            task();
        }
        passed_ = end;
    }
    std::size_t timers() const { return timers_.size(); }

private:
    Millis passed_{0};
    TimerId last_ = 0;
    std::map<TimerId, std::pair<Millis, std::function<void()>>> timers_;
};

FoundCalls find(const std::vector<std::string>& texts, const Outage& outage, const Outages& known, bool) {
    FoundCalls out;
    std::string_view text = texts.front();
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        const auto at = time_of(line);
        if (!at) {
            ++out.bad_rows;
            out.bad_example = line;
            continue;
        }
        const std::string channel(line.substr(line.find(' ') + 1));
        if (!known.told_of(channel) && lies_in(outage, *at - Millis{1'000}, *at))
            out.signals.push_back({*at, channel, {}, signal::PastCall{}});
    }
    return out;
}

class PastCallsTest : public testing::Test {
protected:
    PastCallsTest() {
        PastCallsSettings settings;
        settings.files = {{folder_ / "log", time_of}};
        settings.find = find;
        past_.emplace(
            lane_, settings,
            [this](std::span<PbxSignal> signals) {
                if (full_) return false;
                for (const PbxSignal& signal : signals) told_.push_back(signal.channel);
                return true;
            },
            [this](LogLevel, std::string_view code, std::string_view) { log_.emplace_back(code); });
    }
    void say(const std::string& channel, SignalBody body, bool alive = true) {
        if (alive) past_->heard();
        const PbxSignal signal{lane_.now().wall, channel, {}, std::move(body)};
        past_->told(past_->facts_of({&signal, 1}));
    }
    void up() { say({}, signal::LinkUp{}); }
    void down() { say({}, signal::LinkDown{}, false); }
    // The lane begins at second 1000.
    void call(std::int64_t seconds, const std::string& channel) {
        std::ofstream(folder_ / "log", std::ios::app) << seconds << ' ' << channel << '\n';
    }
    using List = std::vector<std::string>;

    TempFolder folder_{"citybridge-past"};
    VirtualLane lane_;
    std::optional<PastCalls> past_;
    bool full_ = false;
    List told_;
    List log_;
};

TEST_F(PastCallsTest, calls_of_the_outage_are_told_after_a_while_and_late_ones_later) {
    up();
    lane_.pass(Millis{100'000});
    say("seen", signal::ChannelStarted{});
    down();
    lane_.pass(Millis{200'000});
    call(1'050, "before");
    call(1'110, "seen");
    call(1'150, "one");
    call(1'250, "two");
    up();
    lane_.pass(Millis{4'999});
    EXPECT_TRUE(told_.empty()) << "the PBX may still be writing";
    lane_.pass(Millis{1});
    EXPECT_EQ(told_, (List{"one", "two"}));
    call(1'290, "late");
    lane_.pass(Millis{60'000});
    EXPECT_EQ(told_, (List{"one", "two", "late"})) << "and nobody twice";
    call(1'291, "too late");
    lane_.pass(Millis{3'600'000});
    EXPECT_EQ(told_.size(), 3U);
    EXPECT_EQ(lane_.timers(), 0U);
    EXPECT_EQ(log_, (List{"records.filled_in", "records.filled_in"}));
}

TEST_F(PastCallsTest, nothing_is_told_while_the_link_is_down_again) {
    up();
    down();
    lane_.pass(Millis{100'000});
    call(1'050, "one");
    up();
    lane_.pass(Millis{1'000});
    down();
    lane_.pass(Millis{100'000});
    EXPECT_TRUE(told_.empty());
    call(1'150, "two");
    up();
    lane_.pass(Millis{5'000});
    EXPECT_EQ(told_, (List{"one", "two"})) << "both outages, once each";
    lane_.pass(Millis{100'000});
    EXPECT_EQ(told_.size(), 2U);
}

TEST_F(PastCallsTest, a_full_live_strand_is_asked_again) {
    up();
    down();
    lane_.pass(Millis{100'000});
    call(1'050, "one");
    up();
    full_ = true;
    lane_.pass(Millis{10'000});
    EXPECT_TRUE(told_.empty());
    full_ = false;
    lane_.pass(Millis{1'000});
    EXPECT_EQ(told_, List{"one"});
    lane_.pass(Millis{100'000});
    EXPECT_EQ(told_, List{"one"});
}

TEST_F(PastCallsTest, a_missing_file_and_bad_lines_are_told_to_people) {
    up();
    down();
    lane_.pass(Millis{10'000});
    up();
    lane_.pass(Millis{5'000});
    EXPECT_EQ(log_, List{"records.unreadable"});
    std::ofstream(folder_ / "log") << "who am I\n";
    lane_.pass(Millis{60'000});
    EXPECT_EQ(log_, (List{"records.unreadable", "records.malformed"}));
}

TEST_F(PastCallsTest, ends_with_its_owner) {
    up();
    down();
    lane_.pass(Millis{10'000});
    up();
    past_.reset();
    EXPECT_EQ(lane_.timers(), 0U);
}

TEST(LiesIn, an_outage_with_what_clocks_may_differ) {
    const auto at = [](std::int64_t seconds) { return WallTime(std::chrono::seconds(seconds)); };
    const Outage outage{at(100), at(1'000), at(2'000)};
    EXPECT_TRUE(lies_in(outage, at(1'000), at(2'000)));
    EXPECT_TRUE(lies_in(outage, at(980), at(2'020)));
    EXPECT_FALSE(lies_in(outage, at(900), at(1'500))) << "it began before: seen, or of the outage before";
    EXPECT_FALSE(lies_in(outage, at(1'500), at(2'100))) << "its end is seen";
    EXPECT_FALSE(lies_in(outage, at(2'010), at(2'020)));
    EXPECT_FALSE(lies_in({at(990), at(1'000), at(2'000)}, at(980), at(1'500))) << "before anybody watched";
}

}  // namespace
}  // namespace citybridge
