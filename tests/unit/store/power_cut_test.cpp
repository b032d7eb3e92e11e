// P1 in the small: what commit() called done survives a power cut (by the VFS
// that forgets what was not synced), and without syncing it does not.
#include <random>

#include "tests/crash/power_cut_vfs.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

// A commit of one order takes about 60 operations: the cut comes at any point of one of the first ten.
constexpr std::uint64_t kOperations = 600;

struct Losses {
    int acknowledged = 0, lost = 0, unopened = 0;
};

Changes an_order(const std::string& id) {
    Changes changes;
    changes.orders = {some_order(id)};
    changes.history = {some_history(id, 1)};
    return changes;
}

// Cuts the power at a random operation, opens again and counts what was acknowledged and is not there.
class PowerCut : public ::testing::Test {
protected:
    void round(std::uint64_t seed, Losses& losses) {
        std::mt19937_64 random(seed);
        {
            auto store = open_store(settings_);
            if (!store) {
                ++losses.unopened;
                ADD_FAILURE() << "seed " << seed << ": " << store.error().code << " " << store.error().detail;
                return;
            }
            count_lost(**store, losses);
            vfs_.fail_after(static_cast<std::int64_t>(random() % kOperations));
            for (int i = 0; i < 40 && !vfs_.failed(); ++i) {
                const auto id = std::to_string(seed) + "-" + std::to_string(i);
                if ((*store)->commit(id, an_order("ord_" + id), at(0)).commit == Commit::done)
                    acknowledged_.push_back(id);
            }
            vfs_.fail_after(0);  // closing must not write any more
        }
        vfs_.cut_power(seed);
    }

    void count_lost(Store& store, Losses& losses) {
        for (const auto& id : acknowledged_) {
            Wanted wanted;
            wanted.orders = {"ord_" + id};
            const auto loaded = store.load(wanted);
            const auto batch = store.has_batch(id);
            ++losses.acknowledged;
            if (!loaded || loaded->orders.empty() || !batch || !*batch) {
                ++losses.lost;
                ADD_FAILURE() << id << ": " << (loaded ? "not there" : loaded.error().detail);
            }
        }
        acknowledged_.clear();
    }

    void SetUp() override {
        settings_ = sqlite_settings(folder_);
        settings_.vfs = vfs_.name();
    }

    tests::PowerCutVfs vfs_{"power-cut"};
    TempFolder folder_;
    StoreSettings settings_;
    std::vector<std::string> acknowledged_;  // since the last cut
};

TEST_F(PowerCut, NothingAcknowledgedIsLostIn200Cuts) {
    Losses losses;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) round(seed, losses);
    EXPECT_GT(losses.acknowledged, 500);
    EXPECT_EQ(losses.lost, 0);
}

TEST_F(PowerCut, WithoutSyncingSomethingIsLost) {
    settings_.sync = false;
    Losses losses;
    for (std::uint64_t seed = 1; seed <= 5 && losses.lost == 0; ++seed) {
        TempFolder folder;  // a damaged store would end the test before it counts
        settings_.path = folder / "node.db";
        auto store = open_store(settings_);
        ASSERT_TRUE(store) << store.error().detail;
        for (int i = 0; i < 20; ++i)
            ASSERT_EQ((*store)->commit(std::to_string(i), an_order(std::to_string(i)), at(0)).commit, Commit::done);
        vfs_.fail_after(0);
        store->reset();
        vfs_.cut_power(seed);
        auto again = open_store(settings_);
        if (!again) {
            losses.lost += 20;
            continue;
        }
        for (int i = 0; i < 20; ++i) {
            const auto there = (*again)->has_batch(std::to_string(i));
            if (!there || !*there) ++losses.lost;
        }
    }
    EXPECT_GT(losses.lost, 0);
}

}  // namespace
}  // namespace citybridge::store
