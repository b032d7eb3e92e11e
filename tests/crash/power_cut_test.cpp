// P1 and P2 through the whole durable half: the power is cut at random moments
// while callers work; what was acknowledged is there, and the far sides' ledgers
// equal ours. The same judges must notice a store that does not sync, and one
// that answers before it has written.
#include <gtest/gtest.h>

#include "tests/crash/caller.h"
#include "tests/crash/power_cut_vfs.h"
#include "tests/crash/rounds.h"
#include "tests/crash/strand_node.h"
#include "tools/support/temp_folder.h"

namespace citybridge::crash {
namespace {

constexpr std::size_t kCallers = 8;

// Tells that a batch is done and writes it when the next one comes.
class AnswersEarly final : public store::Store {
public:
    explicit AnswersEarly(std::unique_ptr<store::Store> store) : store_(std::move(store)) {}

    Result<Loaded> load(const Wanted& wanted) override { return written() ? store_->load(wanted) : lost_; }
    store::CommitOutcome commit(const std::string& batch_id, const Changes& changes, WallTime now) override {
        written();
        held_.emplace(Held{batch_id, changes, now});
        return {store::Commit::done, {}};
    }
    Result<bool> has_batch(const std::string& batch_id) override { return store_->has_batch(batch_id); }
    Result<> reconnect() override { return store_->reconnect(); }
    Result<std::int64_t> last_outbox_seq() override { return store_->last_outbox_seq(); }
    Result<std::vector<OutboxRecord>> pending_outbox(const std::string& destination, std::int64_t after,
                                                     std::size_t limit) override {
        return store_->pending_outbox(destination, after, limit);
    }
    Result<std::vector<OutboxRecord>> pending_outbox_of_key(const std::string& destination,
                                                            const std::string& key) override {
        return store_->pending_outbox_of_key(destination, key);
    }
    Result<std::vector<std::string>> parked_keys(const std::string& destination) override {
        return store_->parked_keys(destination);
    }
    Result<std::vector<DeadlineRecord>> open_deadlines(WallTime until, std::size_t limit) override {
        return store_->open_deadlines(until, limit);
    }
    Result<std::vector<CommandRecord>> unfinished_commands() override { return store_->unfinished_commands(); }
    Result<std::string> meta(const std::string& name) override { return store_->meta(name); }
    Result<> set_meta(const std::string& name, const std::string& value) override {
        return store_->set_meta(name, value);
    }
    Result<std::size_t> forget(const Retention& retention, WallTime now, std::size_t limit) override {
        return store_->forget(retention, now, limit);
    }

private:
    struct Held {
        std::string id;
        Changes changes;
        WallTime now;
    };
    bool written() {
        const auto held = std::exchange(held_, {});
        return !held || store_->commit(held->id, held->changes, held->now).commit == store::Commit::done;
    }

    const Error lost_{"store.unavailable", "the batch before could not be written"};
    std::unique_ptr<store::Store> store_;
    std::optional<Held> held_;
};

class PowerCutNode : public ::testing::Test {
protected:
    void begin(const std::string& what) {
        seed_ = new_seed(what);
        random_.seed(seed_);
        settings_.path = folder_ / "node.db";
        settings_.vfs = vfs_.name();
        settings_.busy_timeout = Millis{2'000};
        neighbours_ = std::make_unique<Neighbours>(seed_);
        crowd_ = std::make_unique<Crowd>(kCallers, seed_, false, [this](const std::string&) { return node_->door(); });
    }

    bool start_node(const Wrap& wrap) {
        auto node = StrandNode::start(settings_, *neighbours_, wrap);
        if (!node) {
            unopened_ = node.error().code + " " + node.error().detail;
            return false;
        }
        node_ = std::move(*node);
        return true;
    }

    // The machine works until its power fails in the middle of something.
    bool round() {
        if (!start_node(wrap_)) return false;
        vfs_.fail_after(static_cast<std::int64_t>(1'000 + random_() % 11'000));
        crowd_->start();
        for (int i = 0; i < 10'000 && !vfs_.failed(); ++i) std::this_thread::sleep_for(Millis{1});
        EXPECT_TRUE(vfs_.failed()) << "the load was too small";
        vfs_.fail_after(0);
        crowd_->ask_to_stop();
        node_->stop();
        crowd_->stop();
        node_.reset();
        vfs_.cut_power(random_());
        ++cuts_;
        return true;
    }

    // Callers get their answers, everything is delivered, and the books are compared.
    std::vector<std::string> end(Millis longest = Millis{30'000}) {
        if (!start_node({})) return {"the store cannot be opened: " + unopened_};
        const bool settled = crowd_->settle(longest);
        const bool delivered = node_->wait_delivered(longest);
        Judge judge(node_->strand().readers());
        const Told told = crowd_->take_told();
        judge.told(told);
        judge.deliveries("erp", neighbours_->erp.ledger());
        judge.deliveries("events", neighbours_->events.ledger());
        std::cout << cuts_ << " power cuts, " << told.done.size() << " requests acknowledged (" << told.orders
                  << " orders), " << told.unavailable << " told 503, " << told.unknown << " told 504, " << told.repeated
                  << " asked again, " << judge.history_rows() << " history rows, "
                  << neighbours_->erp.ledger().size() + neighbours_->events.ledger().size() << " deliveries, "
                  << judge.mistakes().size() << " mistakes" << std::endl;
        node_->stop();
        node_.reset();
        std::vector<std::string> mistakes = judge.mistakes();
        if (!settled) mistakes.emplace_back("not every caller was answered");
        if (!delivered) mistakes.emplace_back("not everything was delivered");
        acknowledged_ = told.done.size();
        return mistakes;
    }

    // Of a build that breaks the promise: true as soon as it was seen that something acknowledged is not there.
    bool loss_noticed_within(int most_rounds) {
        for (int i = 0; i < most_rounds; ++i) {
            const bool opened = round();
            vfs_.fail_after(-1);
            if (!opened) return true;
            // A damaged database may answer nobody any more; what was lost is seen all the same.
            for (const std::string& mistake : end(Millis{5'000}))
                if (mistake.starts_with("lost: ") || mistake.starts_with("the store cannot be opened")) return true;
        }
        return false;
    }

    tests::PowerCutVfs vfs_{"power-cut-node"};
    TempFolder folder_{"citybridge-power-cut"};
    store::StoreSettings settings_;
    std::uint64_t seed_ = 0;
    std::mt19937_64 random_;
    Wrap wrap_;
    std::unique_ptr<Neighbours> neighbours_;
    std::unique_ptr<StrandNode> node_;
    std::unique_ptr<Crowd> crowd_;
    std::string unopened_;
    int cuts_ = 0;
    std::size_t acknowledged_ = 0;
};

TEST_F(PowerCutNode, NothingAcknowledgedIsLostAndLedgersAgree) {
    begin("power cut");
    // How much is acknowledged before a cut is up to the disk operations of a batch and the machine: cuts go on until
    // there is enough that could have been lost. (Callers who gave up count as answered, hence the half more.)
    const std::uint64_t enough = 100 * rounds();
    const auto more = [&](std::uint64_t done) {
        return done < rounds() || (crowd_->answered() < enough * 3 / 2 && done < 4 * rounds());
    };
    for (std::uint64_t i = 0; more(i); ++i) ASSERT_TRUE(round()) << unopened_;
    vfs_.fail_after(-1);
    const auto mistakes = end();
    EXPECT_TRUE(mistakes.empty()) << "CITYBRIDGE_SEED=" << seed_ << '\n' << all_of(mistakes);
    EXPECT_GT(acknowledged_, enough);
}

TEST_F(PowerCutNode, AStoreThatDoesNotSyncIsNoticed) {
    begin("power cut without syncing");
    settings_.sync = false;
    EXPECT_TRUE(loss_noticed_within(5));
}

TEST_F(PowerCutNode, AnAnswerBeforeTheCommitIsNoticed) {
    begin("power cut with answers before the commit");
    wrap_ = [](std::unique_ptr<store::Store> store) { return std::make_unique<AnswersEarly>(std::move(store)); };
    EXPECT_TRUE(loss_noticed_within(5));
}

// The judge of ledgers is judged: without any cut, only by answers that get lost.
TEST_F(PowerCutNode, AFarSideThatActsTwiceIsNoticed) {
    begin("a far side that acts twice");
    neighbours_ = std::make_unique<Neighbours>(seed_, Neighbours::Lying{});
    ASSERT_TRUE(start_node({})) << unopened_;
    crowd_->start();
    for (int i = 0; i < 10'000 && crowd_->answered() < 300; ++i) std::this_thread::sleep_for(Millis{1});
    crowd_->stop();
    node_->stop();
    node_.reset();
    const auto mistakes = end();
    EXPECT_TRUE(std::any_of(mistakes.begin(), mistakes.end(),
                            [](const auto& each) { return each.find("took effect 2 times") != std::string::npos; }));
}

}  // namespace
}  // namespace citybridge::crash
