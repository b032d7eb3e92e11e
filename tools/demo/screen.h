#pragma once
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace citybridge::demo {

// The terminal: a live board where one can be drawn, a line an event where not.
class Screen {
public:
    using Json = nlohmann::ordered_json;

    explicit Screen(bool board) : board_(board) {}
    void see(const Json& frame);
    void draw();  // a board only; a few times a second

private:
    void remember(const Json& frame);
    std::string line_of(const Json& frame) const;

    bool board_;
    std::map<std::string, Json> contacts_;  // live ones
    std::map<std::string, Json> agents_;
    std::deque<std::string> last_lines_;
    std::size_t ended_ = 0;
};

}  // namespace citybridge::demo
