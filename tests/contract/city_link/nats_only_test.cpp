// What only the broker can do wrong or must keep: accounts, disks, receipts.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>

#include "tests/contract/city_link/city.h"
#include "tests/contract/city_link/nats_settings.h"

namespace citybridge::test {
namespace {

class NatsLink : public testing::Test {
protected:
    std::unique_ptr<City> start(const std::string& city, const std::shared_ptr<Book>& book) {
        return std::make_unique<City>(city, "link_nats", nats_settings(*servers_, city), book);
    }
    void SetUp() override {
        if (!skipped()) servers_.emplace(std::vector<std::string>{"beijing", "hangzhou"});
    }
    virtual bool skipped() const { return false; }

    std::optional<NatsServers> servers_;
    std::shared_ptr<Book> far_book_ = std::make_shared<Book>();
    std::shared_ptr<Book> near_book_ = std::make_shared<Book>();
};

// The rounds that wait for servers to find each other again are for `./dev test --full`.
class NatsLinkLong : public NatsLink {
protected:
    bool skipped() const override { return std::getenv("CITYBRIDGE_CITY_ROUNDS") == nullptr; }
    void SetUp() override {
        if (skipped()) GTEST_SKIP() << "of the long rounds";
        NatsLink::SetUp();
    }
};

TEST_F(NatsLinkLong, GoesOnWhenAnyServerWasKilledOrLostItsDisk) {
    auto far = start("hangzhou", far_book_);
    auto near = start("beijing", near_book_);
    int n = 0;
    const auto send_one = [&](const std::string& after) {
        const auto reply =
            near->send_until_done("hangzhou", city_message("m." + std::to_string(++n), "beijing", "hangzhou"));
        EXPECT_EQ(reply.outcome, DeliveryOutcome::delivered) << after << ": " << reply.code << ' ' << reply.detail;
    };
    for (int i = 0; i < 5; ++i) send_one("the start");
    for (const std::string server : {"hub", "hangzhou", "beijing"}) {
        servers_->kill(server);
        servers_->start(server);
        send_one("kill -9 of " + server);
        servers_->kill(server);
        servers_->lose_disk(server);
        servers_->start(server);
        // The nodes look after the streams when they start; and else every half minute.
        far = nullptr;
        near = nullptr;
        far = start("hangzhou", far_book_);
        near = start("beijing", near_book_);
        send_one("the loss of the disk of " + server);
    }
    EXPECT_EQ(far_book_->different(), static_cast<std::size_t>(n)) << far_book_->log() << near_book_->log();
}

TEST_F(NatsLinkLong, TheBrokerKeepsWhatWasSentWhileOneLineAfterTheOtherWasThere) {
    auto near = start("beijing", near_book_);
    {
        const auto streams = start("hangzhou", far_book_);
        ASSERT_EQ(near->send_until_done("hangzhou", city_message("m.0", "beijing", "hangzhou")).outcome,
                  DeliveryOutcome::delivered);
    }
    // beijing's line is cut while it sends; then only beijing's is there, then only hangzhou's. The node of beijing
    // is long gone when hangzhou hears of it.
    servers_->line("beijing").set(Line::Mode::cut);
    servers_->line("hangzhou").set(Line::Mode::cut);
    std::vector<std::future<DeliveryReply>> unheard;
    for (int n = 1; n <= 20; ++n)
        unheard.push_back(near->send("hangzhou", city_message("m." + std::to_string(n), "beijing", "hangzhou")));
    for (auto& each : unheard) EXPECT_EQ(each.get().code, "link_nats.no_receipt");
    near = nullptr;
    servers_->line("beijing").set(Line::Mode::open);
    std::this_thread::sleep_for(std::chrono::seconds(4));  // a leaf tries again every second or so
    servers_->line("beijing").set(Line::Mode::cut);
    servers_->line("hangzhou").set(Line::Mode::open);
    const auto far = start("hangzhou", far_book_);
    EXPECT_TRUE(far_book_->wait([](const Book& book) { return book.different() == 21; }));
}

TEST_F(NatsLink, AServerWithAnotherCitysNameButNotItsPasswordIsNotLetIn) {
    servers_->kill("beijing");
    // beijing's machine says that it is hangzhou, with beijing's own password.
    std::string own = servers_->text("beijing/nats-leaf.conf");
    const auto at = own.find("tls://beijing:");
    ASSERT_NE(at, std::string::npos);
    own.replace(at, 14, "tls://hangzhou:");
    std::ofstream(servers_->folder("beijing/nats-leaf.conf")) << own;
    servers_->start("beijing");
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (servers_->log_of("hub").find("uthentication") == std::string::npos &&
           std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_NE(servers_->log_of("hub").find("uthentication"), std::string::npos) << servers_->log_of("hub");
}

}  // namespace
}  // namespace citybridge::test
