// P2 where a code is worth money: citybridged is killed between a gateway's acceptance of a message and our note of it.
// A repeated message carries the same code; for a gateway that would send a second one, a person decides.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "core/gateway/passwords.h"
#include "tests/crash/daemon.h"
#include "tests/crash/rounds.h"
#include "tests/support/hostile_http_server.h"
#include "tests/unit/gateway/test_client.h"
#include "tools/support/temp_folder.h"

namespace citybridge::crash {
namespace {

using Json = nlohmann::json;
using test::HostileAnswer;
using test::Reply;

constexpr Millis kUpWithin{20'000};
constexpr Millis kLongest{30'000};

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
    CodeRound(const std::string& repeats, Moment moment) : repeats_(repeats), moment_(moment) {
        gateway_.answer_by([this](const test::ReceivedRequest&) {
            HostileAnswer answer;
            if (moment_ == Moment::accepted && first_.exchange(false)) answer.kind = HostileAnswer::Kind::never;
            return answer;
        });
        write_configuration();
    }

    void start() {
        daemon_ = std::make_unique<Daemon>(folder_ / "node.xml", folder_ / (std::to_string(++life_) + ".log"));
        port_ = daemon_->wait_port(kUpWithin);
        tokens_.clear();
        if (port_ == 0) throw std::runtime_error("the node does not come up: " + daemon_->log());
    }
    void kill() { daemon_->kill_hard(); }
    int stop() { return daemon_->stop(); }
    std::string log() const { return daemon_->log(); }
    const test::HostileHttpServer& gateway() const { return gateway_; }

    Reply ask(const std::string& method, const std::string& target, const std::string& user,
              const Json& body = nullptr) {
        std::string& token = tokens_[user];
        if (token.empty())
            token = test::Client(port_)
                        .ask("POST", "/v1/session", {}, Json{{"name", user}, {"password", user}}.dump())
                        .json()
                        .value("token", "");
        return test::Client(port_).ask(method, target, token,
                                       body.is_null() ? std::optional<std::string>() : body.dump());
    }
    // An order and its verification; acknowledged.
    void begin() {
        const Reply opened =
            ask("POST", "/v1/orders", "agent1",
                {{"kind", "data_change"},
                 {"phone", "13800138000"},
                 {"fields", {{"subject", "customer"}, {"item", "email"}, {"new_value", "a@example.com"}}}});
        ASSERT_EQ(opened.status, 201) << opened.body;
        order = opened.json().value("id", "");
        const Reply begun = ask("POST", "/v1/verifications", "agent1", {{"order", order}, {"purpose", "data_change"}});
        ASSERT_EQ(begun.status, 201) << begun.body;
        id = begun.json().value("id", "");
    }
    Json verification() { return ask("GET", "/v1/verifications/" + id, "agent1").json(); }
    std::string state_of(int message) {
        return ask("GET", "/v1/admin/outbox/" + id + '.' + std::to_string(message) + ".sms", "admin")
            .json()
            .value("state", "");
    }
    std::size_t in_history(const std::string& action) {
        std::size_t count = 0;
        const Json history = ask("GET", "/v1/orders/" + order + "/history", "agent1").json();
        for (const Json& entry : history["items"])
            if (entry["action"] == action) ++count;
        return count;
    }
    // What the gateway got.
    std::vector<Message> messages() const {
        std::vector<Message> out;
        for (const test::ReceivedRequest& request : gateway_.requests()) {
            const Json body = Json::parse(request.body, nullptr, false);
            std::smatch found;
            const std::string text = body.value("text", "");
            if (std::regex_search(text, found, std::regex("[0-9]{6}")))
                out.push_back({body.value("id", ""), found.str()});
        }
        return out;
    }

    std::string order, id;

private:
    void write_configuration() const {
        const auto user = [](const std::string& name, const std::string& role) {
            return "<user name=\"" + name + "\" role=\"" + role + "\" password_hash=\"" +
                   gateway::hash_password(name, {16, 1, 1}) + "\"" +
                   (role == "agent" ? " agent=\"SIP/1001\" device=\"SIP/1001\"" : "") + "/>";
        };
        std::ofstream(folder_ / "node.xml")
            << "<citybridge city=\"beijing\"><listen port=\"0\"/><store path=\"node.db\"/><desk sms=\"sms\"/><users>"
            << user("agent1", "agent") << user("admin", "admin") << "</users>"
            << "<plugin library=\"erp_orders\" name=\"rules\"/>"
            << "<plugin library=\"sms_verification\" name=\"codes\">"
               "<key>0123456789abcdef0123456789abcdef0123456789abcdef</key><send_gap_seconds>0</send_gap_seconds></"
               "plugin>"
            << "<plugin library=\"sms_http\" name=\"sms\"><url>" << gateway_.url("/send")
            << "</url><send_as>json</send_as><body>{\"id\": \"{id}\", \"to\": \"{to}\", \"text\": \"{text}\"}</body>"
               "<repeats>"
            << repeats_
            << "</repeats><retry_schedule>50ms, 50ms, 50ms, 1h</retry_schedule><far_timeout_ms>100</far_timeout_ms>"
               "</plugin></citybridge>";
    }

    const std::string repeats_;
    const Moment moment_;
    TempFolder folder_{"citybridge-codes"};
    std::atomic<bool> first_{true};
    test::HostileHttpServer gateway_;
    std::unique_ptr<Daemon> daemon_;
    std::uint16_t port_ = 0;
    int life_ = 0;
    std::map<std::string, std::string> tokens_;
};

bool eventually(const std::function<bool()>& condition) {
    const MonoTime until = system_now().mono + kLongest;
    while (system_now().mono < until) {
        if (condition()) return true;
        std::this_thread::sleep_for(Millis{10});
    }
    return condition();
}

void die(CodeRound& round, Moment moment, std::mt19937_64& random) {
    if (moment != Moment::early) {
        ASSERT_TRUE(round.gateway().wait_for_requests(1)) << round.log();
    }
    if (moment == Moment::answered) std::this_thread::sleep_for(std::chrono::microseconds{random() % 15'000});
    if (moment == Moment::early) std::this_thread::sleep_for(std::chrono::microseconds{random() % 8'000});
    round.kill();
}

// What an agent or an administrator does when nobody knows whether the code went.
void decide(CodeRound& round, bool by_replay) {
    const Json unclear = round.verification();
    EXPECT_EQ(unclear["delivery"], "unclear");
    EXPECT_EQ(unclear["next"], "resend_possible");
    const Reply acted = by_replay ? round.ask("POST", "/v1/admin/outbox/" + round.id + ".1.sms/replay", "admin")
                                  : round.ask("POST", "/v1/verifications/" + round.id + "/resend", "agent1");
    ASSERT_EQ(acted.status, 200) << acted.body;
    ASSERT_TRUE(eventually([&] { return round.state_of(by_replay ? 1 : 2) == "delivered"; })) << round.log();
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
        round.start();
        ASSERT_NO_FATAL_FAILURE(round.begin());
        ASSERT_NO_FATAL_FAILURE(die(round, moment, random));
        const std::size_t before = round.messages().size();
        round.start();
        ASSERT_TRUE(eventually([&] { return round.state_of(1) != "pending"; })) << round.log();
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
        const Reply checked =
            round.ask("POST", "/v1/verifications/" + round.id + "/check", "agent1", {{"code", got.front().code}});
        EXPECT_EQ(checked.json()["answer"], "passed") << checked.body;
        EXPECT_EQ(round.in_history("verification_sent"), 1U) << "counted once, and not lost";
        EXPECT_EQ(round.stop(), 0) << round.log();
    }
    std::cout << repeats << ":";
    for (const auto& [end, count] : ends) std::cout << ' ' << count << ' ' << end;
    std::cout << std::endl;
}

std::string mode_of(const ::testing::TestParamInfo<const char*>& param) { return param.param; }

INSTANTIATE_TEST_SUITE_P(at, KilledWithACode, ::testing::Values("dedupes", "neither"), mode_of);

}  // namespace
}  // namespace citybridge::crash
