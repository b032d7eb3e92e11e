#include "core/node/reports_settings.h"

#include "core/api/setting_rows.h"
#include "core/node/node_settings.h"
#include "core/node/paths.h"

namespace citybridge {

const std::vector<Setting<ReportsConfig>>& reports_settings_table() {
    using namespace setting_rows;
    using S = ReportsConfig;
    static const std::vector<Setting<S>> table{
        text("folder", "", "Folder of the reports; empty: those shipped with the node.", &S::folder),
        text("quality", "", "Folder of the forms conversations are scored by; empty: those shipped with the node.",
             &S::quality),
        text("out", "",
             "Folder into which scheduled reports are written, one folder for each; empty: none is produced.", &S::out),
        list("mail", "",
             "Who gets scheduled reports by e-mail, besides whom their files name: whole_day=directory:site_manager, "
             "shift=user:sun, agents=boss@example.com.",
             &S::mail),
        integer("catch_up_days", "days", "7", 1, 60,
                "How far back reports are produced that fell due while the node was down.", &S::catch_up_days),
        integer("timeout_s", "s", "60", 1, 3'600, "How long a report may read one kind of fact.", &S::timeout_s),
        integer("max_rows", "", "5000000", 1'000, 1'000'000'000, "How many facts of one kind a report may read.",
                &S::max_rows),
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
