// The library's manifest.
#include "plugins/erp_orders/erp_orders.h"

using citybridge::erp_orders::ErpOrdersPlugin;

CITYBRIDGE_PLUGIN(ErpOrdersPlugin, "erp_orders", "0.1.0");
