#pragma once

#include <rapidcheck.h>

#include <vector>

namespace citybridge::desk::testing {

// Any of them; within a property.
template <class T>
T one_of(const std::vector<T>& items) {
    return items[*rc::gen::inRange<std::size_t>(0, items.size())];
}

}  // namespace citybridge::desk::testing
