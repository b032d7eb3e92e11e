#include "plugins/link_https/settings.h"

#include <gtest/gtest.h>

namespace citybridge::link_https {
namespace {

const std::string kPrint(64, 'a');
const std::string kOther(64, 'b');

RawSettings raw(const std::string& peers, const std::string& pins) {
    return {{"city.xml", 3, 5},
            {{"peers", peers, {"city.xml", 4, 7}},
             {"pins", pins, {"city.xml", 5, 7}},
             {"certificate", "c.pem", {"city.xml", 6, 7}},
             {"key", "k.pem", {"city.xml", 7, 7}}}};
}

std::string problem(const std::string& peers, const std::string& pins) {
    Problems problems;
    (void)read_config(raw(peers, pins), problems);
    return problems.empty() ? "" : to_string(problems.front());
}

TEST(LinkHttpsSettings, TakesSeveralPinsOfACityDuringItsChange) {
    Problems problems;
    const Config config =
        read_config(raw("hangzhou=https://10.0.0.2:8472/, nanjing=https://[fd00::3]:8472",
                        "hangzhou=" + kPrint + ", hangzhou=" + kOther + ", nanjing=sha256:" + std::string(64, 'C')),
                    problems);
    ASSERT_TRUE(problems.empty()) << to_string(problems.front());
    ASSERT_EQ(config.peers.size(), 2U);
    EXPECT_EQ(config.peers[0].url, "https://10.0.0.2:8472");
    EXPECT_EQ(config.peers[0].pins.size(), 2U);
    EXPECT_EQ(config.peers[1].pins.size(), 1U);
    EXPECT_EQ(config.traits.repeats, Repeats::dedupes);
    Millis whole{0};
    for (const Millis wait : config.traits.schedule) whole += wait;
    EXPECT_GE(whole, std::chrono::days(30));
}

TEST(LinkHttpsSettings, ListensAtAnAddressAndNotAtAName) {
    for (const char* address : {"localhost", "10.0.0", "", "10.0.0.1:8472"}) {
        RawSettings given = raw("hangzhou=https://h:1", "hangzhou=" + kPrint);
        given.settings.push_back({"address", address, {"city.xml", 8, 7}});
        Problems problems;
        (void)read_config(given, problems);
        ASSERT_EQ(problems.size(), 1U) << address;
        EXPECT_EQ(to_string(problems.front()).find("city.xml:8:7: address is"), 0U) << to_string(problems.front());
    }
}

TEST(LinkHttpsSettings, SaysWhatIsWrongAndWhere) {
    EXPECT_EQ(problem("hangzhou=http://10.0.0.2:1", "hangzhou=" + kPrint).find("city.xml:4:7: peers has"), 0U);
    EXPECT_EQ(problem("hangzhou=https://10.0.0.2:1/path", "hangzhou=" + kPrint).find("city.xml:4:7: peers has"), 0U);
    for (const char* url : {"https://", "https://:8472", "https://h:0", "https://h:65536", "https://h:port",
                            "https://user@h:1", "https://h:1:2", "https://[::1"})
        EXPECT_EQ(problem(std::string("hangzhou=") + url, "hangzhou=" + kPrint).find("city.xml:4:7: peers has"), 0U)
            << url;
    EXPECT_EQ(problem("hangzhou=https://[fd00::2]:8472", "hangzhou=" + kPrint), "");
    EXPECT_EQ(problem("Hangzhou=https://10.0.0.2:1", "").find("city.xml:4:7: peers has"), 0U);
    EXPECT_NE(
        problem("hangzhou=https://h:1, nanjing=https://h:1", "hangzhou=" + kPrint + ",nanjing=" + kOther).find("twice"),
        std::string::npos);
    EXPECT_NE(problem("hangzhou=https://h:1", "hangzhou=12:34").find("64 hexadecimal digits"), std::string::npos);
    EXPECT_NE(problem("hangzhou=https://h:1", "nanjing=" + kPrint).find("not among the peers"), std::string::npos);
    EXPECT_NE(problem("hangzhou=https://h:1, nanjing=https://n:1", "hangzhou=" + kPrint).find("none for nanjing"),
              std::string::npos);
    EXPECT_NE(problem("hangzhou=https://h:1, nanjing=https://n:1", "hangzhou=" + kPrint + ",nanjing=" + kPrint)
                  .find("gives one certificate to"),
              std::string::npos);
}

TEST(LinkHttpsSettings, ReadsFingerprintsAsOpensslShowsThem) {
    std::string colons;
    for (int i = 0; i < 32; ++i) colons += std::string(i == 0 ? "" : ":") + "0F";
    ASSERT_TRUE(parse_fingerprint(colons));
    EXPECT_EQ(to_hex(*parse_fingerprint(colons)).substr(0, 4), "0f0f");
    EXPECT_FALSE(parse_fingerprint(colons + ":0F"));
    EXPECT_FALSE(parse_fingerprint("0:" + colons.substr(3)));
    EXPECT_FALSE(parse_fingerprint(""));
}

}  // namespace
}  // namespace citybridge::link_https
