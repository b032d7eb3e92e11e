#include "plugins/link_nats/settings.h"

#include <gtest/gtest.h>

namespace citybridge::link_nats {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

const std::string kKey(64, 'a');
const std::string kOther(64, 'b');

Config read(const std::string& peers, Problems& problems) {
    return read_config(
        {{"city.xml", 3, 5}, {{"peers", peers, {"city.xml", 4, 7}}, {"key", "k.pem", {"city.xml", 5, 7}}}}, problems);
}

std::string problem(const std::string& peers) {
    Problems problems;
    (void)read(peers, problems);
    return problems.empty() ? "" : to_string(problems.front());
}

TEST(LinkNatsSettings, TakesTwoKeysOfACityDuringItsChange) {
    Problems problems;
    const Config config = read("hangzhou=" + kKey + ", hangzhou=" + kOther, problems);
    ASSERT_TRUE(problems.empty()) << to_string(problems.front());
    ASSERT_EQ(config.peers.size(), 1U);
    EXPECT_EQ(config.peers[0].keys.size(), 2U);
}

TEST(LinkNatsSettings, SaysWhatIsWrongAndWhere) {
    EXPECT_EQ(problem("hangzhou").find("city.xml:4:7: peers has"), 0U);
    EXPECT_EQ(problem("HZ=" + kKey).find("city.xml:4:7: peers has"), 0U);
    EXPECT_EQ(problem("hangzhou=123").find("city.xml:4:7: peers has"), 0U);
    EXPECT_NE(problem("hangzhou=" + kKey + ", nanjing=" + kKey).find("gives one key to"), std::string::npos);
}

TEST(LinkNatsSettings, SayWhatIsWrongWithTheServer) {
    const auto with = [](const Values& more) {
        RawSettings raw{{"city.xml", 3, 5},
                        {{"peers", "hangzhou=" + kKey, {"city.xml", 4, 7}}, {"key", "k.pem", {"city.xml", 5, 7}}}};
        for (const auto& [name, value] : more) raw.settings.push_back({name, value, {"city.xml", 6, 7}});
        Problems problems;
        (void)read_config(raw, problems);
        return problems.empty() ? "" : to_string(problems.front());
    };
    for (const char* url : {"http://leaf:4222", "nats://", "nats://leaf:port", "tls://leaf:0", "nats://a b"})
        EXPECT_EQ(with({{"url", url}}).find("city.xml:6:7: url must be"), 0U) << url;
    EXPECT_EQ(with({{"url", "nats://[::1]:4222"}}), "");
    EXPECT_NE(with({{"user", "beijing"}}).find("password is missing"), std::string::npos);
    EXPECT_NE(with({{"password", "x"}}).find("user is missing"), std::string::npos);
}

}  // namespace
}  // namespace citybridge::link_nats
