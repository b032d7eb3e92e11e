#include "plugins/email/settings.h"

#include <gtest/gtest.h>

namespace citybridge::email {
namespace {

using Given = std::vector<std::pair<std::string, std::string>>;
constexpr char kGoodKey[] = "0123456789abcdef0123456789abcdef";

RawSettings raw(const Given& more) {
    RawSettings out{{"city.xml", 2, 3}, {}};
    Given all{{"host", "smtp.city.example"}, {"from", "desk@city.example"}};
    for (const auto& setting : more) {
        std::erase_if(all, [&](const auto& row) { return row.first == setting.first; });
        all.push_back(setting);
    }
    int line = 3;
    for (auto& [name, value] : all) out.settings.push_back({name, value, {"city.xml", line++, 5}});
    return out;
}

std::vector<std::string> problems_of(const Given& more) {
    Problems problems;
    (void)read_config(raw(more), problems);
    std::vector<std::string> out;
    for (const Problem& problem : problems) out.push_back(problem.message.substr(0, problem.message.find(' ')));
    return out;
}

TEST(MailSettings, ServerAndSenderAreEnough) {
    Problems problems;
    const Config config = read_config(raw({}), problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(config.pool.server.port, 587);
    EXPECT_EQ(config.pool.server.tls, Tls::starttls);
    EXPECT_EQ(config.writer.reply_to.text(), "desk@city.example");
    EXPECT_EQ(config.traits.repeats, Repeats::dedupes) << "a possible second copy is better than none";
    EXPECT_FALSE(config.reader);
    Millis all{0};
    for (const Millis wait : config.traits.schedule) all += wait;
    EXPECT_GT(all, std::chrono::hours(72)) << "temporary failures are retried for days";
}

TEST(MailSettings, ClearTextIsForThisMachineOnly) {
    for (const std::string host : {"localhost", "127.0.0.1", "::1"})
        EXPECT_TRUE(problems_of({{"host", host}, {"tls", "none"}}).empty()) << host;
    for (const std::string host : {"smtp.city.example", "10.0.0.5", "127.0.0.1.example", "localhost.example"})
        EXPECT_EQ(problems_of({{"host", host}, {"tls", "none"}}), std::vector<std::string>{"tls"}) << host;
}

TEST(MailSettings, WhatCannotWorkIsSaidBeforehand) {
    using Names = std::vector<std::string>;
    EXPECT_EQ(problems_of({{"from", "desk"}}), Names{"from"});
    EXPECT_EQ(problems_of({{"host", "a b"}}), Names{"host"});
    EXPECT_EQ(problems_of({{"host", "a/b?c"}}), Names{"host"});
    EXPECT_EQ(problems_of({{"user", "x"}}), Names{"password"});
    EXPECT_EQ(problems_of({{"user", "x"}, {"password", "a\r\nb"}}), Names{"password"});
    EXPECT_EQ(problems_of({{"from_name", "a\r\nBcc: b"}}), Names{"from_name"});
    EXPECT_EQ(problems_of({{"retry_schedule", "soon"}}), Names{"retry_schedule"});
    EXPECT_EQ(problems_of({{"confirm_key", "short"}}), Names{"confirm_key"});
    EXPECT_EQ(problems_of({{"confirm_old_key", kGoodKey}}), Names{"confirm_key"});
    EXPECT_EQ(problems_of({{"read", "imap"}}), (Names{"read_user", "confirm_key"}));
    EXPECT_EQ(problems_of({{"reply_to", "a.very.long.name@city.example"}, {"confirm_key", kGoodKey}}),
              Names{"reply_to"});
    EXPECT_TRUE(
        problems_of(
            {{"reply_to", "a.very.long.name@city.example"}, {"confirm_key", kGoodKey}, {"sub_addresses", "off"}})
            .empty());
    EXPECT_EQ(problems_of({{"read", "imap"},
                           {"read_user", "u"},
                           {"read_password", "p"},
                           {"confirm_key", kGoodKey},
                           {"done_folder", "INBOX"}}),
              Names{"done_folder"});
}

TEST(MailSettings, ReadingTakesFromSendingWhatIsNotSaid) {
    Problems problems;
    const Config config = read_config(
        raw({{"user", "u"}, {"password", "p"}, {"ca_file", "/ca.pem"}, {"read", "pop3"}, {"confirm_key", kGoodKey}}),
        problems);
    ASSERT_TRUE(problems.empty());
    ASSERT_TRUE(config.reader);
    EXPECT_EQ(config.reader->box.host, "smtp.city.example");
    EXPECT_EQ(config.reader->box.port, 995);
    EXPECT_EQ(config.reader->box.user, "u");
    EXPECT_EQ(config.reader->box.ca_file, "/ca.pem");
}

}  // namespace
}  // namespace citybridge::email
