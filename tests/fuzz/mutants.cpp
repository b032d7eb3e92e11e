#include "tests/fuzz/mutants.h"

namespace citybridge {

std::string mutated(std::string input, const std::vector<std::string>& pieces, std::mt19937& random) {
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    for (std::size_t edits = 1 + below(8); edits > 0 && input.size() > 2; --edits) {
        const std::size_t at = 1 + below(input.size() - 1);
        switch (below(4)) {
            case 0: input[at] = static_cast<char>(random()); break;
            case 1: input.erase(at, 1 + below(200)); break;
            case 2: input.insert(at, pieces[below(pieces.size())]); break;
            default: input.insert(at, input.substr(1 + below(input.size() - 1), below(500))); break;
        }
    }
    return input;
}

}  // namespace citybridge
