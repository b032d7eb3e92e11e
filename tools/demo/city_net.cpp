#include "tools/demo/city_net.h"

#include <stdexcept>
#include <utility>

#include "tests/contract/city_link/nats_settings.h"

namespace citybridge::demo {
namespace {

constexpr Millis kFirst{4'000};
constexpr Millis kBetween{6'000};
constexpr Millis kLineCutFor{4'000};
constexpr Millis kHubDownFor{2'000};

Error failed(const std::exception& why) { return {"demo.nats", why.what()}; }

}  // namespace

CityNet::CityNet(const std::vector<std::string>& cities, MonoTime now)
    : cities_(cities), servers_(cities), next_(now + kFirst) {}

Result<std::unique_ptr<CityNet>> CityNet::start(const std::vector<std::string>& cities, MonoTime now) {
    try {
        return std::unique_ptr<CityNet>(new CityNet(cities, now));
    } catch (const std::runtime_error& why) {
        return failed(why);
    }
}

std::map<std::string, std::string> CityNet::link_settings(const std::string& city) const {
    return test::nats_settings(servers_, city);
}

// In turn: each city's line, and the hub between.
std::string CityNet::next_trouble() {
    const std::size_t which = made_++;
    if (which % 2 == 1) {
        servers_.kill("hub");
        trouble_ = Trouble::hub_killed;
        return "the hub between the cities is killed";
    }
    cut_ = cities_.at(which / 2 % cities_.size());
    servers_.line(cut_).set(test::Line::Mode::cut);
    trouble_ = Trouble::line_cut;
    return "the line of " + cut_ + " is cut";
}

Result<std::string> CityNet::turn(MonoTime now) {
    if (now < next_) return std::string();
    if (trouble_ != Trouble::none) {
        next_ = now + kBetween;
        return heal();
    }
    std::string what = next_trouble();
    next_ = now + (trouble_ == Trouble::hub_killed ? kHubDownFor : kLineCutFor);
    return what;
}

Result<std::string> CityNet::heal() {
    const Trouble trouble = std::exchange(trouble_, Trouble::none);
    if (trouble == Trouble::none) return std::string();
    if (trouble == Trouble::line_cut) {
        servers_.line(cut_).set(test::Line::Mode::open);
        return "the line of " + cut_ + " is there again";
    }
    try {
        servers_.start("hub");
    } catch (const std::runtime_error& why) {
        return failed(why);
    }
    return std::string("the hub is started again");
}

}  // namespace citybridge::demo
