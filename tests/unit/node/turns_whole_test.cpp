// Busy-hour callbacks (B15) through a whole node: many people grasp at once, and the customers come in their order.
#include <thread>

#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

struct Turns : WholeNode {
    std::string open(int n) {
        const std::string number = "1380013" + std::to_string(8000 + n);
        const Reply opened = ask("POST", "/v1/orders", "agent1",
                                 {{"kind", "queue_callback"}, {"phone", number}, {"fields", {{"number", number}}}});
        EXPECT_EQ(opened.status, 201) << opened.body;
        return opened.json()["id"];
    }
    Reply take(const std::string& id, const std::string& user) {
        return ask("POST", "/v1/orders/" + id + "/take", user, Json::object());
    }
};

TEST_F(Turns, many_who_grasp_at_once_take_the_customers_in_their_order) {
    setup_.more_flows = {"queue_callback"};
    begin();
    constexpr int kCustomers = 70;  // more than are read at a time
    std::vector<std::string> ids;
    for (int n = 0; n < kCustomers; ++n) ids.push_back(open(n));
    for (const char* user : {"agent1", "chief"}) token_of(user);

    std::atomic<int> taken{0};
    std::atomic<int> out_of_turn{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            // Each wants now the next one and now somebody further back.
            for (int tries = 0; taken < kCustomers && tries < 4'000; ++tries) {
                const int n = std::min(taken + (tries % 2) * t, kCustomers - 1);
                const Reply reply = take(ids[static_cast<std::size_t>(n)], t % 2 == 0 ? "agent1" : "chief");
                if (reply.status == 200)
                    ++taken;
                else if (reply.code() == "order.not_its_turn")
                    ++out_of_turn;
                else
                    EXPECT_EQ(reply.code(), "order.action_not_possible") << reply.body;  // somebody has him already
            }
        });
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(taken, kCustomers);
    EXPECT_GT(out_of_turn, 0);

    // As the histories tell it.
    std::string last;
    for (const std::string& id : ids) {
        const Json entries = history(id);
        ASSERT_EQ(entries.back()["action"], "take");
        const std::string at = entries.back()["at"];
        EXPECT_LE(last, at) << id;
        last = at;
    }
}

TEST_F(Turns, the_first_is_known_after_a_restart_too) {
    setup_.more_flows = {"queue_callback"};
    begin();
    const std::string first = open(1);
    const std::string second = open(2);
    restart();
    const Reply refused = take(second, "chief");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "order.not_its_turn");
    EXPECT_NE(refused.body.find(first), std::string::npos) << refused.body;
    EXPECT_EQ(take(first, "chief").status, 200);
    EXPECT_EQ(take(second, "chief").status, 200);
}

}  // namespace
}  // namespace citybridge::test
