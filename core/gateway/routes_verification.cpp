// Callers who prove who they are, and addresses nobody writes to.
#include "core/gateway/fields_verification.h"
#include "core/gateway/handlers_verification.h"
#include "core/gateway/routes.h"

namespace citybridge::gateway {
namespace {

using enum LaneKind;

constexpr std::string_view kJson = "application/json";
constexpr RoleSet kUnlockers = only(Role::supervisor) | only(Role::admin);

const std::array kVerificationRoutes{
    Route{"POST",
          "/v1/verifications",
          kDialers,
          durable,
          post_verification,
          "Sends a code to the customer's mobile on file; never to a number of the request.",
          201,
          "verification",
          kJson,
          kVerificationFields,
          {},
          KeyKind::durable},
    Route{"GET",
          "/v1/verifications",
          kDialers,
          durable,
          get_verifications,
          "Verifications of a customer or an order, the newest first; an agent sees his own.",
          200,
          "verification_page",
          kJson,
          {},
          kVerificationsQuery},
    Route{"GET", "/v1/verifications/{id}", kDialers, durable, get_verification, "How a verification stands.", 200,
          "verification"},
    Route{"POST",
          "/v1/verifications/{id}/check",
          kDialers,
          durable,
          post_verification_check,
          "The code that the caller read out; what was wrong with one that does not pass is not told.",
          200,
          "verification",
          kJson,
          kCheckFields,
          {},
          KeyKind::durable},
    Route{"POST",
          "/v1/verifications/{id}/resend",
          kDialers,
          durable,
          post_verification_resend,
          "Sends the same code once more.",
          200,
          "verification",
          kJson,
          {},
          {},
          KeyKind::durable},
    Route{"POST",
          "/v1/verifications/{id}/unlock",
          kUnlockers,
          durable,
          post_verification_unlock,
          "Gives the number of this verification a new budget.",
          200,
          "verification",
          kJson,
          kUnlockFields,
          {},
          KeyKind::durable},
    Route{"GET",
          "/v1/admin/blocked",
          kUnlockers,
          durable,
          get_blocked,
          "Addresses nobody writes to.",
          200,
          "blocked_page",
          kJson,
          {},
          kBlockedQuery},
    Route{"POST",
          "/v1/admin/blocked",
          kUnlockers,
          durable,
          post_blocked,
          "Nobody writes to an address any more, or again.",
          200,
          "blocked_address",
          kJson,
          kBlockFields,
          {},
          KeyKind::durable},
};

}  // namespace

std::span<const Route> verification_routes() { return kVerificationRoutes; }

}  // namespace citybridge::gateway
