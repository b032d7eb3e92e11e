#pragma once
// An outbox message as one signed POST, and what its answer means.
#include "core/api/capabilities.h"
#include "core/api/http.h"
#include "plugins/webhook/settings.h"

namespace citybridge::webhook {

// The payload byte for byte; signed with all keys for this attempt's time. Error: "webhook.bad_id".
Result<HttpOutgoing> make_request(const Destination& destination, const OutboxRecord& message, WallTime now);

// By the specification everything but 2xx is a failure that is tried again, and 410 ends it all.
DeliveryReply read_answer(const HttpOutcome& outcome, WallTime now);

}  // namespace citybridge::webhook
