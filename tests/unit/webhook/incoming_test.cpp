#include "plugins/webhook/incoming.h"

#include <gtest/gtest.h>

#include "tests/unit/webhook/signed_at.h"

namespace citybridge::webhook {
namespace {

using std::chrono::seconds;

const std::string kBody = R"({"type":"order.contacted","timestamp":"2021-02-25T15:02:10Z","data":{"order":"ord_1"}})";

SigningKey key(std::string_view secret) { return *SigningKey::parse(secret); }

Receiver receiver() { return {"erp", {key(kSecret), key(kOldSecret)}, seconds(300)}; }

HeaderList headers(const std::string& id, const std::string& timestamp, const std::string& signatures) {
    return {{"host", "node"},
            {"webhook-id", id},
            {"webhook-timestamp", timestamp},
            {"webhook-signature", signatures},
            {"content-type", "application/json"}};
}

HeaderList signed_headers(const std::string& body, const std::string& id = "msg_1", const char* secret = kSecret,
                          std::int64_t at = kSent) {
    return headers(id, std::to_string(at), key(secret).sign(id, std::to_string(at), body));
}

std::string code_of(const Result<InboundMessage>& result) { return result ? "accepted" : result.error().code; }

std::string judged(const std::string& body) { return code_of(receiver().accept(signed_headers(body), body, kNow)); }

TEST(WebhookIncoming, ReadsASignedMessage) {
    const auto message = receiver().accept(signed_headers(kBody, "msg_1"), kBody, kNow);
    ASSERT_TRUE(message) << message.error().detail;
    EXPECT_EQ(message->source, "erp");
    EXPECT_EQ(message->id, "msg_1");
    EXPECT_EQ(message->type, "order.contacted");
    EXPECT_EQ(message->sent_at, kNow);
    EXPECT_EQ(message->data.dump(), R"({"order":"ord_1"})");
}

// From the specification's libraries: genuine by its signature, but no message with a type.
TEST(WebhookIncoming, VerifiesTheVectorOfTheSpecificationsLibraries) {
    const std::string body = R"({"test": 2432232314})";
    const auto result = receiver().accept(
        headers("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="), body,
        kNow);
    EXPECT_EQ(code_of(result), "hook.bad_message");
}

TEST(WebhookIncoming, TakesEitherSecretDuringRotationAndNoOther) {
    EXPECT_TRUE(receiver().accept(signed_headers(kBody, "m", kOldSecret), kBody, kNow));
    const Receiver after("erp", {key(kSecret)}, seconds(300));
    EXPECT_EQ(code_of(after.accept(signed_headers(kBody, "m", kOldSecret), kBody, kNow)), "hook.bad_signature");
}

TEST(WebhookIncoming, FindsTheRightSignatureAmongSeveral) {
    const std::string good = key(kSecret).sign("m", std::to_string(kSent), kBody);
    const std::string other = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    const std::string asymmetric =
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";
    const auto judge = [&](const std::string& signatures) {
        return code_of(receiver().accept(headers("m", std::to_string(kSent), signatures), kBody, kNow));
    };
    EXPECT_EQ(judge(other + " " + asymmetric + " " + good), "accepted");
    EXPECT_EQ(judge(good + " " + other), "accepted");
    EXPECT_EQ(judge("  " + good + "  "), "accepted");
    EXPECT_EQ(judge(other + " " + asymmetric), "hook.bad_signature");
    EXPECT_EQ(judge("v2," + good.substr(3)), "hook.bad_signature");
    EXPECT_EQ(judge(good.substr(3)), "hook.bad_signature");
    EXPECT_EQ(judge("v1,"), "hook.bad_signature");
    EXPECT_EQ(judge(good.substr(0, good.size() - 1)), "hook.bad_signature");
    EXPECT_EQ(judge(good + "="), "hook.bad_signature");
    EXPECT_EQ(judge(good + "," + other), "hook.bad_signature");
}

TEST(WebhookIncoming, RefusesEveryFlippedBitOfTheBody) {
    const HeaderList stamped = signed_headers(kBody);
    for (std::size_t at = 0; at < kBody.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string body = kBody;
            body[at] = static_cast<char>(static_cast<unsigned char>(body[at]) ^ (1U << bit));
            EXPECT_EQ(code_of(receiver().accept(stamped, body, kNow)), "hook.bad_signature") << at << '.' << bit;
        }
}

TEST(WebhookIncoming, RefusesEveryFlippedBitOfTheHeaders) {
    const HeaderList stamped = signed_headers(kBody);
    for (const std::size_t header : {1U, 2U, 3U})
        for (std::size_t at = 0; at < stamped[header].second.size(); ++at)
            for (unsigned bit = 0; bit < 8; ++bit) {
                HeaderList changed = stamped;
                char& byte = changed[header].second[at];
                byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << bit));
                EXPECT_EQ(code_of(receiver().accept(changed, kBody, kNow)), "hook.bad_signature")
                    << header << '.' << at << '.' << bit;
            }
}

TEST(WebhookIncoming, RefusesLongerAndShorterBodies) {
    const HeaderList stamped = signed_headers(kBody);
    for (std::size_t size = 0; size < kBody.size(); ++size)
        EXPECT_EQ(code_of(receiver().accept(stamped, kBody.substr(0, size), kNow)), "hook.bad_signature");
    EXPECT_EQ(code_of(receiver().accept(stamped, kBody + "\n", kNow)), "hook.bad_signature");
}

TEST(WebhookIncoming, TakesClocksApartUpToTheToleranceEitherWay) {
    const auto judge = [](std::int64_t sent, WallTime now) {
        return code_of(receiver().accept(signed_headers(kBody, "m", kSecret, sent), kBody, now));
    };
    EXPECT_EQ(judge(kSent - 300, kNow), "accepted");
    EXPECT_EQ(judge(kSent + 300, kNow), "accepted");
    EXPECT_EQ(judge(kSent - 300, kNow + Millis(1)), "hook.too_old");
    EXPECT_EQ(judge(kSent - 301, kNow), "hook.too_old");
    EXPECT_EQ(judge(kSent + 301, kNow), "hook.too_old");
    EXPECT_EQ(judge(0, kNow), "hook.too_old");
    EXPECT_EQ(judge(99'999'999'999, kNow), "hook.too_old");
}

TEST(WebhookIncoming, TellsAStrangerNothingAboutHisClock) {
    EXPECT_EQ(code_of(receiver().accept(headers("m", "1", "v1,AAAA"), kBody, kNow)), "hook.bad_signature");
}

TEST(WebhookIncoming, RefusesTimestampsThatAreNotPlainSeconds) {
    for (const char* timestamp : {"", " 1614265330", "1614265330 ", "+1614265330", "-1614265330", "1614265330.0", "0x1",
                                  "1614265330000", "1e9", "2021-02-25T15:02:10Z", "999999999999999999999999"}) {
        const HeaderList stamped = headers("m", timestamp, key(kSecret).sign("m", timestamp, kBody));
        EXPECT_EQ(code_of(receiver().accept(stamped, kBody, kNow)), "hook.bad_signature") << timestamp;
    }
}

TEST(WebhookIncoming, TakesIdsOf1To256VisibleCharacters) {
    const auto judge = [](const std::string& id) {
        return code_of(receiver().accept(signed_headers(kBody, id), kBody, kNow));
    };
    EXPECT_EQ(judge("x"), "accepted");
    EXPECT_EQ(judge("ord_1.3.erp"), "accepted");
    EXPECT_EQ(judge("!~"), "accepted");
    EXPECT_EQ(judge(std::string(256, 'x')), "accepted");
    for (const std::string& id : {std::string(), std::string(257, 'x'), std::string("a b"), std::string("a\tb"),
                                  std::string("a\x7f"), std::string("a\0b", 3), std::string("\xe5\x8d\x95")})
        EXPECT_EQ(judge(id), "hook.bad_signature") << id;
}

TEST(WebhookIncoming, RefusesMissingAndRepeatedHeaders) {
    const HeaderList stamped = signed_headers(kBody);
    for (const std::size_t header : {1U, 2U, 3U}) {
        HeaderList missing = stamped;
        missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(header));
        EXPECT_EQ(code_of(receiver().accept(missing, kBody, kNow)), "hook.bad_signature") << header;
        HeaderList repeated = stamped;
        repeated.push_back(stamped[header]);
        EXPECT_EQ(code_of(receiver().accept(repeated, kBody, kNow)), "hook.bad_signature") << header;
    }
    EXPECT_EQ(code_of(receiver().accept({}, kBody, kNow)), "hook.bad_signature");
}

// One signature must not vouch for two readings of the same bytes.
TEST(WebhookIncoming, CutsTheSignedBytesInOneWayOnly) {
    const std::string inner = R"({"type":"order.closed","data":{}})";
    const std::string id = "m." + std::to_string(kSent);
    const std::string signature = key(kSecret).sign(id, std::to_string(kSent), inner);
    EXPECT_EQ(code_of(receiver().accept(headers(id, std::to_string(kSent), signature), inner, kNow)), "accepted");
    EXPECT_EQ(code_of(receiver().accept(headers("m", std::to_string(kSent), signature),
                                        std::to_string(kSent) + "." + inner, kNow)),
              "hook.bad_message");
}

TEST(WebhookIncoming, RefusesWhatIsNoMessage) {
    for (const char* body : {"",
                             " ",
                             "null",
                             "[]",
                             "\"x\"",
                             "1",
                             "{",
                             "{}",
                             "{}{}",
                             R"({"type":"a.b","data":{}} x)",
                             R"({"data":{}})",
                             R"({"type":1,"data":{}})",
                             R"({"type":"","data":{}})",
                             R"({"type":"a b","data":{}})",
                             R"({"type":"a\nb","data":{}})",
                             R"({"type":"工单","data":{}})",
                             R"({"type":"a.b"})",
                             R"({"type":"a.b","data":[]})",
                             R"({"type":"a.b","data":null})",
                             R"({"type":"a.b","data":"{}"})",
                             R"({"type":"a.b","timestamp":1614265330,"data":{}})",
                             "{\"type\":\"a.b\",\"data\":{\"x\":\"\xff\"}}",
                             R"({"type":"a.b","data":{"x":NaN}})",
                             R"({"type":"a.b",/* */"data":{}})"})
        EXPECT_EQ(judged(body), "hook.bad_message") << body;
}

TEST(WebhookIncoming, TakesMessagesWithoutTimestampAndWithMore) {
    EXPECT_EQ(judged(R"({"type":"order.closed","data":{}})"), "accepted");
    EXPECT_EQ(judged(R"( {"data":{"n":"王"},"extra":[1],"type":"order.closed"} )"), "accepted");
}

TEST(WebhookIncoming, RefusesContentDeeperThan32Levels) {
    const auto nested = [](std::size_t levels) {
        return R"({"type":"a.b","data":{"x":)" + std::string(levels, '[') + std::string(levels, ']') + "}}";
    };
    EXPECT_EQ(judged(nested(30)), "accepted");
    EXPECT_EQ(judged(nested(31)), "hook.bad_message");
    EXPECT_EQ(judged(nested(200'000)), "hook.bad_message");
}

TEST(WebhookIncoming, SaysWhatToDoAndRepeatsNothingOfTheRequest) {
    const std::string marker = "MARKER";
    for (const auto& result :
         {receiver().accept(headers(marker, "1", "v1," + marker), marker, kNow),
          receiver().accept(headers(marker + " ", marker, marker), marker, kNow),
          receiver().accept(signed_headers(R"({"type":"MARKER !"})"), R"({"type":"MARKER !"})", kNow)}) {
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().detail.find(marker), std::string::npos) << result.error().detail;
        EXPECT_EQ(result.error().detail.find("MfKQ"), std::string::npos);
        EXPECT_GT(result.error().detail.size(), 30U);
    }
}

}  // namespace
}  // namespace citybridge::webhook
