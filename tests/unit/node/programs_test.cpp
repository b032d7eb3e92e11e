// The programs as a user starts them: exit codes, messages, one whole node.
#include "tests/unit/node/programs.h"

#include <gmock/gmock.h>
#include <signal.h>

#include "core/gateway/passwords.h"

namespace citybridge {
namespace {

const std::string kCaptures = std::string(CITYBRIDGE_SOURCE_DIR) + "/tests/wire/captures/asterisk/";

TEST_F(Programs, check_prints_every_problem_with_its_place) {
    const std::string config = write("node.xml",
                                     "<citybridge city=\"beijing\">\n"
                                     "  <listen port=\"http\"/>\n"
                                     "  <plugin library=\"asterisk\" name=\"pbx1\">\n"
                                     "    <host>127.0.0.1</host>\n"
                                     "    <usr>cti</usr>\n"
                                     "    <secret>${file:no-such-file}</secret>\n"
                                     "  </plugin>\n"
                                     "</citybridge>\n");
    const Ran ran = run("citybridged --check --config " + config);
    EXPECT_EQ(ran.code, 1);
    for (const char* place : {":2:", ":3:", ":5:", ":6:"}) EXPECT_THAT(ran.out, testing::HasSubstr(config + place));
    EXPECT_THAT(ran.out, testing::HasSubstr("no-such-file"));
    EXPECT_THAT(ran.out, testing::HasSubstr("unknown setting \"usr\""));
    EXPECT_THAT(ran.out, testing::HasSubstr("missing setting \"user\""));
    EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 4) << ran.out;
}

TEST_F(Programs, the_example_of_callbacks_between_cities_is_accepted) {
    const Ran ran = run("citybridged --check --config " CITYBRIDGE_SOURCE_DIR "/config/cities/beijing.xml");
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, testing::HasSubstr("beijing.xml: ok"));
}

TEST_F(Programs, check_says_ok_and_describe_names_every_plugin) {
    const std::string config =
        write("node.xml", "<citybridge city=\"beijing\"><plugin library=\"simulator\" name=\"pbx1\"/></citybridge>");
    const Ran ran = run("citybridged --check --config " + config);
    EXPECT_EQ(ran.code, 0) << ran.err;
    const Ran described = run("citybridged --describe");
    EXPECT_EQ(described.code, 0);
    for (const char* word : {"asterisk", "simulator", "max_connections", "agent_number_digits", "survey_events"})
        EXPECT_THAT(described.out, testing::HasSubstr(word));
}

TEST_F(Programs, a_missing_configuration_is_a_clear_error) {
    const Ran ran = run("citybridged --config " + folder_ + "/none.xml");
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, testing::HasSubstr("none.xml:"));
}

TEST_F(Programs, replay_prints_one_document_and_nothing_else_on_stdout) {
    const Ran ran = run("citybridge-replay --fast --json " + kCaptures + "02-inbound-queue-hold.ami");
    EXPECT_EQ(ran.code, 0);
    const auto document = nlohmann::json::parse(ran.out);
    ASSERT_EQ(document["contacts"].size(), 1U);
    EXPECT_EQ(document["contacts"][0]["customer_number"], "13901234567");
    EXPECT_EQ(document["agents"].size(), 1U);
    EXPECT_EQ(ran.err, "");
}

TEST_F(Programs, replay_takes_any_readable_capture_and_refuses_the_rest_with_2) {
    for (const char* name :
         {"01b-login-wrong.ami", "25c-connect-while-booting.ami", "13-hangup.ami.xz", "20-busy-head.ami.xz"})
        EXPECT_EQ(run("citybridge-replay --fast " + kCaptures + name).code, 0) << name;
    const std::string cut = write("cut.ami", read(kCaptures + "02-inbound-queue-hold.ami").substr(0, 30'001));
    const Ran ran = run("citybridge-replay --fast --json " + cut);
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(ran.err, testing::HasSubstr("warning"));
    EXPECT_EQ(nlohmann::json::parse(ran.out)["contacts"].size(), 1U);
    EXPECT_EQ(run("citybridge-replay --fast " + folder_ + "/none.ami").code, 2);
    EXPECT_EQ(run("citybridge-replay --fast " + folder_).code, 2);
    EXPECT_EQ(run("citybridge-replay --fast " + write("bad.ami.xz", "not xz")).code, 2);
    EXPECT_EQ(run("citybridge-replay --fast " + write("empty.ami", "")).code, 0);
}

TEST_F(Programs, replay_through_a_whole_node_says_the_same_as_in_process) {
    const std::string path = kCaptures + "08b-originate-fail.ami";
    const auto fast = nlohmann::json::parse(run("citybridge-replay --fast --json " + path).out);
    const Ran live = run("citybridge-replay --json " + path);
    ASSERT_EQ(live.code, 0) << live.err;
    const auto document = nlohmann::json::parse(live.out);
    ASSERT_EQ(document["contacts"].size(), fast["contacts"].size());
    for (const char* field : {"direction", "customer_number", "outcome", "ended_by"})
        EXPECT_EQ(document["contacts"][0][field], fast["contacts"][0][field]);
}

TEST_F(Programs, a_node_serves_the_command_line_and_stops_when_asked) {
    const std::string hash = run("citybridge hash-password", "s3cret\n").out;
    ASSERT_TRUE(gateway::is_password_hash(hash.substr(0, hash.size() - 1)));
    write("chief.hash", hash);
    const std::string config =
        write("node.xml",
              "<citybridge city=\"beijing\"><listen port=\"0\"/><store path=\"node.db\"/>"
              "<users><user name=\"chief\" role=\"admin\" password_hash=\"${file:chief.hash}\"/></users>"
              "<plugin library=\"simulator\" name=\"pbx1\"><speed>20</speed></plugin></citybridge>");
    Daemon daemon(config, folder_ + "/log");
    const std::string port = daemon.port();
    ASSERT_FALSE(port.empty()) << read(folder_ + "/log");
    const std::string node = "--url http://127.0.0.1:" + port + " --user chief --password s3cret ";
    const Ran status = run("citybridge " + node + "status");
    EXPECT_EQ(status.code, 0) << status.err;
    EXPECT_THAT(run("citybridge " + node + "agents").out, testing::HasSubstr("SIM/1001"));
    EXPECT_THAT(run("citybridge " + node + "plugins").out, testing::HasSubstr("running"));
    EXPECT_TRUE(nlohmann::json::parse(run("citybridge " + node + "--json contacts").out).is_array());
    EXPECT_EQ(run("citybridge --url http://127.0.0.1:" + port + " --user chief --password wrong agents").code, 1);
    daemon.tell(SIGHUP);
    EXPECT_EQ(run("citybridge " + node + "agents").code, 0);
    const int ended = daemon.stop(SIGTERM);
    EXPECT_TRUE(WIFEXITED(ended));
    EXPECT_EQ(WEXITSTATUS(ended), 0);
    EXPECT_EQ(run("citybridge " + node + "status").code, 1);
    EXPECT_THAT(read(folder_ + "/log"), testing::Not(testing::HasSubstr("s3cret")));
}

}  // namespace
}  // namespace citybridge
