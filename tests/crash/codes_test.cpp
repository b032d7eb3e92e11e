// P2 where a code is worth money: citybridged is killed between a gateway's acceptance of a message and our note of it.
// A repeated message carries the same code; for a gateway that would send a second one, a person decides.
#include <gtest/gtest.h>

#include <regex>
#include <thread>

#include "tests/crash/rounds.h"
#include "tests/crash/sms_node.h"

namespace citybridge::crash {
namespace {

using Json = nlohmann::json;
using test::HostileAnswer;
using test::Reply;

// When the node dies, measured from the answer to the agent who asked for the code.
enum class Moment {
    accepted,  // the gateway has it and has not answered
    answered,  // its answer is on its way, or being noted
    early,     // the message is being marked, or sent
};

struct Message {
    std::string id;
    std::string code;
};

class CodeRound {
public:
    CodeRound(const std::string& repeats, Moment moment)
        : moment_(moment),
          node_({repeats, "",
                 "<plugin library=\"sms_verification\" name=\"codes\">"
                 "<key>0123456789abcdef0123456789abcdef0123456789abcdef</key><send_gap_seconds>0</send_gap_seconds></"
                 "plugin>"}) {
        node_.gateway().answer_by([this](const test::ReceivedRequest&) {
            HostileAnswer answer;
            if (moment_ == Moment::accepted && first_.exchange(false)) answer.kind = HostileAnswer::Kind::never;
            return answer;
        });
    }

    SmsNode& node() { return node_; }
    // An order and its verification; acknowledged.
    void begin() {
        const Reply opened =
            node_.ask("POST", "/v1/orders", "agent1",
                      {{"kind", "data_change"},
                       {"phone", "13800138000"},
                       {"fields", {{"subject", "customer"}, {"item", "email"}, {"new_value", "a@example.com"}}}});
        ASSERT_EQ(opened.status, 201) << opened.body;
        order = opened.json().value("id", "");
        const Reply begun =
            node_.ask("POST", "/v1/verifications", "agent1", {{"order", order}, {"purpose", "data_change"}});
        ASSERT_EQ(begun.status, 201) << begun.body;
        id = begun.json().value("id", "");
    }
    Json verification() { return node_.ask("GET", "/v1/verifications/" + id, "agent1").json(); }
    std::string state_of(int message) { return node_.outbox_state(id + '.' + std::to_string(message) + ".sms"); }
    std::size_t in_history(const std::string& action) {
        std::size_t count = 0;
        const Json history = node_.ask("GET", "/v1/orders/" + order + "/history", "agent1").json();
        for (const Json& entry : history["items"])
            if (entry["action"] == action) ++count;
        return count;
    }
    // What the gateway got.
    std::vector<Message> messages() const {
        std::vector<Message> out;
        for (const Sms& sms : node_.received()) {
            std::smatch found;
            if (std::regex_search(sms.text, found, std::regex("[0-9]{6}"))) out.push_back({sms.id, found.str()});
        }
        return out;
    }

    std::string order, id;

private:
    const Moment moment_;
    std::atomic<bool> first_{true};
    SmsNode node_;  // last: its gateway asks the others until it is gone
};

void die(CodeRound& round, Moment moment, std::mt19937_64& random) {
    if (moment != Moment::early) {
        ASSERT_TRUE(round.node().gateway().wait_for_requests(1)) << round.node().log();
    }
    if (moment == Moment::answered) std::this_thread::sleep_for(std::chrono::microseconds{random() % 15'000});
    if (moment == Moment::early) std::this_thread::sleep_for(std::chrono::microseconds{random() % 8'000});
    round.node().kill();
}

// What an agent or an administrator does when nobody knows whether the code went.
void decide(CodeRound& round, bool by_replay) {
    const Json unclear = round.verification();
    EXPECT_EQ(unclear["delivery"], "unclear");
    EXPECT_EQ(unclear["next"], "resend_possible");
    const Reply acted = by_replay ? round.node().ask("POST", "/v1/admin/outbox/" + round.id + ".1.sms/replay", "admin")
                                  : round.node().ask("POST", "/v1/verifications/" + round.id + "/resend", "agent1");
    ASSERT_EQ(acted.status, 200) << acted.body;
    ASSERT_TRUE(eventually([&] { return round.state_of(by_replay ? 1 : 2) == "delivered"; })) << round.node().log();
    EXPECT_EQ(round.in_history("possibly_repeated"), 1U);
}

class KilledWithACode : public ::testing::TestWithParam<const char*> {};

TEST_P(KilledWithACode, SendsTheSameCodeAgainOrAsksAPerson) {
    const std::string repeats = GetParam();
    std::mt19937_64 random(new_seed("codes, " + repeats));
    std::map<std::string, int> ends;
    for (std::uint64_t i = 0; i < rounds(); ++i) {
        const Moment moment = i == 0 ? Moment::accepted : static_cast<Moment>(random() % 3);
        SCOPED_TRACE("round " + std::to_string(i) + ", moment " + std::to_string(static_cast<int>(moment)));
        CodeRound round(repeats, moment);
        round.node().start();
        ASSERT_NO_FATAL_FAILURE(round.begin());
        ASSERT_NO_FATAL_FAILURE(die(round, moment, random));
        const std::size_t before = round.messages().size();
        round.node().start();
        ASSERT_TRUE(eventually([&] { return round.state_of(1) != "pending"; })) << round.node().log();
        const std::string end = round.state_of(1);
        ++ends[end];
        if (repeats == "dedupes") {
            EXPECT_EQ(end, "delivered");
        } else if (moment == Moment::accepted) {
            EXPECT_EQ(end, "possibly_done");
            EXPECT_EQ(round.messages().size(), before) << "nobody gets it twice by itself";
        }
        if (moment == Moment::accepted && repeats == "dedupes") {
            EXPECT_EQ(round.messages().size(), 2U);
        }
        if (end == "possibly_done") {
            ASSERT_NO_FATAL_FAILURE(decide(round, random() % 2 == 0));
        }
        const std::vector<Message> got = round.messages();
        ASSERT_FALSE(got.empty());
        for (const Message& each : got) EXPECT_EQ(each.code, got.front().code);
        const Reply checked = round.node().ask("POST", "/v1/verifications/" + round.id + "/check", "agent1",
                                               {{"code", got.front().code}});
        EXPECT_EQ(checked.json()["answer"], "passed") << checked.body;
        EXPECT_EQ(round.in_history("verification_sent"), 1U) << "counted once, and not lost";
        EXPECT_EQ(round.node().stop(), 0) << round.node().log();
    }
    std::cout << repeats << ":";
    for (const auto& [end, count] : ends) std::cout << ' ' << count << ' ' << end;
    std::cout << std::endl;
}

std::string mode_of(const ::testing::TestParamInfo<const char*>& param) { return param.param; }

INSTANTIATE_TEST_SUITE_P(at, KilledWithACode, ::testing::Values("dedupes", "neither"), mode_of);

}  // namespace
}  // namespace citybridge::crash
