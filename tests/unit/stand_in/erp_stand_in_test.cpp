#include "tools/stand_in/erp_stand_in.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/stand_in/client.h"
#include "tools/stand_in/http_door.h"

namespace citybridge::stand_in {
namespace {

using test::Answer;
using test::Client;

constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* kOtherSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

ErpStandIn::Options options() {
    ErpStandIn::Options out;
    out.hook_secrets["events"] = kSecret;
    out.systems = {{"findable", Mode::findable}, {"neither", Mode::neither}};
    return out;
}

class StandIn : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(erp_.start()); }
    LedgerEntry entry(const std::string& door, const std::string& key) {
        return erp_.ledger().find(door, key).value_or(LedgerEntry{});
    }
    ErpStandIn erp_{options()};
};

// The example of the specification's reference libraries.
TEST(StandInSignature, IsTheOneOfTheSpecification) {
    EXPECT_EQ(sign(kSecret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(StandInSignature, OneRightSignatureAmongSeveralIsEnough) {
    const std::string right = sign(kSecret, "id", "1", "body");
    const std::string wrong = sign(kOtherSecret, "id", "1", "body");
    EXPECT_TRUE(verify(kSecret, "id", "1", "body", wrong + ' ' + right));
    EXPECT_FALSE(verify(kSecret, "id", "1", "body", wrong));
    EXPECT_FALSE(verify(kSecret, "id", "2", "body", right));
    EXPECT_FALSE(verify(kSecret, "id", "1", "body", ""));
}

TEST(StandInStart, SaysThatASecretIsNone) {
    ErpStandIn::Options wrong;
    wrong.hook_secrets["events"] = "secret";
    ErpStandIn erp(wrong);
    const auto started = erp.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, "stand_in.secret");
}

TEST_F(StandIn, TakesASignedMessageOnce) {
    Client client(erp_.port());
    EXPECT_EQ(client.post_signed("events", kSecret, "ord_1.1.events", R"({"data":{}})").status, 200);
    EXPECT_EQ(client.post_signed("events", kSecret, "ord_1.1.events", R"({"data":{}})").status, 200);
    const LedgerEntry one = entry("hook/events", "ord_1.1.events");
    EXPECT_EQ(one.received, 2U);
    EXPECT_EQ(one.effects, 1U);
    EXPECT_EQ(one.order, "ord_1");
    EXPECT_FALSE(one.other_body_later);
}

TEST_F(StandIn, RefusesWhatIsWronglySignedOrOldAndKeepsNothingOfIt) {
    Client client(erp_.port());
    EXPECT_EQ(client.post_signed("events", kOtherSecret, "a", "{}").status, 401);
    EXPECT_EQ(client.post_signed("events", kSecret, "a", "{}", std::chrono::seconds(-400)).status, 400);
    EXPECT_EQ(client.post_signed("events", kSecret, "a", "{}", std::chrono::seconds(400)).status, 400);
    EXPECT_EQ(client.send("POST", "/hook/events", "{}").status, 400);
    EXPECT_EQ(client.post_signed("others", kSecret, "a", "{}").status, 404);
    EXPECT_TRUE(erp_.ledger().snapshot().empty());
    EXPECT_EQ(erp_.refused().signatures, 4U);
}

TEST_F(StandIn, KnowsTheOrderInWhichMessagesOfAnOrderTookEffect) {
    Client client(erp_.port());
    for (const char* id : {"ord_1.1.e", "ord_2.1.e", "ord_1.3.e", "ord_1.2.e", "ord_1.1.e"})
        ASSERT_EQ(client.post_signed("events", kSecret, id, "{}").status, 200);
    ASSERT_EQ(client.post_signed("events", kSecret, "plain", R"({"data":{"id":"ord_2"}})").status, 200);
    const auto sequences = erp_.ledger().sequences("hook/events");
    EXPECT_EQ(sequences.at("ord_1"), (std::vector<std::string>{"ord_1.1.e", "ord_1.3.e", "ord_1.2.e"}));
    EXPECT_EQ(sequences.at("ord_2"), (std::vector<std::string>{"ord_2.1.e", "plain"}));
}

TEST_F(StandIn, ThatDedupesAnswersARepetitionWithTheFirstNumber) {
    Client client(erp_.port());
    const Answer first = client.post_order("ord_1.1.erp", "ord_1");
    const Answer again = client.post_order("ord_1.1.erp", "ord_1");
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(first.id(), again.id());
    EXPECT_TRUE(first.id().starts_with("E-"));
    EXPECT_EQ(entry("rest", "ord_1.1.erp").effects, 1U);
}

TEST_F(StandIn, KnowsHowARecordStands) {
    Client client(erp_.port());
    const std::string number = client.post_order("ord_1.1.erp", "ord_1").id();
    const auto tell = [&](const std::string& kind, const std::string& key) {
        const nlohmann::json body{{"order", "ord_1"}, {"external_id", number}, {"citybridge_id", key}};
        const Answer answer = client.send("POST", "/" + kind, body.dump());
        return nlohmann::json::parse(answer.body).value("state", std::to_string(answer.status));
    };
    EXPECT_EQ(tell("escalate_order", "k2"), "escalated");
    EXPECT_EQ(tell("query_order", "k3"), "escalated");
    EXPECT_EQ(tell("close_order", "k4"), "closed");
    EXPECT_EQ(tell("reopen_order", "k5"), "reopened");
    EXPECT_EQ(tell("close_order", "k4"), "reopened") << "a repetition takes no second effect";
    EXPECT_EQ(tell("query_order", "k6"), "reopened");
}

TEST_F(StandIn, ThatDoesNotDedupeMakesASecondRecord) {
    Client client(erp_.port());
    for (const std::string system : {"findable", "neither"}) {
        const std::string path = "/erp/" + system + "/orders";
        const Answer first = client.post_order("k", "ord_1", path);
        EXPECT_NE(first.id(), client.post_order("k", "ord_1", path).id());
        EXPECT_EQ(entry("rest/" + system, "k").effects, 2U) << system;
        EXPECT_EQ(entry("rest/" + system, "k").number, first.id());
    }
}

TEST_F(StandIn, IsFoundInOnlyByWhoKeepsTheKey) {
    Client client(erp_.port());
    const std::string number = client.post_order("a/b.1", "ord_1", "/erp/findable/orders").id();
    client.post_order("a/b.1", "ord_1", "/erp/neither/orders");
    const auto found = nlohmann::json::parse(client.send("GET", "/erp/findable/orders?citybridge_id=a%2Fb.1").body);
    EXPECT_EQ(found, (nlohmann::json{{{"id", number}, {"citybridge_id", "a/b.1"}}}));
    EXPECT_EQ(client.send("GET", "/erp/findable/orders?key=other").body, "[]");
    EXPECT_EQ(client.send("GET", "/erp/neither/orders?key=a%2Fb.1").body, "[]");
}

TEST_F(StandIn, TakesNotesAndChangesOnlyOfOrdersItKnows) {
    Client client(erp_.port());
    EXPECT_EQ(client.post_order("n1", "ord_1", "/orders/E-000001/notes").status, 404);
    const std::string number = client.post_order("ord_1.1.erp", "ord_1").id();
    EXPECT_EQ(client.post_order("n1", "ord_1", "/orders/" + number + "/notes").status, 201);
    const std::string change = nlohmann::json{{"external_id", number}, {"citybridge_id", "ord_1.3.erp"}}.dump();
    EXPECT_EQ(client.send("POST", "/change_order", change).status, 201);
    EXPECT_EQ(client.send("POST", "/change_order", R"({"external_id":"E-9","citybridge_id":"k"})").status, 404);
    EXPECT_EQ(client.send("POST", "/orders", "{}").status, 400);
    EXPECT_EQ(entry("rest", "n1").what, "note");
    EXPECT_EQ(entry("rest", "ord_1.3.erp").what, "change_order");
    EXPECT_EQ(entry("rest", "ord_1.3.erp").order, "ord_1");
    EXPECT_EQ(erp_.refused().requests, 3U);
}

TEST_F(StandIn, ServesManyConnectionsAtOnceWithoutLosingOne) {
    constexpr int kClients = 64;
    constexpr int kEach = 40;
    std::vector<std::thread> threads;
    threads.reserve(kClients);
    for (int i = 0; i < kClients; ++i)
        threads.emplace_back([this, i] {
            Client client(erp_.port());
            for (int n = 0; n < kEach; ++n) {
                const std::string order = "ord_" + std::to_string(i);
                client.post_signed("events", kSecret, order + '.' + std::to_string(n) + ".events", "{}");
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(erp_.ledger().effects(), static_cast<std::uint64_t>(kClients * kEach));
    EXPECT_EQ(erp_.ledger().received(), static_cast<std::uint64_t>(kClients * kEach));
}

// ---- Messages to a node -----------------------------------------------------

TEST_F(StandIn, RepeatsAMessageUnderOneIdUntilTheNodeTakesIt) {
    std::mutex mutex;
    std::vector<Request> got;
    HttpDoor node({[] { return false; },
                   [&](const Request& request) {
                       std::lock_guard lock(mutex);
                       got.push_back(request);
                       Reply reply;
                       reply.status = got.size() < 3 ? 503 : 200;
                       if (reply.status == 200) reply.body = R"({"status":"applied"})";
                       return reply;
                   }});
    ASSERT_TRUE(node.start(0));
    ErpStandIn::Options quick = options();
    quick.messages = {Millis(1), Millis(1), Millis(5), 100, 0.0, 1};
    ErpStandIn erp(quick);
    ASSERT_TRUE(erp.start());
    erp.set_node("", {node.port(), "erp_hooks", kSecret});
    Client client(erp.port());
    const std::string number = client.post_order("ord_1.1.erp", "ord_1").id();
    client.post_order("ord_1.1.erp", "ord_1");  // a repetition makes no second message
    const MonoTime until = system_now().mono + std::chrono::seconds(20);
    while ((erp.sent().size() < 2 || !erp.messages_idle()) && system_now().mono < until)
        std::this_thread::sleep_for(Millis(5));
    erp.stop();
    node.stop();
    ASSERT_EQ(got.size(), 4U);
    for (const Request& request : got) {
        EXPECT_EQ(request.target, "/v1/hooks/erp_hooks");
        EXPECT_TRUE(verify(kSecret, request.header("webhook-id"), request.header("webhook-timestamp"), request.body,
                           request.header("webhook-signature")));
    }
    EXPECT_EQ(got[0].header("webhook-id"), got[2].header("webhook-id"));
    EXPECT_NE(got[2].header("webhook-id"), got[3].header("webhook-id"));
    const auto first = nlohmann::json::parse(got[0].body);
    EXPECT_EQ(first["type"], "order.assigned");
    EXPECT_EQ(first["data"]["order"], "ord_1");
    EXPECT_EQ(first["data"]["external_id"], number);
    EXPECT_EQ(nlohmann::json::parse(got[3].body)["type"], "order.contacted");
    for (const SentMessage& message : erp.sent()) EXPECT_EQ(message.effective, 1U) << message.id;
}

}  // namespace
}  // namespace citybridge::stand_in
