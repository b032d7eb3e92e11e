#pragma once
// The settings as the connector uses them.
#include "core/api/capabilities.h"
#include "core/api/settings.h"
#include "plugins/erp_rest/find_answer.h"
#include "plugins/erp_rest/request.h"
#include "plugins/erp_rest/status_map.h"

namespace citybridge::erp_rest {

struct Config {
    Target target;
    DeliveryTraits traits;
    StatusMap statuses;
    Pointer id = Pointer();
    FindRules find;
};

SettingsDoc settings_doc();
// Problems are appended with their places; on any, the result is not to be used.
Config read_config(const RawSettings& raw, Problems& problems);

}  // namespace citybridge::erp_rest
