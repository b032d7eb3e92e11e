#pragma once
// Compares what agents were told of customers handed to other cities with the
// books of both cities: each callback in both, alike, ended once or open.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tools/demo/agent_desks.h"
#include "tools/demo/api.h"

namespace citybridge::demo {

// One callback as one city's API tells it.
struct CallbackBook {
    std::string id;
    std::string side;  // origin, target
    std::string origin;
    std::string target;
    std::string state;
    std::string outcome;
    std::string holder;
    std::int64_t epoch = 0;
    int ends = 0;               // how often its history came to an end
    int unconfirmed_dials = 0;  // of its history here: of the customer, without a person's confirmation
};

struct CityCallbacks {
    std::vector<HandedOver> handed_over;  // acknowledged to its agents
    std::vector<CallbackBook> books;
};

// Error: the API cannot be read.
Result<std::vector<CallbackBook>> read_callbacks(Api& admin);
bool is_open(const CallbackBook& book);

// By city. One sentence per fault; empty: all is right.
std::vector<std::string> judge_callbacks(const std::map<std::string, CityCallbacks>& cities);

}  // namespace citybridge::demo
