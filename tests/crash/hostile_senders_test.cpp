// P3 and P10 at POST /v1/hooks of a whole node: what is replayed, old, wrongly
// signed or changed on its way has no effect; ten thousand at once are all
// answered, and each takes effect once. Signed by the stand-in's own code.
#include <gtest/gtest.h>

#include <future>

#include "core/node/node.h"
#include "tests/crash/http_door.h"
#include "tests/crash/node_files.h"
#include "tools/stand_in/signature.h"

namespace citybridge::crash {
namespace {

std::string seconds_from_now(std::int64_t offset) {
    return std::to_string(std::chrono::floor<std::chrono::seconds>(system_now().wall).time_since_epoch().count() +
                          offset);
}

struct Message {
    std::string id;
    std::string timestamp = seconds_from_now(0);
    std::string body;
    std::string signature;

    Message(std::string message_id, const std::string& order, const std::string& note)
        : id(std::move(message_id)),
          body(nlohmann::json{{"type", "order.noted"},
                              {"timestamp", to_rfc3339(system_now().wall)},
                              {"data", {{"order", order}, {"note", note}}}}
                   .dump()) {
        sign();
    }
    void sign(const char* secret = kHooksSecret) { signature = stand_in::sign(secret, id, timestamp, body); }
    std::string bytes() const {
        return "POST /v1/hooks/erp_hooks HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\nwebhook-id: " +
               id + "\r\nwebhook-timestamp: " + timestamp + "\r\nwebhook-signature: " + signature +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
};

class HostileSenders : public ::testing::Test {
protected:
    void SetUp() override {
        NodeOptions options;
        options.store.path = folder_ / "node.db";
        options.stand_in_port = 9;  // deliveries are not the subject: they wait
        options.callers = 1;
        options.callers_per_minute = 0;
        Problems problems;
        const NodeConfig config = load_config(write_node_file(folder_, "node.xml", options), problems);
        node_ = Node::make(config, std::string(CITYBRIDGE_BINARY_DIR) + "/lib/plugins", problems);
        ASSERT_TRUE(problems.empty()) << to_string(problems.front());
        const auto started = node_->start();
        ASSERT_TRUE(started) << started.error().detail;
        place_.port = node_->port();
        place_.life = 1;
        auto readers = store::open_readers(options.store, 1);
        ASSERT_TRUE(readers) << readers.error().detail;
        readers_ = std::move(*readers);
    }
    void TearDown() override {
        if (node_) node_->stop();
    }

    std::string open_order(const std::string& mark) {
        HttpDoor door(place_, "caller0", Millis{0});
        const Answer answer = door.ask({Wish::What::open, "caller0", mark, {}, {}});
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.order;
    }
    test::Reply send(const Message& message) {
        test::Client client(node_->port());
        client.send(message.bytes());
        return client.reply();
    }
    // How often each note of the ERP stands in an order's history.
    std::map<std::string, int> notes(const std::string& order) {
        std::map<std::string, int> out;
        const auto history = readers_->history(order);
        EXPECT_TRUE(history);
        if (!history) return out;
        for (const HistoryRecord& row : *history)
            if (row.actor == "erp:erp_hooks") ++out[row.text];
        return out;
    }

    TempFolder folder_{"citybridge-senders"};
    NodePlace place_;
    std::unique_ptr<Node> node_;
    std::unique_ptr<store::Readers> readers_;
};

TEST_F(HostileSenders, AReplayedMessageHasNoSecondEffect) {
    const std::string order = open_order("caller0-1");
    Message message("msg_1", order, "once");
    EXPECT_EQ(send(message).json().value("status", ""), "noted");
    for (int i = 0; i < 5; ++i) {
        message.timestamp = seconds_from_now(i);
        message.sign();
        const test::Reply again = send(message);
        EXPECT_EQ(again.status, 200);
        EXPECT_EQ(again.json().value("status", ""), "duplicate");
    }
    EXPECT_EQ(notes(order), (std::map<std::string, int>{{"once", 1}}));
}

TEST_F(HostileSenders, OldFutureAndWronglySignedMessagesAreRefused) {
    const std::string order = open_order("caller0-1");
    for (const std::int64_t offset : {-301, -86'400, 302, 86'400}) {
        Message message("msg_old", order, "old");
        message.timestamp = seconds_from_now(offset);
        message.sign();
        const test::Reply reply = send(message);
        EXPECT_EQ(reply.status, 400) << offset;
        EXPECT_EQ(reply.code(), "hook.too_old") << offset;
    }
    Message message("msg_forged", order, "forged");
    message.sign(kEventsSecret);
    EXPECT_EQ(send(message).code(), "hook.bad_signature");
    for (const char* signature : {"", "v1,", "v1,AAAA", "v0,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="}) {
        message.signature = signature;
        EXPECT_EQ(send(message).status, 401) << signature;
    }
    EXPECT_TRUE(notes(order).empty());
}

TEST_F(HostileSenders, NoFlippedBitPasses) {
    const std::string order = open_order("caller0-1");
    const Message right("msg_flip", order, "flip");
    test::Client client(node_->port());
    std::size_t flips = 0;
    for (std::size_t bit = 0; bit < right.body.size() * 8; ++bit, ++flips) {
        Message wrong = right;
        wrong.body[bit / 8] = static_cast<char>(wrong.body[bit / 8] ^ (1 << (bit % 8)));
        client.send(wrong.bytes());
        ASSERT_EQ(client.reply().status, 401) << "bit " << bit;
    }
    for (std::size_t i = 0; i < right.timestamp.size(); ++i, ++flips) {
        Message wrong = right;
        wrong.timestamp[i] = wrong.timestamp[i] == '0' ? '1' : static_cast<char>(wrong.timestamp[i] ^ 1);
        client.send(wrong.bytes());
        const int status = client.reply().status;
        ASSERT_TRUE(status == 401 || status == 400) << "digit " << i << ": " << status;
    }
    Message other_id = right;
    other_id.id = "msg_flop";
    EXPECT_EQ(send(other_id).status, 401);
    EXPECT_GT(flips, 1'000U);
    EXPECT_TRUE(notes(order).empty());
    EXPECT_EQ(send(right).status, 200) << "and the right one passes";
}

// One sender's share: as many connections, each with a message on its way at a time, until every one was taken.
struct Burst {
    std::size_t taken = 0, applied = 0, busy = 0, other = 0;
};

Burst send_all(std::uint16_t port, std::vector<Message> messages, std::size_t connections) {
    Burst burst;
    std::vector<std::unique_ptr<test::Client>> clients;
    for (std::size_t i = 0; i < connections; ++i) clients.push_back(std::make_unique<test::Client>(port));
    while (!messages.empty()) {
        const std::size_t many = std::min(connections, messages.size());
        std::vector<Message> again;
        for (std::size_t i = 0; i < many; ++i) clients[i]->send(messages[messages.size() - 1 - i].bytes());
        for (std::size_t i = 0; i < many; ++i) {
            const test::Reply reply = clients[i]->reply();
            const Message& message = messages[messages.size() - 1 - i];
            if (reply.status == 200) {
                ++burst.taken;
                if (reply.json().value("status", "") == "noted") ++burst.applied;
                continue;
            }
            ++(reply.status == 503 ? burst.busy : burst.other);
            again.push_back(message);
            clients[i] = std::make_unique<test::Client>(port);
        }
        messages.resize(messages.size() - many, messages.front());
        messages.insert(messages.end(), again.begin(), again.end());
        if (burst.other > 1'000) break;  // something is wrong; said by the caller
    }
    return burst;
}

TEST_F(HostileSenders, TenThousandAtOnceAreAllAnsweredAndTakeEffectOnce) {
    constexpr std::size_t kOrders = 50, kSenders = 20, kConnections = 25, kEach = 500;
    std::vector<std::string> orders;
    for (std::size_t i = 0; i < kOrders; ++i) orders.push_back(open_order("caller0-" + std::to_string(i)));
    std::vector<std::future<Burst>> bursts;
    std::size_t repeated = 0;
    for (std::size_t s = 0; s < kSenders; ++s) {
        std::vector<Message> messages;
        for (std::size_t i = 0; i < kEach; ++i) {
            const std::size_t n = s * kEach + i;
            messages.emplace_back("msg_" + std::to_string(n), orders[n % kOrders], "note " + std::to_string(n));
            // Every tenth comes from another sender as well, at about the same time.
            const std::size_t twin = ((s + 1) % kSenders) * kEach + i;
            if (i % 10 != 0) continue;
            messages.emplace_back("msg_" + std::to_string(twin), orders[twin % kOrders],
                                  "note " + std::to_string(twin));
            ++repeated;
        }
        bursts.push_back(std::async(std::launch::async, send_all, node_->port(), std::move(messages), kConnections));
    }
    Burst sum;
    for (auto& each : bursts) {
        const Burst burst = each.get();
        sum.taken += burst.taken;
        sum.applied += burst.applied;
        sum.busy += burst.busy;
        sum.other += burst.other;
    }
    std::cout << sum.taken << " taken, " << sum.applied << " with effect, " << sum.busy << " told to come again, "
              << sum.other << " other answers" << std::endl;
    EXPECT_EQ(sum.taken, kSenders * kEach + repeated);
    EXPECT_EQ(sum.applied, kSenders * kEach);
    EXPECT_EQ(sum.other, 0U);
    std::size_t found = 0;
    for (const std::string& order : orders)
        for (const auto& [note, times] : notes(order)) {
            EXPECT_EQ(times, 1) << note;
            ++found;
        }
    EXPECT_EQ(found, kSenders * kEach);
}

}  // namespace
}  // namespace citybridge::crash
