// P6: a command's outcome is never guessed and nobody is rung twice, whatever
// answer is lost or late and wherever the link breaks.
#include <gmock/gmock.h>

#include "adapters/asterisk/session.h"
#include "adapters/freeswitch/session.h"
#include "tests/sim/dial_world.h"

namespace citybridge::sim {
namespace {

template <class Output>
Taken taken(Output out) {
    Taken all;
    all.write = std::move(out.write);
    for (auto& each : out.completed) all.completed.emplace_back(std::move(each.done), std::move(each.reply));
    all.close = std::move(out.close);
    return all;
}

class AsteriskWorld final : public DialWorld {
public:
    AsteriskWorld(std::uint64_t seed, Links links, Adapter adapter)
        : DialWorld(seed, links, adapter), session_(settings(), 3) {}

private:
    static asterisk::SessionSettings settings() {
        asterisk::SessionSettings settings;
        settings.user = "cti";
        settings.filter = false;
        settings.ping_interval = Millis{3'600'000};
        return settings;
    }
    void connected() override { session_.on_connected(now_); }
    void bytes(std::string_view bytes) override { session_.on_bytes(bytes, now_); }
    void tick() override { session_.on_tick(now_); }
    void closed(const Error& why) override { session_.on_closed(why, now_); }
    void stop() override { session_.stop(); }
    bool ready() const override { return session_.ready(); }
    std::optional<MonoTime> deadline() const override { return session_.next_deadline(); }
    void send_dial(CommandDone done) override {
        session_.dial({.command_id = "c1", .device = "SIP/1001", .number = "13900000001"}, std::move(done), now_);
    }
    Taken take() override { return taken(session_.take_output()); }
    std::string greeting() const override { return "Asterisk Call Manager/9.0.0\r\n"; }
    std::string_view end_of_command() const override { return "\r\n\r\n"; }

    std::string channel_block(int state) const {
        return "Channel: SIP/1001-00000001\r\nChannelState: " + std::to_string(state) +
               "\r\nCallerIDNum: 1001\r\nUniqueid: " + channel_ + "\r\nLinkedid: " + channel_ + "\r\n";
    }

    // What will happen at the phone, with what the PBX will say of it.
    void ring(const std::string& id, const std::string& action_id) {
        rings();
        channel_ = id;
        const auto ended = [&](Millis after, int cause, int state) {
            is_gone(after);
            plan(after, "Event: Hangup\r\n" + channel_block(state) + "Cause: " + std::to_string(cause) + "\r\n\r\n");
        };
        const auto outcome = [&](Millis after, bool success, int reason) {
            plan(after,
                 "Event: OriginateResponse\r\nActionID: " + action_id +
                     "\r\nResponse: " + (success ? "Success" : "Failure") + "\r\nReason: " + std::to_string(reason) +
                     "\r\nUniqueid: " + (success ? id : "<unknown>") + "\r\n\r\n",
                 true);
        };
        plan(Millis{10}, "Event: Newchannel\r\n" + channel_block(0) + "\r\n");
        plan(Millis{100}, "Event: Newstate\r\n" + channel_block(5) + "\r\n");
        switch (phone()) {
            case Phone::answers:
                is_answered(Millis{3'000});
                plan(Millis{3'000}, "Event: Newstate\r\n" + channel_block(6) + "\r\n");
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

    void act(std::string_view action) override {
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
            if (session_.ready() && loses_one_in(4)) return;
            return list(is_alive() ? "Event: CoreShowChannel\r\n" + id + channel_block((is_up() ? 6 : 5)) + "\r\n" : "",
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

    asterisk::Session session_;
    std::string channel_;
};

// Its answers come in order and with its events: none is lost without the link. The end of a job is an event,
// of which FreeSWITCH drops some when a client reads too slowly (FACTS).
class FreeswitchWorld final : public DialWorld {
public:
    FreeswitchWorld(std::uint64_t seed, Links links, Adapter adapter)
        : DialWorld(seed, links, adapter), session_(settings(), 3) {}

private:
    static freeswitch::SessionSettings settings() {
        freeswitch::SessionSettings settings;
        settings.password = "ClueCon";
        settings.ping_interval = Millis{3'600'000};
        return settings;
    }
    void connected() override { session_.on_connected(now_); }
    void bytes(std::string_view bytes) override { session_.on_bytes(bytes, now_); }
    void tick() override { session_.on_tick(now_); }
    void closed(const Error& why) override { session_.on_closed(why, now_); }
    void stop() override { session_.stop(); }
    bool ready() const override { return session_.ready(); }
    std::optional<MonoTime> deadline() const override { return session_.next_deadline(); }
    void send_dial(CommandDone done) override {
        session_.dial({.command_id = "11111111-2222-4333-8444-555555550001", .device = "1001", .number = "13900000001"},
                      std::move(done), now_);
    }
    Taken take() override { return taken(session_.take_output()); }
    std::string greeting() const override { return "Content-Type: auth/request\n\n"; }
    std::string_view end_of_command() const override { return "\n\n"; }

    static std::string command_reply(const std::string& text) {
        return "Content-Type: command/reply\nReply-Text: " + text + "\n\n";
    }
    static std::string response(const std::string& body) {
        return "Content-Type: api/response\nContent-Length: " + std::to_string(body.size()) + "\n\n" + body;
    }
    static std::string event(const std::string& fields, const std::string& body = {}) {
        std::string inner = fields;
        if (!body.empty()) inner += "Content-Length: " + std::to_string(body.size()) + "\n";
        inner += "\n" + body;
        return "Content-Length: " + std::to_string(inner.size()) + "\nContent-Type: text/event-plain\n\n" + inner;
    }
    std::string of_channel(const std::string& name, const std::string& rest = {}) const {
        return event("Event-Name: " + name + "\nUnique-ID: " + channel_ +
                     "\nCall-Direction: outbound\nChannel-Name: sofia/internal/1001%4010.0.0.1\n" + rest);
    }

    static std::string between(std::string_view text, std::string_view start, std::string_view ends) {
        const std::size_t at = text.find(start);
        if (at == std::string_view::npos) return {};
        const std::string_view rest = text.substr(at + start.size());
        return std::string(rest.substr(0, rest.find_first_of(ends)));
    }

    void ring(const std::string& channel, const std::string& job) {
        rings();
        channel_ = channel;
        const auto ended = [&](Millis after, const std::string& cause) {
            is_gone(after);
            plan(after, of_channel("CHANNEL_HANGUP_COMPLETE", "Hangup-Cause: " + cause + "\n"));
        };
        const auto over = [&](Millis after, const std::string& body) {
            plan(after, event("Event-Name: BACKGROUND_JOB\nJob-UUID: " + job + "\n", body), true);
        };
        plan(Millis{10}, of_channel("CHANNEL_CREATE"));
        plan(Millis{100}, of_channel("CHANNEL_PROGRESS"));
        switch (phone()) {
            case Phone::answers:
                is_answered(Millis{3'000});
                plan(Millis{3'000}, of_channel("CHANNEL_ANSWER"));
                over(Millis{3'001}, "+OK " + channel + "\n");
                return ended(Millis{25'000}, "NORMAL_CLEARING");
            case Phone::busy: ended(Millis{1'000}, "USER_BUSY"); return over(Millis{1'001}, "-ERR USER_BUSY\n");
            case Phone::rejects:
                ended(Millis{2'000}, "CALL_REJECTED");
                return over(Millis{2'001}, "-ERR CALL_REJECTED\n");
            case Phone::rings_out: ended(Millis{30'000}, "NO_ANSWER"); return over(Millis{30'001}, "-ERR NO_ANSWER\n");
        }
    }

    void act(std::string_view command) override {
        const std::string text(command.substr(0, command.rfind('\n')));
        const auto api = [&](const std::string& body) { say(response(body), Millis{5}); };
        if (text.starts_with("auth")) return say(command_reply("+OK accepted"), Millis{5});
        if (text.starts_with("event")) return say(command_reply("+OK event listener enabled plain"), Millis{5});
        if (text.starts_with("bgapi originate")) {
            const std::string job = between(command, "Job-UUID: ", "\n");
            ring(between(command, "origination_uuid=", ",}"), job);
            return say(command_reply("+OK Job-UUID: " + job), Millis{5});
        }
        if (text.starts_with("api show channels")) return api(is_alive() ? row() : R"({"row_count":0})");
        if (text.starts_with("api show")) return api(R"({"row_count":0})");
        if (text.starts_with("api uuid_exists")) return api(is_alive() ? "true" : "false");
        if (text.starts_with("api global_getvar")) return api("bee8782d-2ed6-4df0-b532-65e3ac50e401");
        api("+OK\n");
    }
    std::string row() const {
        return R"({"row_count":1,"rows":[{"uuid":")" + channel_ +
               R"(","direction":"outbound","name":"sofia/internal/1001@10.0.0.1","callstate":")" +
               (is_up() ? "ACTIVE" : "RINGING") + R"(","created_epoch":"1795289700"}]})";
    }

    freeswitch::Session session_;
    std::string channel_;
};

constexpr std::uint64_t kSeeds = 150;

template <class World>
class LostAnswers : public testing::Test {
protected:
    static std::vector<std::string> lies_of(Links links, Adapter adapter) {
        std::vector<std::string> out;
        for (std::uint64_t seed = 1; seed <= kSeeds; ++seed)
            for (const std::string& lie : World(seed, links, adapter).run())
                out.push_back("seed " + std::to_string(seed) + ": " + lie);
        return out;
    }
};

using Worlds = testing::Types<AsteriskWorld, FreeswitchWorld>;
TYPED_TEST_SUITE(LostAnswers, Worlds);

TYPED_TEST(LostAnswers, an_outcome_told_is_what_happened) {
    EXPECT_THAT(this->lies_of({.loses = true}, Adapter::honest), testing::IsEmpty());
}

TYPED_TEST(LostAnswers, what_the_pbx_says_is_told_with_its_reason) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        TypeParam world(seed, {}, Adapter::honest);
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

TYPED_TEST(LostAnswers, an_adapter_that_takes_silence_for_success_is_caught) {
    const auto lies = this->lies_of({.loses = true}, Adapter::takes_silence_for_success);
    EXPECT_THAT(lies, testing::Contains(testing::HasSubstr("nobody answered")));
}

TYPED_TEST(LostAnswers, an_adapter_that_dials_again_is_caught) {
    const auto lies = this->lies_of({.loses = true}, Adapter::dials_again);
    EXPECT_THAT(lies, testing::Contains(testing::HasSubstr("rung 2 times")));
}

}  // namespace
}  // namespace citybridge::sim
