// Reports and quality.
#include "core/gateway/fields_reports.h"
#include "core/gateway/handlers_reports.h"
#include "core/gateway/routes.h"

namespace citybridge::gateway {
namespace {

using enum LaneKind;

constexpr RoleSet kReportScorers = kLeaders | only(Role::quality);

// A report says itself who may read it. They are computed where waiting is expected: not among those who look up
// customers.
const std::array kReportRoutes{
    Route{"GET", "/v1/reports", kPeople, instant, get_reports, "The reports you may read.", 200, "reports"},
    Route{"GET",
          "/v1/reports/{name}",
          kPeople,
          media,
          get_report,
          "A report of [from, to), as json, csv or xlsx; every figure with its definition.",
          200,
          "report",
          "application/json",
          {},
          kReportQuery},
    Route{"GET", "/v1/reports/{name}/runs", kPeople, media, get_report_runs,
          "What was produced of it by schedule, the newest first.", 200, "report_runs"},
    Route{"GET", "/v1/quality/forms", kPeople, instant, get_quality_forms, "The forms conversations are scored by.",
          200, "quality_forms"},
    Route{"GET", "/v1/contacts/{id}/scores", kPeople, media, get_scores,
          "Scores of a contact; an agent sees those of himself.", 200, "quality_scores"},
    Route{"POST",
          "/v1/contacts/{id}/scores",
          kReportScorers,
          durable,
          post_score,
          "Scores an agent's part in a contact.",
          201,
          "quality_score",
          "application/json",
          kScoreFields,
          {},
          KeyKind::durable},
};

}  // namespace

std::span<const Route> report_routes() { return kReportRoutes; }

}  // namespace citybridge::gateway
