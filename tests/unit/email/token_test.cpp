#include "plugins/email/token.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/api/text.h"
#include "plugins/email/address.h"
#include "tests/unit/email/mail_fixture.h"

namespace citybridge::email {
namespace {

TokenFacts facts(TokenUse use = TokenUse::confirm) { return {use, std::string(kOrder) + ".5.mail.t1", kOrder}; }

TEST(MailToken, NamesItsMailAgain) {
    const TokenKeys keys = test_keys();
    for (const TokenUse use : {TokenUse::confirm, TokenUse::bounce, TokenUse::reference}) {
        const std::string token = keys.make(facts(use));
        EXPECT_EQ(keys.verify(token), facts(use));
    }
}

TEST(MailToken, FitsBehindAMailboxOfElevenCharacters) {
    for (const std::string tail : {".1.mail", ".12.1.mail", ".1234.12.mail", ".5.mail.t1", ".1234.mail.t12"})
        EXPECT_LE(test_keys().make({TokenUse::confirm, kOrder + tail, kOrder}).size() + 1 + 11, kMaxLocal) << tail;
}

RC_GTEST_PROP(MailToken, AnyIdsComeBack, (const std::string& message, const std::string& order)) {
    RC_PRE(message.size() >= 3U && message.size() < 200U && order.size() < 200U);
    const TokenFacts given{TokenUse::bounce, message, order};
    RC_ASSERT(test_keys().verify(test_keys().make(given)) == given);
    const TokenFacts tailed{TokenUse::bounce, kOrder + message, kOrder};
    RC_ASSERT(test_keys().verify(test_keys().make(tailed)) == tailed);
}

TEST(MailToken, TailsOfEveryFormComeBack) {
    for (const std::string tail :
         {"", ".5.mail.t1", ".mail.t1", ".t1", ".5.t1", ".5.mail.t", ".5.mail.t1.t2", ".5.t1.mail", ".5.mail.t1.2",
          ".5.mail.mail.t1", "5mail.t1", ".5.other.t1", ".t.mail.t"}) {
        const TokenFacts given{TokenUse::confirm, kOrder + tail, kOrder};
        const auto back = test_keys().verify(test_keys().make(given));
        ASSERT_TRUE(back) << tail;
        EXPECT_EQ(back->message, given.message);
        EXPECT_EQ(back->order, given.order);
    }
}

TEST(MailToken, SurvivesAChangeOfCase) {
    std::string token = test_keys().make(facts());
    EXPECT_EQ(lower_case(token), token);
    for (char& c : token)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    EXPECT_EQ(test_keys().verify(token), facts());
}

TEST(MailToken, NoChangedCharacterIsTaken) {
    const std::string token = test_keys().make(facts());
    for (std::size_t at = 0; at < token.size(); ++at) {
        for (const char c : std::string("abcdefghijklmnopqrstuvwxyz234567")) {
            if (token[at] == c) continue;
            std::string forged = token;
            forged[at] = c;
            EXPECT_FALSE(test_keys().verify(forged)) << forged;
        }
    }
    for (std::size_t length = 0; length < token.size(); ++length)
        EXPECT_FALSE(test_keys().verify(token.substr(0, length)));
    EXPECT_FALSE(test_keys().verify(token + 'a'));
    EXPECT_FALSE(test_keys().verify(token + "aaaaaaaa"));
}

TEST(MailToken, OneOfAnotherKeyInstanceOrMailIsNotTaken) {
    const std::string token = test_keys().make(facts());
    EXPECT_FALSE(TokenKeys("mail", {"another key that is long enough!"}).verify(token));
    EXPECT_FALSE(TokenKeys("mail2", {kKey}).verify(token));
    EXPECT_FALSE(TokenKeys("mail", {}).verify(token));
    TokenFacts other = facts();
    other.use = TokenUse::bounce;
    EXPECT_NE(test_keys().make(other).substr(40), token.substr(40)) << "the use is signed too";
}

TEST(MailToken, BothKeysOfAChangeAreTaken) {
    const std::string before = test_keys().make(facts());
    const TokenKeys keys("mail", {"the new key, that is long enough", kKey});
    EXPECT_EQ(keys.verify(before), facts());
    EXPECT_EQ(keys.verify(keys.make(facts())), facts());
    EXPECT_FALSE(test_keys().verify(keys.make(facts())));
}

TEST(MailToken, IsFoundWhereverMailsCarryIt) {
    const std::string token = test_keys().make(facts());
    for (const std::string& text :
         {"<reply+" + token + "@city.example>", "<" + std::string(kOrder) + ".5." + token + "@x>",
          "Re: 投诉 [" + token + "]", "回复：[" + token + "] 收到", token})
        EXPECT_EQ(test_keys().find_in(text), std::vector{facts()}) << text;
    EXPECT_TRUE(test_keys().find_in("x" + token).empty());
    EXPECT_TRUE(test_keys().find_in(token.substr(0, 30) + " " + token.substr(30)).empty());
}

TEST(MailToken, IsCutOutOfWhatIsKept) {
    const std::string token = test_keys().make(facts());
    const std::string text = "a <reply+" + token + "@city.example> b [" + token + "]";
    EXPECT_EQ(without_tokens(text), "a <reply+[token]@city.example> b [[token]]");
    EXPECT_EQ(without_tokens("cb, 收到 cbd"), "cb, 收到 cbd");
}

}  // namespace
}  // namespace citybridge::email
