#pragma once
// A whole node in this process with everything around it: callers over HTTP, an
// ERP, the simulated PBX, and somebody who watches its stream and hangs up.
#include <gtest/gtest.h>

#include <set>

#include "core/node/node.h"
#include "tests/crash/caller.h"
#include "tests/crash/http_door.h"
#include "tests/crash/node_files.h"
#include "tools/stand_in/erp_stand_in.h"

namespace citybridge::crash {

// A supervisor's desktop: counts pops, remembers which contacts have ended.
class Watcher {
public:
    // Throws std::runtime_error: the stream cannot be opened.
    explicit Watcher(const NodePlace& node);
    ~Watcher();
    std::size_t pops() const;
    bool ended(const std::string& contact) const;
    bool broken() const;

    // A call that is going on; empty: none.
    std::string talking();
    // The answer's status.
    int hang_up(const std::string& contact);

private:
    void read();

    HttpDoor door_;
    std::unique_ptr<test::StreamClient> stream_;
    mutable std::mutex mutex_;
    std::size_t pops_ = 0;
    std::set<std::string> ended_;
    bool broken_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

class TroubledNode : public ::testing::Test {
protected:
    // `store_setup`: where the node's store is.
    void begin(const store::StoreSettings& store);
    void work_for(Millis time) const { std::this_thread::sleep_for(time); }
    // Callers are answered again.
    void expect_work();
    // Pops come and the button works while the store is in trouble.
    void expect_calls_go_on();
    // The trouble is over: everybody gets his answer, everything is delivered, and the books are compared.
    // Returns what callers were told.
    Told end();
    void TearDown() override;

    TempFolder folder_{"citybridge-trouble"};
    NodeOptions options_;
    NodePlace place_;
    std::unique_ptr<stand_in::ErpStandIn> erp_;
    std::unique_ptr<Node> node_;
    std::unique_ptr<Watcher> watcher_;
    std::unique_ptr<Crowd> crowd_;
};

// Polls until `true_now` says yes; false: not within `longest`.
template <class Fn>
bool wait_until(Millis longest, Fn true_now) {
    const MonoTime until = system_now().mono + longest;
    while (!true_now()) {
        if (system_now().mono > until) return false;
        std::this_thread::sleep_for(Millis{10});
    }
    return true;
}

}  // namespace citybridge::crash
