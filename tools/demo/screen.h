#pragma once
#include <cstdint>
#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/demo/city_view.h"

namespace citybridge::demo {

// What the stand-in counts.
struct ErpView {
    std::uint64_t received = 0;
    std::uint64_t effects = 0;
    std::uint64_t slammed = 0;
    std::uint64_t failed_500 = 0;
    std::uint64_t busy_503 = 0;
    std::uint64_t late = 0;
    std::uint64_t lost_answers = 0;  // done, and then 500 or a closed connection
    std::size_t messages = 0;        // to the nodes
    std::size_t attempts = 0;
};

// The terminal: a live board of 80 by 24 where one can be drawn, a line an event where not, or a line only for what
// happens to callbacks between cities.
class Screen {
public:
    using Json = nlohmann::ordered_json;
    enum class Shows { board, events, callbacks };

    // A board has room for two cities.
    Screen(Shows shows, std::size_t cities) : shows_(shows), cities_(cities) {}
    void name(std::size_t city, std::string name, std::string about);
    void see(std::size_t city, const Json& frame);
    void set(std::size_t city, const Deliveries& deliveries) { cities_.at(city).deliveries = deliveries; }
    void set(const ErpView& erp) { erp_ = erp; }
    void say(const std::string& line);  // what the demo itself has to tell
    void draw();                        // a board only; a few times a second

private:
    struct Column {
        std::string name;
        std::string about;
        CityView view;
        Deliveries deliveries;
    };
    void put(const std::string& line);
    std::string erp_lines() const;

    const Shows shows_;
    std::vector<Column> cities_;
    ErpView erp_;
    std::deque<std::string> last_lines_;
};

}  // namespace citybridge::demo
