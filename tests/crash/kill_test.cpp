// P1, P2, P3 and P6 with a real process: citybridged is killed at random moments
// under load and comes back; callers and the ERP repeat what got no answer.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/crash/caller.h"
#include "tests/crash/daemon.h"
#include "tests/crash/http_door.h"
#include "tests/crash/judge.h"
#include "tests/crash/node_files.h"
#include "tests/crash/rounds.h"
#include "tests/support/postgres_server.h"
#include "tools/stand_in/erp_stand_in.h"

namespace citybridge::crash {
namespace {

constexpr std::size_t kCallers = 12;
constexpr Millis kThink{15};
constexpr Millis kPatience{60'000};

struct Case {
    store::Database database;
    stand_in::Mode mode;
};

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
    return std::string(info.param.database == store::Database::sqlite ? "sqlite" : "postgresql") +
           (info.param.mode == stand_in::Mode::dedupes ? "_dedupes" : "_findable");
}

stand_in::ErpStandIn::Options stand_in_options(stand_in::Mode mode, std::uint64_t seed) {
    stand_in::ErpStandIn::Options options;
    options.hook_secrets = {{"events", kEventsSecret}};
    options.mode = mode;
    options.seed = seed;
    options.faults = {.slam = 0.01,
                      .fail_500 = 0.02,
                      .busy_503 = 0.005,
                      .late_answer = 0.005,
                      .late_effect = 0.005,
                      .commit_then_500 = 0.01,
                      .commit_then_drop = 0.01,
                      .late_by = Millis{800},
                      .retry_after_s = 1};
    options.messages.assigned_after = Millis{50};
    options.messages.contacted_after = Millis{100};
    options.messages.again_after = Millis{100};
    options.messages.most_attempts = 5'000;
    options.messages.seed = seed;
    return options;
}

class KilledNode : public ::testing::TestWithParam<Case> {
protected:
    void SetUp() override {
        seed_ = new_seed("kill -9");
        random_.seed(seed_);
        options_.store.database = GetParam().database;
        if (GetParam().database == store::Database::sqlite)
            options_.store.path = folder_ / "node.db";
        else
            options_.store.connection = tests::shared_postgres().connection(tests::shared_postgres().make_database());
        options_.repeats = GetParam().mode == stand_in::Mode::dedupes ? "dedupes" : "findable";
        options_.callers = kCallers;
        erp_ = std::make_unique<stand_in::ErpStandIn>(stand_in_options(GetParam().mode, seed_));
        const auto started = erp_->start();
        ASSERT_TRUE(started) << started.error().detail;
        options_.stand_in_port = erp_->port();
        crowd_ = std::make_unique<Crowd>(kCallers, seed_, true, [this](const std::string& user) {
            return std::make_unique<HttpDoor>(place_, user, kThink);
        });
    }

    void start_daemon() {
        const int life = place_.life + 1;
        options_.truth_file = truth_file(life);
        const std::string name = std::to_string(life);
        daemon_ =
            std::make_unique<Daemon>(write_node_file(folder_, name + ".xml", options_), folder_ / (name + ".log"));
    }
    bool wait_daemon() {
        const std::uint16_t port = daemon_->wait_port(Millis{20'000});
        if (port == 0) return false;
        ++place_.life;
        place_.port = port;
        erp_->set_node("", {port, "erp_hooks", kHooksSecret});
        return true;
    }

    void live_and_die() {
        start_daemon();
        // Sometimes it dies while it comes up.
        if (random_() % 5 == 0) {
            std::this_thread::sleep_for(Millis{random_() % 150});
            daemon_->kill_hard();
            ++kills_;
            start_daemon();
        }
        ASSERT_TRUE(wait_daemon()) << daemon_->log();
        std::this_thread::sleep_for(Millis{300 + random_() % 1'200});
        place_.port = 0;
        daemon_->kill_hard();
        ++kills_;
    }

    // Until nothing is under way anywhere.
    bool wait_quiet(store::Readers& readers) {
        const MonoTime until = system_now().mono + kPatience;
        int quiet = 0;
        while (quiet < 5 && system_now().mono < until) {
            const auto left = readers.outbox_counts();
            quiet = left && left->empty() && erp_->messages_idle() ? quiet + 1 : 0;
            std::this_thread::sleep_for(Millis{40});
        }
        return quiet == 5;
    }

    std::vector<LedgerLine> ledger(const std::string& door) const {
        std::vector<stand_in::LedgerEntry> entries;
        for (stand_in::LedgerEntry& entry : erp_->ledger().snapshot())
            if (entry.door == door && entry.effects > 0) entries.push_back(std::move(entry));
        std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first_n < b.first_n; });
        std::vector<LedgerLine> lines;
        lines.reserve(entries.size());
        for (const stand_in::LedgerEntry& entry : entries) lines.push_back({entry.key, entry.order, entry.effects});
        return lines;
    }

    std::string truth_file(int life) const { return folder_ / ("truth-" + std::to_string(life) + ".jsonl"); }

    // By command id: the lives of the node in which the PBX saw it dialled.
    std::map<std::string, std::vector<int>> dialled() const {
        std::map<std::string, std::vector<int>> out;
        for (int life = 1; life <= place_.life; ++life) {
            std::ifstream file(truth_file(life));
            for (std::string line; std::getline(file, line);) {
                const auto call = nlohmann::json::parse(line, nullptr, false);
                if (call.is_object() && call.contains("command_id") && call["command_id"].is_string() &&
                    call["command_id"] != "")
                    out[call["command_id"]].push_back(life);
            }
        }
        return out;
    }

    // Nobody is dialled twice, nobody by a node that did not take the command itself, and each result is written down.
    std::size_t check_dials(const Told& told, store::Readers& readers) {
        const auto seen = dialled();
        EXPECT_FALSE(seen.empty()) << "the PBX saw no dialling, so that this check says nothing";
        std::size_t dials = 0;
        for (const auto& [wish, answer] : told.done) {
            if (wish.what != Wish::What::dial) continue;
            ++dials;
            const std::string id = nlohmann::json::parse(answer.body).at("command_id");
            const int committed = answer.replayed ? answer.life - 1 : answer.life;
            if (const auto found = seen.find(id); found != seen.end()) {
                EXPECT_EQ(found->second.size(), 1U) << id << " was dialled more than once";
                EXPECT_LE(found->second.front(), committed) << id << " was dialled by a later node";
            }
            const auto row = readers.command(id);
            EXPECT_TRUE(row && *row) << "command " << id << " is lost";
            if (row && *row && committed < place_.life) {
                EXPECT_NE((*row)->state, "accepted") << id;
            }
        }
        return dials;
    }

    void check(store::Readers& readers) {
        Judge judge(readers);
        const Told told = crowd_->take_told();
        judge.told(told);
        judge.deliveries("erp", ledger("rest"));
        judge.deliveries("events", ledger("hook/events"));
        const auto sent = erp_->sent();
        for (const stand_in::SentMessage& message : sent) {
            EXPECT_FALSE(message.given_up) << message.id << ": " << message.last_status << " " << message.last_answer;
            EXPECT_LE(message.effective, 1U) << message.id;
            judge.inbound("erp_hooks", message.order, message.type);
        }
        const std::size_t dials = check_dials(told, readers);
        EXPECT_TRUE(judge.mistakes().empty()) << "CITYBRIDGE_SEED=" << seed_ << '\n' << all_of(judge.mistakes());
        EXPECT_EQ(erp_->refused().signatures, 0U);
        EXPECT_EQ(erp_->refused().requests, 0U);
        std::cout << kills_ << " kills, " << told.done.size() << " requests acknowledged (" << told.orders
                  << " orders, " << dials << " dials), " << told.unanswered << " attempts without an answer, "
                  << told.unavailable << " told 503, " << told.unknown << " told 504, " << told.repeated
                  << " asked again, " << sent.size() << " messages of the ERP, " << ledger("rest").size() << " + "
                  << ledger("hook/events").size() << " deliveries, " << erp_->faults().met_all() << " faults met, "
                  << judge.mistakes().size() << " mistakes" << std::endl;
        EXPECT_GT(told.orders, 20 * kills_);
    }

    TempFolder folder_{"citybridge-kill"};
    std::uint64_t seed_ = 0;
    std::mt19937_64 random_;
    NodeOptions options_;
    NodePlace place_;
    std::unique_ptr<stand_in::ErpStandIn> erp_;
    std::unique_ptr<Daemon> daemon_;
    std::unique_ptr<Crowd> crowd_;
    std::size_t kills_ = 0;
};

TEST_P(KilledNode, AcknowledgedIsThereAndTheErpHasEverythingOnce) {
    // The rounds of a database are shared by what its ERP can do.
    const std::uint64_t share = GetParam().mode == stand_in::Mode::dedupes ? rounds() - rounds() / 2 : rounds() / 2;
    crowd_->start();
    for (std::uint64_t i = 0; i < std::max<std::uint64_t>(share, 1); ++i) {
        live_and_die();
        if (HasFatalFailure()) return;
    }
    start_daemon();
    ASSERT_TRUE(wait_daemon()) << daemon_->log();
    crowd_->stop();
    EXPECT_TRUE(crowd_->settle(kPatience)) << daemon_->log();
    erp_->set_faults({});
    const auto readers = store::open_readers(options_.store, 2);
    ASSERT_TRUE(readers) << readers.error().detail;
    EXPECT_TRUE(wait_quiet(**readers)) << daemon_->log();
    check(**readers);
    EXPECT_EQ(daemon_->stop(), 0);
}

INSTANTIATE_TEST_SUITE_P(on, KilledNode,
                         ::testing::Values(Case{store::Database::sqlite, stand_in::Mode::dedupes},
                                           Case{store::Database::sqlite, stand_in::Mode::findable},
                                           Case{store::Database::postgresql, stand_in::Mode::dedupes},
                                           Case{store::Database::postgresql, stand_in::Mode::findable}),
                         name_of);

}  // namespace
}  // namespace citybridge::crash
