// Three cities' durable nodes over real nats-servers while the line is cut, the
// hub is killed and a node starts anew: every callback is in both cities, once.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <cstdlib>
#include <thread>

#include "bench/durable_node.h"
#include "core/node/paths.h"
#include "tests/contract/city_link/nats_servers.h"
#include "tests/contract/city_link/nats_settings.h"

namespace citybridge::bench {
namespace {

using namespace std::chrono_literals;

const std::vector<std::string> kCities{"beijing", "hangzhou", "nanjing"};

class Cities : public testing::Test {
protected:
    void SetUp() override {
        if (std::getenv("CITYBRIDGE_CITY_ROUNDS") == nullptr) GTEST_SKIP() << "of the long rounds";
        spdlog::set_level(spdlog::level::err);
        servers_.emplace(kCities);
        for (const std::string& city : kCities) start(city);
    }

    void start(const std::string& city) {
        desk::CitySet directory;
        directory.callbacks.city = city;
        directory.callbacks.pulled = true;
        for (const std::string& other : kCities)
            if (other != city) directory.callbacks.cities[other] = {"cities." + other};
        DurableNodeSettings settings;
        settings.store.path = file(city);
        settings.plugin_dir = default_plugin_dir();
        settings.plugins = {plugin("link_nats", "cities", test::nats_settings(*servers_, city))};
        settings.city = city;
        settings.cities = std::move(directory);
        nodes_[city] = std::make_unique<DurableNode>(std::move(settings));
        nodes_[city]->start();
    }
    std::string file(const std::string& city) const { return folder_ / (city + ".db"); }

    // `count` callbacks, numbered from `first`, by 16 callers.
    void offer(const std::string& from, const std::string& to, std::uint64_t first, std::uint64_t count) {
        std::vector<std::thread> callers;
        for (std::uint64_t i = 0; i < 16; ++i)
            callers.emplace_back([&, i] {
                for (std::uint64_t n = first + i; n < first + count; n += 16) {
                    relay::OfferCallback what;
                    what.id = "cb_" + request_id(n);
                    what.target = to;
                    what.number = "+861" + std::to_string(3'000'000'000 + n);
                    what.promised_at = system_now().wall + 15min;
                    const auto answer = nodes_.at(from)->strand().submit(
                        {request_id(n), {"wang", "agent", {}}, desk::StepCallback{std::move(what)}}, {});
                    if (!answer || answer->reply.status >= 300) ++refused_;
                }
            });
        for (std::thread& each : callers) each.join();
    }

    std::int64_t number(const std::string& city, const std::string& sql) const {
        sqlite3* database = nullptr;
        sqlite3_stmt* statement = nullptr;
        std::int64_t out = -1;
        if (sqlite3_open_v2(file(city).c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
            sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
            sqlite3_step(statement) == SQLITE_ROW)
            out = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        sqlite3_close(database);
        return out;
    }
    // Until the target has said of each that it has it.
    bool wait_for_all(const std::string& city) const {
        for (const auto until = std::chrono::steady_clock::now() + 180s; std::chrono::steady_clock::now() < until;) {
            if (number(city, "select count(*) from callbacks where side = 'origin' and state = 'offered'") == 0)
                return true;
            std::this_thread::sleep_for(200ms);
        }
        return false;
    }

    TempFolder folder_{"citybridge-cities"};
    std::optional<test::NatsServers> servers_;
    std::map<std::string, std::unique_ptr<DurableNode>> nodes_;
    std::atomic<int> refused_{0};
};

TEST_F(Cities, TwentyThousandCallbacksOverABadLineAreInBothCitiesOnce) {
    std::thread near([&] { offer("beijing", "hangzhou", 0, 10'000); });
    std::thread other([&] { offer("nanjing", "hangzhou", 10'000, 5'000); });
    std::this_thread::sleep_for(300ms);
    servers_->line("hangzhou").set(test::Line::Mode::cut);
    std::this_thread::sleep_for(2s);
    servers_->kill("hub");
    near.join();
    other.join();
    servers_->start("hub");
    // A minute without the line; meanwhile the far node starts anew, and its own leaf is killed.
    nodes_["hangzhou"] = nullptr;
    std::this_thread::sleep_for(55s);
    start("hangzhou");
    servers_->kill("hangzhou");
    servers_->start("hangzhou");
    servers_->line("hangzhou").set(test::Line::Mode::open);
    offer("hangzhou", "beijing", 15'000, 5'000);
    servers_->kill("hub");
    servers_->start("hub");
    ASSERT_EQ(refused_, 0);
    for (const std::string& city : kCities) EXPECT_TRUE(wait_for_all(city)) << city;
    EXPECT_EQ(number("hangzhou", "select count(*) from callbacks where side = 'target'"), 15'000);
    EXPECT_EQ(number("beijing", "select count(*) from callbacks where side = 'target'"), 5'000);
    EXPECT_EQ(number("nanjing", "select count(*) from callbacks where side = 'target'"), 0);
    for (const std::string city : {"hangzhou", "beijing"})
        EXPECT_EQ(number(city,
                         "select count(*) from (select callback from callback_history h join callbacks c on "
                         "c.id = h.callback where c.side = 'target' and h.to_state = 'received' group by "
                         "callback having count(*) > 1)"),
                  0)
            << "taken twice in " << city;
}

}  // namespace
}  // namespace citybridge::bench
