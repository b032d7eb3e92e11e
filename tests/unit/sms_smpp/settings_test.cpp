#include "plugins/sms_smpp/settings.h"

#include <gtest/gtest.h>

namespace citybridge::sms_smpp {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

RawSettings raw(const Values& values) {
    RawSettings out{{"city.xml", 3, 5}, {}};
    for (const auto& [name, value] : Values{{"host", "127.0.0.1"}, {"system_id", "city"}, {"password", "secret"}})
        out.settings.push_back({name, value, {"city.xml", 4, 7}});
    for (const auto& [name, value] : values) out.settings.push_back({name, value, {"city.xml", 5, 7}});
    return out;
}

std::string problems_of(const Values& values) {
    Problems problems;
    read_config(raw(values), problems);
    std::string all;
    for (const Problem& problem : problems) all += to_string(problem) + '\n';
    return all;
}

TEST(SmppSettings, NeedOnlyTheCentreAndWhoWeAre) {
    Problems problems;
    const Config config = read_config(raw({}), problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(config.link.port, 2775);
    EXPECT_EQ(config.session.window, 50U);
    EXPECT_EQ(config.session.bind.system_id, "city");
    EXPECT_EQ(config.session.receipt_ids, ReceiptIds::same);
    EXPECT_EQ(config.message.validity, "");
    EXPECT_EQ(config.traits.repeats, Repeats::neither);
    EXPECT_EQ(config.traits.connections, 50U);
    EXPECT_FALSE(config.traits.schedule.empty());
    Problems missing;
    read_config({{"city.xml", 3, 5}, {}}, missing);
    EXPECT_EQ(missing.size(), 3U);
}

TEST(SmppSettings, SayWhatElseACentreMayWant) {
    Problems problems;
    const Config config = read_config(raw({{"number_form", "national"},
                                           {"source_address", "10690000"},
                                           {"source_ton", "3"},
                                           {"receipt_ids", "decimal"},
                                           {"temporary_statuses", "0x401, 1026"},
                                           {"repeats", "dedupes"},
                                           {"window", "10"},
                                           {"validity_minutes", "15"}}),
                                      problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(config.message.number_form, NumberForm::national);
    EXPECT_EQ(config.message.source.digits, "10690000");
    EXPECT_EQ(config.message.source.ton, 3);
    EXPECT_EQ(config.session.receipt_ids, ReceiptIds::decimal);
    EXPECT_EQ(config.session.temporary, (std::vector<std::uint32_t>{0x401, 1026}));
    EXPECT_EQ(config.traits.repeats, Repeats::dedupes);
    EXPECT_EQ(config.traits.connections, 10U);
    EXPECT_EQ(config.message.validity, "000000001500000R");
}

TEST(SmppSettings, NameWhatIsWrongAndNoSecret) {
    EXPECT_EQ(problems_of({{"window", "0"}}).find("city.xml:5:7"), 0U);
    EXPECT_NE(problems_of({{"temporary_statuses", "soon"}}).find("temporary_statuses has \"soon\""), std::string::npos);
    EXPECT_NE(problems_of({{"source_address", std::string(21, '1')}}).find("at most 20"), std::string::npos);
    EXPECT_NE(problems_of({{"retry_schedule", "soon"}}).find("retry_schedule"), std::string::npos);
    EXPECT_EQ(problems_of({{"retry_schedule", "soon"}}).find("secret"), std::string::npos);
    EXPECT_NE(problems_of({{"country_code", "+86"}}).find("country_code must be digits"), std::string::npos);
    EXPECT_NE(problems_of({{"number_form", "national"}, {"country_code", ""}}).find("country_code is needed"),
              std::string::npos);
    EXPECT_NE(problems_of({{"reconnect_max_ms", "999"}}).find("reconnect_max_ms must not"), std::string::npos);
    EXPECT_NE(problems_of({{"throttle_max_ms", "999"}}).find("throttle_max_ms must not"), std::string::npos);
}

TEST(SmppSettings, ATransmitterIsAskedForNoReceipts) {
    const std::string asked = problems_of({{"bind", "transmitter"}, {"receipts", "true"}});
    EXPECT_EQ(asked.find("city.xml:5:7: bind is transmitter, which gets no"), 0U) << asked;
    EXPECT_EQ(problems_of({{"bind", "transmitter"}}), "") << "nobody asked for any";
    EXPECT_EQ(problems_of({{"bind", "transmitter"}, {"receipts", "false"}}), "");
    EXPECT_EQ(problems_of({{"bind", "transceiver"}}), "");
}

// GSM 03.40, 9.1.2.5: eleven characters of seven bits are what the address field holds.
TEST(SmppSettings, ASenderOfLettersHasAtMostElevenCharacters) {
    EXPECT_EQ(problems_of({{"source_address", "AnjuService"}, {"source_ton", "5"}}), "");
    EXPECT_NE(
        problems_of({{"source_address", "AnjuServices"}, {"source_ton", "5"}}).find("city.xml:5:7: source_address"),
        std::string::npos);
    EXPECT_NE(problems_of({{"source_address", "AnjuServices"}}).find("at most 11"), std::string::npos)
        << "letters, whatever source_ton says";
    EXPECT_EQ(problems_of({{"source_address", "106900001234567"}}), "") << "a number may be longer";
    EXPECT_NE(problems_of({{"source_address", "106900001234567"}, {"source_ton", "5"}}).find("at most 11"),
              std::string::npos);
}

TEST(SmppSettings, TakeNoAddressOfAnotherKindForTheHost) {
    for (const char* host : {"smpp://centre", "centre:2775/", "a b"}) {
        Problems problems;
        read_config({{"city.xml", 3, 5},
                     {{"host", host, {"city.xml", 4, 7}}, {"system_id", "city", {}}, {"password", "secret", {}}}},
                    problems);
        ASSERT_FALSE(problems.empty()) << host;
        EXPECT_EQ(to_string(problems.front()).find("city.xml:4:7: host is no"), 0U) << to_string(problems.front());
    }
}

}  // namespace
}  // namespace citybridge::sms_smpp
