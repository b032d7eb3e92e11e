#include "core/store/generation.h"

#include <algorithm>
#include <random>

#include "core/store/meta.h"

namespace citybridge::store {

std::int64_t read_generation(Connection& connection) {
    const auto text = read_meta(connection, "generation");
    if (text.empty()) return 0;
    try {
        return std::stoll(text);
    } catch (const std::logic_error&) {
        throw Damaged("meta holds a generation that is no number: " + text);
    }
}

void raise_generation(Connection& connection, std::int64_t before) {
    std::random_device random;
    const auto floor = std::max(before, read_generation(connection));
    const auto step = 1 + static_cast<std::int64_t>(random() % 1'000'000);
    write_meta(connection, "generation", std::to_string(floor + step));
}

}  // namespace citybridge::store
