#pragma once
// Order statistics of a handful of measurements.
#include <algorithm>
#include <cmath>
#include <vector>

namespace citybridge::bench {

// The smallest value that at least `share` (0 to 1) of all values do not exceed; 0 of none.
inline double quantile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const double rank = std::ceil(share * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

inline double median(const std::vector<double>& values) { return quantile(values, 0.5); }

}  // namespace citybridge::bench
