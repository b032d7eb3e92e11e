// The library's manifest.
#include "plugins/erp_rest/erp_rest.h"

using citybridge::erp_rest::ErpRestPlugin;

CITYBRIDGE_PLUGIN(ErpRestPlugin, "erp_rest", "0.1.0");
