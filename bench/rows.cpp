#include "bench/rows.h"

#include <fstream>
#include <stdexcept>

namespace citybridge::bench {

void add_row(const std::string& path, const Row& row) {
    if (path.empty()) return;
    std::ofstream file(path, std::ios::app);
    file << row.what << '\t' << row.unit << '\t' << row.ours << '\t' << row.floor << '\t' << row.target << '\n';
    if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace citybridge::bench
