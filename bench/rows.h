#pragma once
// What a benchmark found, one line each, for the closing table of bench/run.
#include <string>

namespace citybridge::bench {

struct Row {
    std::string what;
    std::string unit;  // of both values: "us/event"
    double ours = 0;
    double floor = 0;
    double target = 0;  // highest ratio that is good; 0: shown for comparison, nothing promised
};

// Appends one line of tab-separated fields; an empty path prints nothing.
// Throws std::runtime_error if the file cannot be written.
void add_row(const std::string& path, const Row& row);

}  // namespace citybridge::bench
