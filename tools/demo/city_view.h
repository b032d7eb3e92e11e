#pragma once
// What the screen knows of one city: the node's frames, folded.
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace citybridge::demo {

// How a city's deliveries stand, from its desks and its API.
struct Deliveries {
    std::size_t leads = 0;
    std::size_t notes = 0;
    std::size_t repeated = 0;  // requests of agents sent more than once
    std::size_t waiting = 0;   // messages in the outbox
    std::size_t parked = 0;    // orders whose messages wait for a person
    bool breaker_open = false;
};

class CityView {
public:
    using Json = nlohmann::ordered_json;

    // What is worth a line of its own; empty: nothing.
    std::string see(const Json& frame);
    // The city's column of the board.
    std::vector<std::string> lines(const Deliveries& deliveries, std::size_t calls, std::size_t leads) const;

private:
    struct LeadLine {
        std::string kind;
        std::string state;
        std::string number;  // the ERP's
        std::string customer;
    };
    void remember(const Json& frame);
    void remember_order(const Json& order);
    std::string line_of(const Json& frame) const;
    std::string agents_line() const;

    std::map<std::string, Json> contacts_;  // live ones
    std::map<std::string, Json> agents_;
    std::map<std::string, LeadLine> leads_;  // by order id
    std::deque<std::string> newest_;         // order ids
    std::size_t ended_ = 0;
    std::size_t pops_ = 0;
    std::size_t known_ = 0;  // pops with a known customer
    std::size_t numbered_ = 0;
};

}  // namespace citybridge::demo
