#pragma once
// What a benchmark found, one line each, for the closing table of bench/run.
#include <string>

namespace citybridge::bench {

enum class Good {
    ratio_at_most,   // of costs: ours / floor
    ratio_at_least,  // of rates
    value_at_least,  // of ours alone
    value_at_most,
};

struct Row {
    std::string what;
    std::string unit;  // of both values: "us/event"
    double ours = 0;
    double floor = 0;   // 0: none
    double target = 0;  // 0: shown for comparison, nothing promised
    Good good = Good::ratio_at_most;
};

// Appends one line of tab-separated fields; an empty path prints nothing.
// Throws std::runtime_error if the file cannot be written.
void add_row(const std::string& path, const Row& row);

}  // namespace citybridge::bench
