#pragma once
// The whole demo: cities, their ERP, the screen, and between three cities what carries customers from one to another.
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tools/demo/city.h"
#include "tools/demo/city_net.h"
#include "tools/demo/screen.h"
#include "tools/stand_in/erp_stand_in.h"

namespace citybridge::demo {

struct DemoOptions {
    std::string plugin_dir;
    int seconds = 0;    // 0: until it is interrupted
    bool nats = false;  // three cities behind a hub, instead of two by themselves
};

class Demo {
public:
    // `interrupts`: how often somebody asked for the end. At the second time it waits no more.
    Demo(DemoOptions options, const std::atomic<int>& interrupts);

    Result<> start();
    // Runs it, drains it, judges and reports. The exit code: 0 if all is right.
    int run();

private:
    void announce() const;
    bool broken() const;
    void turn();
    void say(const std::string& line);
    void note_trouble(const Result<std::string>& what);
    void drain();
    void end_callbacks(MonoTime until);
    bool outboxes_empty();
    int report();
    void report_callbacks(std::vector<std::string>& mistakes);
    Result<std::map<std::string, CityCallbacks>> callbacks();

    const DemoOptions options_;
    const std::vector<std::string> names_;
    const std::atomic<int>& interrupts_;
    std::mutex lock_;  // of the screen
    Screen screen_;
    std::unique_ptr<stand_in::ErpStandIn> erp_;
    std::unique_ptr<CityNet> net_;  // outlives the cities
    std::vector<std::unique_ptr<City>> cities_;
    std::string net_failure_;
};

}  // namespace citybridge::demo
