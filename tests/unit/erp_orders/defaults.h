#pragma once
// The plugin's settings when nothing is set.
#include "plugins/erp_orders/settings.h"

namespace citybridge::erp_orders {

inline Settings defaults() {
    Problems problems;
    return read_settings({}, problems);
}

}  // namespace citybridge::erp_orders
