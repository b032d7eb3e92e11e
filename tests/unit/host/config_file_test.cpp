#include "core/host/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/host/test_support.h"

namespace citybridge {
namespace {

using testing::StartsWith;

constexpr std::string_view kSample = R"(<?xml version="1.0" encoding="UTF-8"?>
<citybridge city="beijing">
  <listen address="127.0.0.1" port="8080"/>
  <users>
    <user name="wang.fang" role="agent" agent="PJSIP/2001" device="PJSIP/2001" groups="sales, night" password_hash="scrypt:x"/>
    <user name="erp" role="erp" token_hash="sha256:y"/>
  </users>
  <calls>
    <agent_number_digits>3-5</agent_number_digits>
  </calls>
  <plugin library="asterisk" name="pbx1">
    <host>127.0.0.1</host>
    <secret>${file:pbx1.secret}</secret>
  </plugin>
</citybridge>
)";

class ConfigFileTest : public testing::Test {
protected:
    ConfigFileTest() { folder_.write("pbx1.secret", "s3cret\n"); }

    NodeConfig load(std::string_view text) {
        problems_.clear();
        return load_config(folder_.write("city.xml", text), problems_);
    }
    // "3:5 message" of the only problem of a file with this content inside the root.
    std::string problem(const std::string& inside) {
        return only("<citybridge city='beijing'>\n" + inside + "\n</citybridge>");
    }
    std::string only(const std::string& text) {
        load(text);
        EXPECT_EQ(problems_.size(), 1U) << text;
        if (problems_.empty()) return {};
        EXPECT_EQ(problems_[0].where.file, folder_.path("city.xml"));
        return std::to_string(problems_[0].where.line) + ':' + std::to_string(problems_[0].where.column) + ' ' +
               problems_[0].message;
    }
    static std::string user(const std::string& attributes) { return "<users>\n<user " + attributes + "/></users>"; }

    test::TempFolder folder_;
    Problems problems_;
};

TEST_F(ConfigFileTest, ReadsAWholeConfiguration) {
    const auto config = load(kSample);
    ASSERT_TRUE(problems_.empty()) << to_string(problems_[0]);
    EXPECT_EQ(config.city, "beijing");
    const auto& listen = config.sections.at("listen");
    ASSERT_EQ(listen.settings.size(), 2U);
    EXPECT_EQ(listen.settings[1].name, "port");
    EXPECT_EQ(listen.settings[1].value, "8080");
    EXPECT_EQ(listen.settings[1].where.line, 3);
    EXPECT_EQ(listen.settings[1].where.column, 31);
    EXPECT_EQ(config.sections.at("calls").settings.at(0).value, "3-5");
    ASSERT_EQ(config.users.size(), 2U);
    EXPECT_EQ(config.users[0].name, "wang.fang");
    EXPECT_EQ(config.users[0].role, "agent");
    EXPECT_EQ(config.users[0].agent, "PJSIP/2001");
    EXPECT_EQ(config.users[0].device, "PJSIP/2001");
    EXPECT_EQ(config.users[0].groups, (std::vector<std::string>{"sales", "night"}));
    EXPECT_EQ(config.users[0].password_hash, "scrypt:x");
    EXPECT_EQ(config.users[1].token_hash, "sha256:y");
    ASSERT_EQ(config.plugins.size(), 1U);
    EXPECT_EQ(config.plugins[0].library, "asterisk");
    EXPECT_EQ(config.plugins[0].name, "pbx1");
    EXPECT_EQ(config.plugins[0].where.line, 11);
    ASSERT_EQ(config.plugins[0].settings.settings.size(), 2U);
    EXPECT_EQ(config.plugins[0].settings.settings[1].name, "secret");
    EXPECT_EQ(config.plugins[0].settings.settings[1].value, "s3cret");
    EXPECT_EQ(config.plugins[0].settings.settings[1].where.line, 13);
}

TEST_F(ConfigFileTest, CutOffAtAnyByteItIsAProblemWithAPlace) {
    const auto whole_end = kSample.rfind('>') + 1;
    const auto lines = std::count(kSample.begin(), kSample.end(), '\n') + 1;
    for (std::size_t size = 0; size <= kSample.size(); ++size) {
        load(kSample.substr(0, size));
        ASSERT_EQ(problems_.empty(), size >= whole_end) << size;
        for (const auto& problem : problems_) {
            EXPECT_GE(problem.where.line, 1) << size;
            EXPECT_LE(problem.where.line, lines) << size;
            EXPECT_GE(problem.where.column, 1) << size;
            EXPECT_FALSE(problem.message.empty());
        }
    }
}

TEST_F(ConfigFileTest, AnyByteReplacedIsReadOrAProblemWithAPlace) {
    for (std::size_t at = 0; at < kSample.size(); ++at) {
        for (const char with : {'<', '>', '&', '"', '\0', '\xFF', ' ', '/'}) {
            std::string text(kSample);
            text[at] = with;
            load(text);
            for (const auto& problem : problems_) EXPECT_GE(problem.where.line, 1) << at;
        }
    }
}

TEST_F(ConfigFileTest, AllProblemsAreTold) {
    load("<citybridge>\n<listne/>\n<users><user/></users>\n<plugin/>\n</citybridge>");
    EXPECT_GE(problems_.size(), 6U);
    EXPECT_TRUE(std::is_sorted(problems_.begin(), problems_.end(),
                               [](const Problem& a, const Problem& b) { return a.where.line < b.where.line; }));
}

TEST_F(ConfigFileTest, WrongRootsAndCities) {
    EXPECT_EQ(only("<bridge/>"), "1:1 the root element is <bridge>; it must be <citybridge>");
    EXPECT_EQ(only("<citybridge/>"), "1:1 <citybridge> needs the attribute \"city\"; add city=\"...\"");
    for (const std::string city : {"Beijing", "1st", "bei jing", "北京", "-x"})
        EXPECT_THAT(only("<citybridge city='" + city + "'/>"), StartsWith("1:13 city")) << city;
    EXPECT_EQ(only("<citybridge city='a' citty='b'/>"),
              "1:22 unknown attribute \"citty\" of <citybridge>; known are city");
    load("<citybridge city='hong-kong_2'/>");
    EXPECT_TRUE(problems_.empty());
}

TEST_F(ConfigFileTest, UnknownElementsAndStrayTextAreProblems) {
    EXPECT_EQ(problem("<lisen/>"),
              "2:1 unknown element <lisen>; known are include, users, plugin, listen, calls, store, desk, "
              "outgoing, recordings, centre, reports, cities");
    EXPECT_EQ(problem("text"), "2:1 text has no meaning in <citybridge>");
    EXPECT_EQ(problem("<listen>8080</listen>"), "2:9 text has no meaning in <listen>");
    EXPECT_THAT(problem("<listen><port value='1'>2</port></listen>"), StartsWith("2:15 a setting has no attributes"));
    EXPECT_THAT(problem("<listen><port>2<x/></port></listen>"), StartsWith("2:16 element <x> inside set"));
    EXPECT_EQ(problem("<users><usr/></users>"), "2:8 unknown element <usr> in <users>; known is <user>");
    EXPECT_THAT(problem("<listen/>\n<listen/>"), StartsWith("3:1 <listen> is given twice,"));
}

TEST_F(ConfigFileTest, WrongUsersAreProblems) {
    EXPECT_THAT(problem(user("role='admin' token_hash='x'")), StartsWith("3:1 <user> needs the attribute \"na"));
    EXPECT_THAT(problem(user("name='a' token_hash='x'")), StartsWith("3:1 <user> needs the attribute \"ro"));
    EXPECT_EQ(problem(user("name='a' role='boss' token_hash='x'")),
              "3:16 unknown role \"boss\"; known are agent, team_lead, supervisor, quality, admin, erp, node");
    EXPECT_THAT(problem(user("name='a b' role='admin' token_hash='x'")), StartsWith("3:7 user name \"a b\" "));
    EXPECT_THAT(problem(user("name='a' role='admin'")), StartsWith("3:1 user \"a\" cannot sign in"));
    EXPECT_THAT(problem(user("name='a' role='agent' token_hash='x'")), StartsWith("3:1 user \"a\" has role ag"));
    EXPECT_THAT(problem(user("name='a' role='admin' token_hash='x' phone='1'")),
                StartsWith("3:44 unknown attribute \"phon"));
    EXPECT_EQ(problem(user("name='a' role='admin' token_hash='x'/>\n<user name='a' role='admin' token_hash='x'")),
              "4:7 user \"a\" is defined twice, first at " + folder_.path("city.xml") + ":3; keep one");
    EXPECT_THAT(problem(user("name='a' role='admin' token_hash='x' token_hash='y'")),
                StartsWith("3:44 attribute \"token_hash\" is given twice;"));
}

TEST_F(ConfigFileTest, WrongPluginsAreProblems) {
    EXPECT_EQ(problem("<plugin name='a'/>"), "2:1 <plugin> needs the attribute \"library\"; add library=\"...\"");
    EXPECT_EQ(problem("<plugin library='asterisk'/>"), "2:1 <plugin> needs the attribute \"name\"; add name=\"...\"");
    EXPECT_EQ(problem("<plugin library='asterisk' name=''/>"),
              "2:28 <plugin> has an empty attribute \"name\"; add name=\"...\"");
    EXPECT_THAT(problem("<plugin library='x' name='a'/>\n<plugin library='y' name='a'/>"),
                StartsWith("3:21 plugin \"a\" is defined twice,"));
}

TEST_F(ConfigFileTest, MissingSecretsAreProblemsAtTheirPlace) {
    EXPECT_THAT(problem("<plugin library='x' name='a'>\n <secret>${file:nope}</secret></plugin>"),
                StartsWith("3:2 cannot take the value from file " + folder_.path("nope").substr(0, 3)));
    EXPECT_THAT(problem("<listen address='${env:CITYBRIDGE_NOT_SET}'/>"),
                StartsWith("2:9 environment variable CITYBRIDGE_NOT_SET is"));
}

TEST_F(ConfigFileTest, IncludesAreReadInPlaceAndKeepTheirOwnNamesAndFolders) {
    folder_.write(
        "users/team.xml",
        "<citybridge><users>\n<user name='li' role='admin' token_hash='${file:li.hash}'/></users></citybridge>");
    folder_.write("users/li.hash", "sha256:li\n");
    const auto config = load("<citybridge city='a'><include file='users/team.xml'/></citybridge>");
    ASSERT_TRUE(problems_.empty()) << to_string(problems_[0]);
    ASSERT_EQ(config.users.size(), 1U);
    EXPECT_EQ(config.users[0].token_hash, "sha256:li");
    EXPECT_EQ(config.users[0].where.file, folder_.path("users/team.xml"));
    EXPECT_EQ(config.users[0].where.line, 2);
}

TEST_F(ConfigFileTest, WrongIncludesAreProblems) {
    EXPECT_EQ(problem("<include/>"), "2:1 <include> needs the attribute \"file\"; add file=\"...\"");
    EXPECT_THAT(problem("<include file='missing.xml'/>"), StartsWith("2:10 cannot read"));
    EXPECT_NE(problem("<include file='city.xml'/>").find("includes itself"), std::string::npos);
    folder_.write("b.xml", "<citybridge><include file='c.xml'/></citybridge>");
    folder_.write("c.xml", "<citybridge><include file='./b.xml'/></citybridge>");
    load("<citybridge city='a'><include file='b.xml'/></citybridge>");
    ASSERT_EQ(problems_.size(), 1U);
    EXPECT_EQ(problems_[0].where.file, folder_.path("c.xml"));
    EXPECT_NE(problems_[0].message.find("includes itself"), std::string::npos);
    folder_.write("own_city.xml", "<citybridge city='b'/>");
    load("<citybridge city='a'><include file='own_city.xml'/></citybridge>");
    ASSERT_EQ(problems_.size(), 1U);
    EXPECT_EQ(problems_[0].where.file, folder_.path("own_city.xml"));
}

TEST_F(ConfigFileTest, EndlessIncludesEnd) {
    for (int i = 0; i < 20; ++i)
        folder_.write("deep" + std::to_string(i) + ".xml",
                      "<citybridge><include file='deep" + std::to_string(i + 1) + ".xml'/></citybridge>");
    load("<citybridge city='a'><include file='deep0.xml'/></citybridge>");
    ASSERT_EQ(problems_.size(), 1U);
    EXPECT_NE(problems_[0].message.find("too many included files"), std::string::npos);
    // Each file includes the next one ten times: the number of files is bounded too.
    for (int i = 0; i < 6; ++i) {
        std::string text = "<citybridge>";
        for (int k = 0; k < 10; ++k) text += "<include file='wide" + std::to_string(i + 1) + ".xml'/>";
        folder_.write("wide" + std::to_string(i) + ".xml", text + "</citybridge>");
    }
    folder_.write("wide6.xml", "<citybridge/>");
    load("<citybridge city='a'><include file='wide0.xml'/></citybridge>");
    EXPECT_FALSE(problems_.empty());
    EXPECT_LT(problems_.size(), 1000U);
}

TEST_F(ConfigFileTest, AMissingFileIsAProblem) {
    Problems problems;
    load_config(folder_.path("nowhere.xml"), problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(to_string(problems[0]).substr(0, folder_.path("nowhere.xml").size() + 5),
              folder_.path("nowhere.xml") + ":1:1:");
}

}  // namespace
}  // namespace citybridge
