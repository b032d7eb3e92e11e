#pragma once
// A city's reports with who gets them by mail: those that the reports' files name and those of <reports mail>.
#include "core/desk/flow_book.h"
#include "core/host/config_file.h"
#include "core/node/reports_settings.h"

namespace citybridge {

// Appends problems; on any, the result is not to be used.
reports::ReportSet load_city_reports(const NodeConfig& config, const ReportsConfig& settings,
                                     const desk::FlowBook& book, Problems& problems);

}  // namespace citybridge
