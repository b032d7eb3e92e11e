#include "bench/rows.h"

#include <fstream>
#include <stdexcept>

namespace citybridge::bench {
namespace {

const char* word_of(Good good) {
    switch (good) {
        case Good::ratio_at_most: return "ratio<=";
        case Good::ratio_at_least: return "ratio>=";
        case Good::value_at_least: return "value>=";
        case Good::value_at_most: return "value<=";
    }
    return "";
}

}  // namespace

void add_row(const std::string& path, const Row& row) {
    if (path.empty()) return;
    std::ofstream file(path, std::ios::app);
    file << row.what << '\t' << row.unit << '\t' << row.ours << '\t' << row.floor << '\t' << row.target << '\t'
         << word_of(row.good) << '\n';
    if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace citybridge::bench
