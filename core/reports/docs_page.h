#pragma once
// docs/reports.md: every figure and every shipped report, from the tables themselves.
#include <string>

#include "core/reports/definitions.h"

namespace citybridge::reports {

std::string reports_markdown(const ReportSet& shipped);

}  // namespace citybridge::reports
