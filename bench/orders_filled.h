#pragma once
// A store full of open orders with follow-ups, as an agent's work would have left it.
#include "core/store/store.h"

namespace citybridge::bench {

struct Filling {
    std::size_t orders = 200'000;
    WallTime now{};
    Millis first_due{};  // after `now`: of the first order; each further one is due `due_step` later
    Millis due_step{10};
    std::size_t owners = 200;  // in groups of 20
};

// Seconds it took. Throws std::runtime_error.
double fill(store::Store& store, const Filling& filling);
std::string filled_order(std::size_t n);  // id of the n-th

}  // namespace citybridge::bench
