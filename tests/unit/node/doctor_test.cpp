// What the doctor finds at which time.
#include "core/node/doctor.h"

#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

struct Doctor : WholeNode {
    std::vector<std::string> codes_at(WallTime now) {
        std::vector<std::string> out;
        const std::string plugins = std::string(CITYBRIDGE_BINARY_DIR) + "/lib/plugins";
        for (const Ailment& each : examine(folder() + "/node.xml", plugins, now)) {
            EXPECT_FALSE(each.detail.empty());
            EXPECT_FALSE(each.advice.empty());
            // Of the machine the test runs on, not of the node.
            const bool of_machine = each.code == "clock.not_synchronized" || each.code == "disk.little_room";
            // The test names the directory that is shipped, whose people nobody knows here.
            if (!of_machine && each.code != "directory.unknown_user") out.push_back(each.code);
        }
        return out;
    }
    using Codes = std::vector<std::string>;
};

TEST_F(Doctor, finds_nothing_at_a_healthy_node_that_runs) {
    begin();
    const std::string id = open_order()["id"];
    ASSERT_TRUE(wait_for_state(id + ".1.erp", "delivered"));
    EXPECT_EQ(codes_at(system_now().wall), Codes{});
}

TEST_F(Doctor, a_clock_that_went_back_is_seen_by_the_newest_row) {
    begin();
    open_order();
    end();
    EXPECT_EQ(codes_at(system_now().wall - std::chrono::hours(1)), Codes{"clock.behind"});
    EXPECT_EQ(codes_at(WallTime{}).front(), "clock.behind");
}

TEST_F(Doctor, messages_that_wait_too_long_are_named) {
    erp_.answer_with({.status = 503});
    begin();
    open_order();
    ASSERT_TRUE(erp_.wait_for_requests(1));
    end();
    EXPECT_EQ(codes_at(system_now().wall + std::chrono::minutes(30)), Codes{});
    EXPECT_EQ(codes_at(system_now().wall + std::chrono::minutes(90)), Codes{"outbox.waiting"});
}

TEST_F(Doctor, dead_letters_are_named) {
    erp_.answer_with({.status = 400});
    begin();
    const std::string id = open_order()["id"];
    ASSERT_TRUE(wait_for_state(id + ".1.erp", "dead"));
    EXPECT_EQ(codes_at(system_now().wall), Codes{"outbox.dead"});
}

}  // namespace
}  // namespace citybridge::test
