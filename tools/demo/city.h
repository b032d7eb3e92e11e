#pragma once
// One city of the demo: its node, its agents' desks, and what checks them.
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tools/demo/agent_desks.h"
#include "tools/demo/api.h"
#include "tools/demo/callback_judge.h"
#include "tools/demo/checker.h"
#include "tools/demo/demo_node.h"
#include "tools/demo/event_stream.h"
#include "tools/demo/screen.h"
#include "tools/stand_in/erp_stand_in.h"

namespace citybridge::demo {

class City {
public:
    // `screen` is told of every frame of the node, `index` its column; `screen_lock` guards it.
    static Result<std::unique_ptr<City>> start(const CitySetup& setup, const std::string& plugin_dir, std::size_t index,
                                               Screen& screen, std::mutex& screen_lock);
    ~City();

    const std::string& name() const { return setup_.city; }
    std::uint16_t port() const { return node_->port(); }
    std::string failure() const { return stream_->failure(); }
    // For the screen, from the API. What cannot be read is left as it was.
    Deliveries deliveries();
    // No new leads, nobody is handed to another city; whom others have handed over is still called back.
    void finish() { desks_->finish(); }
    void stop_desks() { desks_->stop(); }
    // Nothing pending in the outbox.
    bool outbox_empty();
    // No callback here is open, or none can be read.
    bool callbacks_ended();
    Result<CityCallbacks> callbacks();

    // Ends it, and judges: calls and pops by the simulator's truth, deliveries by `erp`.
    struct Verdict {
        std::size_t calls = 0;
        std::size_t pops = 0;
        std::size_t leads = 0;
        std::size_t notes = 0;
        std::size_t repeated = 0;
        std::size_t events = 0;
        std::vector<std::string> mistakes;
    };
    Verdict end(const stand_in::ErpStandIn& erp);

private:
    explicit City(const CitySetup& setup) : setup_(setup) {}
    std::vector<Checker::Json> finished_calls() const;

    const CitySetup setup_;
    std::mutex mutex_;
    Checker checker_;  // guarded by mutex_
    Deliveries last_;
    std::unique_ptr<DemoNode> node_;
    std::unique_ptr<Api> admin_;
    std::unique_ptr<AgentDesks> desks_;
    std::unique_ptr<EventStream> stream_;
};

}  // namespace citybridge::demo
