// P6: a command's outcome is never guessed and nobody is rung twice, whatever
// answer is lost or late and wherever the link breaks. A PBX whose truth is
// known, a seeded link, the adapter's session in virtual time.
#include <gmock/gmock.h>

#include <deque>
#include <random>

#include "adapters/asterisk/session.h"

namespace citybridge::sim {
namespace {

using asterisk::Session;

enum class Phone { answers, busy, rejects, rings_out };
// Mutants: adapters that break the promise.
enum class Adapter { honest, takes_silence_for_success, dials_again };

struct Links {
    bool loses = false;  // answers get lost or late, the link breaks
};

class DialWorld {
public:
    DialWorld(std::uint64_t seed, Links links, Adapter adapter)
        : random_(seed),
          links_(links),
          adapter_(adapter),
          phone_(static_cast<Phone>(random_() % 4)),
          session_(settings(), 3) {
        session_.on_connected(now_);
        say("Asterisk Call Manager/9.0.0\r\n", Millis{0});
        run_for(Millis{100});
        EXPECT_TRUE(session_.ready());
        if (links_.loses && random_() % 2 == 0) {
            cut_at_ = now_.mono + Millis{random_() % 12'000};
            back_at_ = *cut_at_ + Millis{500 + random_() % 70'000};
        }
    }

    std::vector<std::string> run() {
        dial();
        run_for(Millis{200'000});
        session_.stop();
        pump();
        judge();
        return std::move(lies_);
    }

    std::optional<CommandReply> reply() const { return reply_; }
    Phone phone() const { return phone_; }

private:
    struct Said {
        MonoTime at;
        std::string bytes;
    };

    static asterisk::SessionSettings settings() {
        asterisk::SessionSettings settings;
        settings.user = "cti";
        settings.filter = false;
        settings.ping_interval = Millis{3'600'000};
        return settings;
    }

    void dial() {
        session_.dial(
            {.command_id = "c1", .device = "SIP/1001", .number = "13900000001"},
            [this](CommandReply reply) { told(std::move(reply)); }, now_);
        pump();
    }

    void told(CommandReply reply) {
        if (adapter_ == Adapter::takes_silence_for_success && reply.outcome == CommandOutcome::unknown)
            reply.outcome = CommandOutcome::succeeded;
        if (adapter_ == Adapter::dials_again && reply.outcome == CommandOutcome::unknown && !again_) {
            again_ = true;
            dial_again_ = true;
            return;
        }
        if (reply_) lies_.push_back("told twice");
        const bool was_up = up_at_ && *up_at_ <= now_.mono;
        const bool answers = phone_ == Phone::answers && rung_ > 0;
        if (reply.outcome == CommandOutcome::succeeded && !was_up) lies_.push_back("succeeded, but nobody answered");
        if (reply.outcome == CommandOutcome::failed && answers) lies_.push_back("failed, but the phone was answered");
        reply_ = std::move(reply);
    }

    void judge() {
        if (rung_ > 1) lies_.push_back("the phone was rung " + std::to_string(rung_) + " times");
        if (!reply_) {
            lies_.push_back("never told");
        } else if (!links_.loses && reply_->outcome == CommandOutcome::unknown) {
            lies_.push_back("unknown, though the PBX said everything");
        }
    }

    // ---- The PBX

    void say(std::string bytes, Millis after) {
        const MonoTime at = std::max(now_.mono + after, wire_.empty() ? now_.mono : wire_.back().at);
        wire_.push_back({at, std::move(bytes)});
    }

    // An answer that a bad link may lose, or hold up with all that follows it.
    void say_answer(const std::string& bytes, Millis after) {
        const auto fate = links_.loses ? random_() % 5 : 4;
        if (fate == 0) return;
        say(bytes, fate == 1 ? after + Millis{random_() % 40'000} : after);
    }

    std::string channel_block(int state) const {
        return "Channel: SIP/1001-00000001\r\nChannelState: " + std::to_string(state) +
               "\r\nCallerIDNum: 1001\r\nUniqueid: " + channel_ + "\r\nLinkedid: " + channel_ + "\r\n";
    }

    // What will happen at the phone, with what the PBX will say of it.
    void ring(const std::string& id, const std::string& action_id) {
        ++rung_;
        channel_ = id;
        const MonoTime t = now_.mono;
        const auto at = [&](Millis after, const std::string& bytes) { planned_.push_back({t + after, bytes}); };
        const auto ended = [&](Millis after, int cause, int state) {
            gone_at_ = t + after;
            at(after, "Event: Hangup\r\n" + channel_block(state) + "Cause: " + std::to_string(cause) + "\r\n\r\n");
        };
        const auto outcome = [&](Millis after, bool success, int reason) {
            at(after, "Event: OriginateResponse\r\nActionID: " + action_id + "\r\nResponse: " +
                          (success ? "Success" : "Failure") + "\r\nReason: " + std::to_string(reason) +
                          "\r\nUniqueid: " + (success ? id : "<unknown>") + "\r\n\r\n");
        };
        at(Millis{10}, "Event: Newchannel\r\n" + channel_block(0) + "\r\n");
        at(Millis{100}, "Event: Newstate\r\n" + channel_block(5) + "\r\n");
        switch (phone_) {
            case Phone::answers:
                up_at_ = t + Millis{3'000};
                at(Millis{3'000}, "Event: Newstate\r\n" + channel_block(6) + "\r\n");
                outcome(Millis{3'001}, true, 4);
                return ended(Millis{25'000}, 16, 6);
            case Phone::busy: outcome(Millis{999}, false, 5); return ended(Millis{1'000}, 17, 0);
            case Phone::rejects: outcome(Millis{1'999}, false, 5); return ended(Millis{2'000}, 21, 5);
            case Phone::rings_out: outcome(Millis{30'000}, false, 3); return ended(Millis{30'001}, 19, 5);
        }
    }

    static std::string header(std::string_view action, const std::string& key) {
        const std::size_t at = action.find(key + ": ");
        if (at == std::string_view::npos) return {};
        const std::size_t begin = at + key.size() + 2;
        return std::string(action.substr(begin, action.find("\r\n", begin) - begin));
    }

    void act(std::string_view action) {
        const std::string name = header(action, "Action");
        const std::string id = "ActionID: " + header(action, "ActionID") + "\r\n";
        const std::string success = "Response: Success\r\n" + id;
        const auto list = [&](const std::string& items, const std::string& complete) {
            say(success + "EventList: start\r\n\r\n" + items + "Event: " + complete + "\r\n" + id +
                    "EventList: Complete\r\n\r\n",
                Millis{5});
        };
        if (name == "Originate") {
            ring(header(action, "ChannelId"), header(action, "ActionID"));
            return say_answer(success + "Message: Originate successfully queued\r\n\r\n", Millis{5});
        }
        if (name == "CoreShowChannels") {
            if (session_.ready() && links_.loses && random_() % 4 == 0) return;
            return list(channel_alive() ? "Event: CoreShowChannel\r\n" + id + channel_block(state_now()) + "\r\n" : "",
                        "CoreShowChannelsComplete");
        }
        for (const auto* each : {"BridgeList", "Status", "QueueStatus", "DeviceStateList", "ParkedCalls"})
            if (name == each) return list("", name + "Complete");
        if (name == "Challenge") return say(success + "Challenge: 1\r\n\r\n", Millis{5});
        if (name == "CoreStatus")
            return say(success + "CoreStartupDate: 2026-11-21\r\nCoreStartupTime: 19:35:00\r\n\r\n", Millis{5});
        if (name == "Login") return say(success + "\r\nEvent: FullyBooted\r\nStatus: Fully Booted\r\n\r\n", Millis{5});
        if (name == "Ping") return say(success + "Ping: Pong\r\n\r\n", Millis{5});
        say("Response: Error\r\n" + id + "Message: Invalid/unknown command\r\n\r\n", Millis{5});
    }

    bool channel_alive() const { return !channel_.empty() && now_.mono < gone_at_; }
    int state_now() const { return up_at_ && *up_at_ <= now_.mono ? 6 : 5; }

    // ---- Time

    void run_for(Millis time) {
        const MonoTime end = now_.mono + time;
        while (now_.mono < end) {
            now_.mono += Millis{5};
            now_.wall += Millis{5};
            turn_link();
            while (!planned_.empty() && planned_.front().at <= now_.mono) {
                const Said said = std::move(planned_.front());
                planned_.pop_front();
                const bool answer = said.bytes.find("OriginateResponse") != std::string::npos;
                if (!linked_) continue;
                answer ? say_answer(said.bytes, Millis{0}) : say(said.bytes, Millis{0});
            }
            while (linked_ && !wire_.empty() && wire_.front().at <= now_.mono) {
                const Said said = std::move(wire_.front());
                wire_.pop_front();
                session_.on_bytes(said.bytes, now_);
                pump();
            }
            if (const auto due = session_.next_deadline(); due && *due <= now_.mono) session_.on_tick(now_);
            pump();
            if (std::exchange(dial_again_, false)) dial();
        }
    }

    void turn_link() {
        if (linked_ && cut_at_ && *cut_at_ <= now_.mono) {
            linked_ = false;
            cut_at_.reset();
            wire_.clear();
            session_.on_closed({"asterisk.closed", "cut"}, now_);
        }
        if (!linked_ && *back_at_ <= now_.mono) {
            linked_ = true;
            session_.on_connected(now_);
            say("Asterisk Call Manager/9.0.0\r\n", Millis{0});
        }
    }

    void pump() {
        asterisk::Output out = session_.take_output();
        for (asterisk::Completion& each : out.completed) each.done(std::move(each.reply));
        std::string_view text = out.write;
        for (std::size_t end = text.find("\r\n\r\n"); end != std::string_view::npos; end = text.find("\r\n\r\n")) {
            if (linked_) act(text.substr(0, end + 2));
            text.remove_prefix(end + 4);
        }
        if (!out.close) return;
        session_.on_closed(*out.close, now_);
        wire_.clear();
        linked_ = false;
        back_at_ = now_.mono + Millis{500};
    }

    std::mt19937_64 random_;
    Links links_;
    Adapter adapter_;
    Phone phone_;
    Now now_{WallTime(Millis(1'795'289'700'000)), MonoTime(Millis(1'000))};
    Session session_;
    bool linked_ = true;
    std::optional<MonoTime> cut_at_;
    std::optional<MonoTime> back_at_;
    std::deque<Said> wire_;     // on its way to the session
    std::deque<Said> planned_;  // what the PBX will say
    std::string channel_;
    std::optional<MonoTime> up_at_;
    MonoTime gone_at_{};
    int rung_ = 0;
    bool again_ = false;
    bool dial_again_ = false;
    std::optional<CommandReply> reply_;
    std::vector<std::string> lies_;
};

constexpr std::uint64_t kSeeds = 150;

std::vector<std::string> lies_of(Links links, Adapter adapter) {
    std::vector<std::string> out;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed)
        for (const std::string& lie : DialWorld(seed, links, adapter).run())
            out.push_back("seed " + std::to_string(seed) + ": " + lie);
    return out;
}

TEST(LostAnswers, an_outcome_told_is_what_happened) {
    EXPECT_THAT(lies_of({.loses = true}, Adapter::honest), testing::IsEmpty());
}

TEST(LostAnswers, what_the_pbx_says_is_told_with_its_reason) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        DialWorld world(seed, {}, Adapter::honest);
        EXPECT_THAT(world.run(), testing::IsEmpty()) << "seed " << seed;
        ASSERT_TRUE(world.reply().has_value());
        const std::string reason = world.reply()->reason;
        switch (world.phone()) {
            case Phone::answers: EXPECT_EQ(world.reply()->outcome, CommandOutcome::succeeded); break;
            case Phone::busy: EXPECT_EQ(reason, "busy"); break;
            case Phone::rejects: EXPECT_EQ(reason, "rejected"); break;
            case Phone::rings_out: EXPECT_EQ(reason, "no_answer"); break;
        }
    }
}

TEST(LostAnswers, an_adapter_that_takes_silence_for_success_is_caught) {
    const auto lies = lies_of({.loses = true}, Adapter::takes_silence_for_success);
    EXPECT_THAT(lies, testing::Contains(testing::HasSubstr("nobody answered")));
}

TEST(LostAnswers, an_adapter_that_dials_again_is_caught) {
    const auto lies = lies_of({.loses = true}, Adapter::dials_again);
    EXPECT_THAT(lies, testing::Contains(testing::HasSubstr("rung 2 times")));
}

}  // namespace
}  // namespace citybridge::sim
