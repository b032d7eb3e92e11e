#include "core/node/reports_settings.h"

#include "core/node/node_settings.h"
#include "core/node/paths.h"

namespace citybridge {

const std::vector<Setting<ReportsConfig>>& reports_settings_table() {
    using S = ReportsConfig;
    static const std::vector<Setting<S>> table{
        {{.name = "folder", .fallback = "", .sentence = "Folder of the reports; empty: those shipped with the node."},
         &S::folder},
        {{.name = "quality",
          .fallback = "",
          .sentence = "Folder of the forms conversations are scored by; empty: those shipped with the node."},
         &S::quality},
        {{.name = "out",
          .fallback = "",
          .sentence = "Folder into which scheduled reports are written, one folder for each; empty: none is produced."},
         &S::out},
        {{.name = "catch_up_days",
          .type = SettingType::integer,
          .unit = "days",
          .fallback = "7",
          .min = 1,
          .max = 60,
          .sentence = "How far back reports are produced that fell due while the node was down."},
         &S::catch_up_days},
        {{.name = "timeout_s",
          .type = SettingType::integer,
          .unit = "s",
          .fallback = "60",
          .min = 1,
          .max = 3'600,
          .sentence = "How long a report may read one kind of fact."},
         &S::timeout_s},
        {{.name = "max_rows",
          .type = SettingType::integer,
          .fallback = "5000000",
          .min = 1'000,
          .max = 1'000'000'000,
          .sentence = "How many facts of one kind a report may read."},
         &S::max_rows},
    };
    return table;
}

ReportsConfig read_reports(const NodeConfig& config, Problems& problems) {
    ReportsConfig out = parse_settings(reports_settings_table(), section_of(config, "reports"), problems);
    out.folder = out.folder.empty() ? default_config_dir() + "/reports" : beside_config(config, out.folder);
    out.quality = out.quality.empty() ? default_config_dir() + "/quality" : beside_config(config, out.quality);
    out.out = beside_config(config, out.out);
    return out;
}

}  // namespace citybridge
