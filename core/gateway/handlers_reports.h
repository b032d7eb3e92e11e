#pragma once
// Handlers of handlers_reports.cpp.
#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

HttpResponse get_reports(const Call& call);
HttpResponse get_report(const Call& call);
HttpResponse get_report_runs(const Call& call);
HttpResponse get_quality_forms(const Call& call);
HttpResponse get_scores(const Call& call);
HttpResponse post_score(const Call& call);

}  // namespace citybridge::gateway
