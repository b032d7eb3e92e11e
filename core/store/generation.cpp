#include "core/store/generation.h"

#include <algorithm>
#include <iomanip>
#include <random>
#include <sstream>

#include "core/api/time.h"
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
    // The clock only spares the cities a round: what is too low all the same, they tell
    // (core/relay/callback_cities.cpp).
    const std::int64_t generation = std::max(floor + step, epoch_ms(system_now().wall));
    write_meta(connection, "generation", std::to_string(generation));
    std::ostringstream life;
    for (int i = 0; i < 2; ++i) life << std::hex << std::setw(8) << std::setfill('0') << random();
    write_meta(connection, "life", life.str());
}

}  // namespace citybridge::store
