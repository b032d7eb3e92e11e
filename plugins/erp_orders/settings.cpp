#include "plugins/erp_orders/settings.h"

#include <algorithm>

#include "core/api/setting_rows.h"

namespace citybridge::erp_orders {
namespace {

using setting_rows::list;
using setting_rows::text;

using S = Settings;

bool is_field_name(const std::string& text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

void check_names(const RawSettings& raw, std::string_view setting, const std::vector<std::string>& names,
                 Problems& problems) {
    const auto it = std::find_if(raw.settings.begin(), raw.settings.end(),
                                 [&](const RawSetting& one) { return one.name == setting; });
    const Position where = it == raw.settings.end() ? raw.where : it->where;
    for (const std::string& name : names)
        if (!is_field_name(name))
            problems.push_back({where, "\"" + name + "\" in " + std::string(setting) +
                                           " is no field's name; use lower-case letters, digits and _"});
}

}  // namespace

const std::vector<Setting<Settings>>& settings_table() {
    static const std::vector<Setting<Settings>> table{
        list("customer_leads_need", "customer_name, wish",
             "Fields that a sales lead of kind buy, rent or finance must have; customer_name and customer_phone may "
             "also "
             "come from the customer's record.",
             &S::customer_leads_need),
        list("property_leads_need", "customer_name, property_address",
             "Fields that a sales lead of kind sell or let must have; customer_name and customer_phone may also come "
             "from the customer's record.",
             &S::property_leads_need),
        text("escalates_to", "customer_service_supervisor",
             "Whom the ERP shall put a repair or complaint before that is escalated: \"escalate_to\" of the message.",
             &S::escalates_to),
        text("reopens_to", "customer_service",
             "Whom the ERP shall put a complaint before that is reopened: \"escalate_to\" of the message.",
             &S::reopens_to),
    };
    return table;
}

Settings read_settings(const RawSettings& raw, Problems& problems) {
    Settings settings = parse_settings(settings_table(), raw, problems);
    check_names(raw, "customer_leads_need", settings.customer_leads_need, problems);
    check_names(raw, "property_leads_need", settings.property_leads_need, problems);
    return settings;
}

}  // namespace citybridge::erp_orders
