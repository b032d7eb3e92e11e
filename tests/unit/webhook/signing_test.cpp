#include "plugins/webhook/signing.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/webhook/signed_at.h"

namespace citybridge::webhook {
namespace {

SigningKey key_of(std::string_view secret) {
    auto key = SigningKey::parse(secret);
    EXPECT_TRUE(key) << secret;
    return *key;
}

std::string base64_of_zeros(std::size_t bytes) {
    std::string out(bytes / 3 * 4, 'A');
    if (bytes % 3 == 1) out += "AA==";
    if (bytes % 3 == 2) out += "AAA=";
    return out;
}

// Published with the libraries of the specification ("sign function works").
TEST(WebhookSigning, MakesTheSignatureOfTheSpecificationsLibraries) {
    EXPECT_EQ(key_of(kSecret).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSigning, TakesSecretsOf24To64Bytes) {
    for (std::size_t bytes = 0; bytes <= 80; ++bytes)
        EXPECT_EQ(static_cast<bool>(SigningKey::parse("whsec_" + base64_of_zeros(bytes))), bytes >= 24 && bytes <= 64)
            << bytes;
}

TEST(WebhookSigning, RefusesSecretsThatTwoSidesCouldReadDifferently) {
    const std::string good = base64_of_zeros(25);  // ends in "AA=="
    const std::string body = good.substr(0, good.size() - 4);
    EXPECT_TRUE(SigningKey::parse("whsec_" + good));
    for (const std::string& bad : {std::string(), std::string("whsec_"), good, "WHSEC_" + good, "whsec_ " + good,
                                   "whsec_" + good + "\n", "whsec_" + body + "AB==", "whsec_" + body + "AA=A",
                                   "whsec_" + body + "A===", "whsec_" + body + "====", "whsec_" + body + "AA",
                                   "whsec_" + body + "A-_=", "whsec_-" + good.substr(1), "whsec_ " + good.substr(1),
                                   "whsec_=" + good.substr(1), "whsk_" + good})
        EXPECT_FALSE(SigningKey::parse(bad)) << bad;
}

TEST(WebhookSigning, NeverShowsTheSecretItRefuses) {
    const auto refused = SigningKey::parse("whsec_c2hvcnQgc2VjcmV0");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "webhook.bad_secret");
    EXPECT_EQ(refused.error().detail.find("c2hvcnQ"), std::string::npos);
}

TEST(WebhookSigning, TellsKeysApart) {
    const SigningKey one = key_of(kSecret);
    const SigningKey other = key_of("whsec_" + base64_of_zeros(24));
    EXPECT_TRUE(one.same_secret(key_of(kSecret)));
    EXPECT_FALSE(one.same_secret(other));
    EXPECT_FALSE(other.same_secret(key_of("whsec_" + base64_of_zeros(25))));
    EXPECT_NE(one.sign("id", "1", "{}"), other.sign("id", "1", "{}"));
}

TEST(WebhookSigning, GivesTheSameSignatureFromManyThreadsAtOnce) {
    const SigningKey key = key_of(kSecret);
    const std::string expected = key.sign("id", "1614265330", "{}");
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 2'000; ++n)
                if (key.sign("id", "1614265330", "{}") != expected) ++wrong;
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
}

TEST(WebhookSigning, ComparesWholeTexts) {
    EXPECT_TRUE(same_in_constant_time("", ""));
    EXPECT_TRUE(same_in_constant_time("v1,abc", "v1,abc"));
    EXPECT_FALSE(same_in_constant_time("v1,abc", "v1,abd"));
    EXPECT_FALSE(same_in_constant_time("v1,abc", "v1,ab"));
    EXPECT_FALSE(same_in_constant_time("", "v"));
}

}  // namespace
}  // namespace citybridge::webhook
