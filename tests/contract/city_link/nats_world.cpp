#include <gtest/gtest.h>
#include <nats/nats.h>

#include "tests/contract/city_link/nats_servers.h"
#include "tests/contract/city_link/nats_settings.h"
#include "tests/contract/city_link/world.h"

namespace citybridge::test {
namespace {

class NatsWorld final : public World {
public:
    std::string library() const override { return "link_nats"; }

    LinkSettings settings(const std::string& city) override { return nats_settings(servers_, city); }

    Line& line(const std::string& city) override { return servers_.line(city); }

    // His server has nanjing's password, but he has not its key.
    void impostor() override {
        const std::string key = servers_.folder("stranger-key.pem");
        ASSERT_EQ(std::system(("openssl genpkey -algorithm ed25519 -out " + key).c_str()), 0);
        LinkSettings settings = this->settings("nanjing");
        settings["key"] = key;
        City stranger("nanjing", library(), settings, std::make_shared<Book>());
        const DeliveryReply reply = stranger.send("hangzhou", city_message("x.1", "nanjing", "hangzhou")).get();
        EXPECT_EQ(reply.outcome, DeliveryOutcome::not_done) << reply.code << ' ' << reply.detail;
    }
    std::string impostor_code() const override { return "link_nats.wrong_signature"; }
    std::string impostor_city() const override { return "nanjing"; }

    void false_name() override {
        {  // its streams must be there: the liar's name would make others
            const auto far = start("nanjing");
            (void)far->send_until_done("hangzhou", city_message("x.0", "nanjing", "hangzhou"));
        }
        LinkSettings settings = this->settings("nanjing");
        settings["peers"] = servers_.peers_of("beijing");
        City liar("beijing", library(), settings, std::make_shared<Book>());
        const DeliveryReply reply = liar.send("hangzhou", city_message("x.2", "beijing", "hangzhou")).get();
        EXPECT_EQ(reply.outcome, DeliveryOutcome::not_done) << reply.code << ' ' << reply.detail;
    }
    std::string false_name_code() const override { return "link_nats.wrong_city"; }

    void alter_and_replay() override {
        const auto beijing = start("beijing");
        const OutboxRecord message = city_message("x.3", "beijing", "hangzhou");
        ASSERT_EQ(beijing->send_until_done("hangzhou", message).outcome, DeliveryOutcome::delivered);
        natsConnection* connection = nullptr;
        const std::string url = "nats://node:" + servers_.text("beijing/node-password") +
                                "@127.0.0.1:" + std::to_string(servers_.leaf_port("beijing"));
        ASSERT_EQ(natsConnection_ConnectTo(&connection, url.c_str()), NATS_OK);
        repeat_last(connection);
        natsConnection_Destroy(connection);
        // The replayed one reaches the node, which knows its id.
        EXPECT_TRUE(book("hangzhou")->wait([](const Book& book) {
            const auto taken = book.taken();
            return std::count_if(taken.begin(), taken.end(), [](const auto& each) { return each.id == "x.3"; }) >= 2;
        }));
    }
    std::string altered_code() const override { return "link_nats.wrong_signature"; }

private:
    // As the broker itself has it, signature and all: once altered, once as it was.
    static void repeat_last(natsConnection* connection) {
        jsCtx* js = nullptr;
        natsMsg* stored = nullptr;
        jsErrCode code{};
        ASSERT_EQ(natsConnection_JetStream(&js, connection, nullptr), NATS_OK);
        ASSERT_EQ(js_GetLastMsg(&stored, js, "OUT", "to.hangzhou.m", nullptr, &code), NATS_OK);
        std::string payload(natsMsg_GetData(stored), static_cast<std::size_t>(natsMsg_GetDataLength(stored)));
        const char* signature = nullptr;
        ASSERT_EQ(natsMsgHeader_Get(stored, "City-Signature", &signature), NATS_OK);
        const std::string matter = "客户要求回电";
        const auto at = payload.find(matter);
        ASSERT_NE(at, std::string::npos);
        for (const std::string& each : {std::string(payload).replace(at, matter.size(), "altered"), payload}) {
            natsMsg* copy = nullptr;
            ASSERT_EQ(natsMsg_Create(&copy, "to.hangzhou.m", nullptr, each.data(), static_cast<int>(each.size())),
                      NATS_OK);
            ASSERT_EQ(natsMsgHeader_Set(copy, "City-Signature", signature), NATS_OK);
            EXPECT_EQ(js_PublishMsg(nullptr, js, copy, nullptr, &code), NATS_OK);
            natsMsg_Destroy(copy);
        }
        natsMsg_Destroy(stored);
        jsCtx_Destroy(js);
    }

    NatsServers servers_{{std::begin(kCities), std::end(kCities)}};
};

}  // namespace

std::unique_ptr<World> nats_world() { return std::make_unique<NatsWorld>(); }

}  // namespace citybridge::test
