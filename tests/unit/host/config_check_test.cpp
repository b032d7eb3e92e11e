#include "core/host/config_check.h"

#include <gtest/gtest.h>

#include "tests/unit/host/recording_sink.h"
#include "tests/unit/host/test_support.h"

namespace citybridge {
namespace {

class ConfigCheckTest : public testing::Test {
protected:
    // Problems as "line:column: message".
    std::vector<std::string> check(const std::string& inside) {
        const auto path = folder_.write("city.xml", "<citybridge city='beijing'>\n" + inside + "\n</citybridge>");
        Problems problems;
        const auto config = load_config(path, problems);
        if (problems.empty()) problems = check_config(config, recorder_.options());
        std::vector<std::string> out;
        for (const auto& problem : problems) out.push_back(to_string(problem).substr(path.size() + 1));
        return out;
    }
    test::TempFolder folder_;
    test::Recorder recorder_;
};

TEST_F(ConfigCheckTest, AGoodConfigurationHasNoProblemAndNothingIsStarted) {
    EXPECT_EQ(check("<listen port='8080'/><plugin library='well_behaved' name='a'><port>5038</port></plugin>"),
              std::vector<std::string>{});
    EXPECT_TRUE(recorder_.steps().empty());
}

TEST_F(ConfigCheckTest, ProblemsOfAllPluginsAreToldTogetherWithTheirPlaces) {
    const auto problems = check(
        "\n<plugin library='well_behaved' name='a'>\n"
        "  <port>99999</port>\n"
        "  <greting>x</greting>\n"
        "</plugin>\n"
        "<plugin library='well_behaved' name='b'/>\n"
        "<plugin library='wrong_build' name='c'/>");
    ASSERT_EQ(problems.size(), 4U);
    EXPECT_EQ(problems[0], "4:3: port must be from 1 to 65535, not 99999");
    EXPECT_EQ(problems[1].substr(0, 33), "5:3: unknown setting \"greting\"; k");
    EXPECT_EQ(problems[2], "7:1: missing setting \"port\": Where it goes.");
    EXPECT_EQ(problems[3].substr(0, 31), "8:1: plugin.build: refused " + std::string(BROKEN_PLUGINS).substr(0, 4));
}

TEST_F(ConfigCheckTest, ASecretsValueIsInNoMessage) {
    folder_.write("secret", "hunter2\n");
    for (const auto& problem : check("<plugin library='well_behaved' name='a'><port>0</port>"
                                     "<secret>${file:secret}</secret><sceret>${file:secret}</sceret></plugin>"))
        EXPECT_EQ(problem.find("hunter2"), std::string::npos) << problem;
}

}  // namespace
}  // namespace citybridge
