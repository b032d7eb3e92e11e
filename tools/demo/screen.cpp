#include "tools/demo/screen.h"

#include <cstdio>
#include <utility>
#include <vector>

#include "tools/demo/json_values.h"
#include "tools/demo/terminal_text.h"

namespace citybridge::demo {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kLeft = 38;
constexpr std::size_t kRight = kWidth - kLeft - 3;
constexpr std::size_t kCalls = 4;
constexpr std::size_t kLeads = 4;
constexpr std::size_t kLines = 5;

std::string number(std::uint64_t n) { return std::to_string(n); }

}  // namespace

void Screen::name(std::size_t city, std::string name, std::string about) {
    cities_.at(city).name = std::move(name);
    cities_.at(city).about = std::move(about);
}

void Screen::see(std::size_t city, const Json& frame) {
    const std::string line = cities_.at(city).view.see(frame);
    if (shows_ == Shows::callbacks && !text_or_empty(frame["type"]).starts_with("callback.")) return;
    if (!line.empty()) put(fit(cities_.at(city).name, 9) + line);
}

void Screen::say(const std::string& line) { put("demo     " + line); }

void Screen::put(const std::string& line) {
    if (shows_ != Shows::board) {
        std::printf("%s\n", line.c_str());
        std::fflush(stdout);
        return;
    }
    last_lines_.push_back(line);
    if (last_lines_.size() > kLines) last_lines_.pop_front();
}

std::string Screen::erp_lines() const {
    return fit("ERP stand-in: " + number(erp_.received) + " messages received, " + number(erp_.effects) +
                   " took effect; sent back " + number(erp_.messages) + " in " + number(erp_.attempts) + " attempts",
               kWidth) +
           '\n' +
           fit("its faults: " + number(erp_.slammed) + " closed, " + number(erp_.failed_500) + " x 500, " +
                   number(erp_.busy_503) + " x 503, " + number(erp_.late) + " late, " + number(erp_.lost_answers) +
                   " done but not answered so",
               kWidth) +
           '\n';
}

void Screen::draw() {
    if (shows_ != Shows::board) return;
    std::vector<std::vector<std::string>> columns;
    for (const Column& city : cities_) {
        columns.push_back(city.view.lines(city.deliveries, kCalls, kLeads));
        columns.back().insert(columns.back().begin(), city.name + "  " + city.about);
    }
    std::string out = "\x1b[H\x1b[2J";
    out += "CityBridge demo: two cities on simulators, ten times as fast as life. Ctrl-C.\n";
    for (std::size_t row = 0; row < columns[0].size(); ++row)
        out += fit(columns[0].at(row), kLeft) + " | " + fit(columns[1].at(row), kRight) + '\n';
    out += erp_lines();
    for (const std::string& line : last_lines_) out += fit(line, kWidth) + '\n';
    std::fputs(out.c_str(), stdout);
    std::fflush(stdout);
}

}  // namespace citybridge::demo
