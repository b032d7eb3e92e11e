#pragma once
// What connectors that deliver over HTTP have in common: how a retry schedule is
// written, what Retry-After says, what a status means for a message. Pure.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/result.h"
#include "core/api/time.h"

namespace citybridge {

// "5s, 15s, 5m, 2h": waits between attempts, 1 to 100 of them, each a whole
// number with one of ms, s, m, h, d; more than nothing, at most 30 days.
// Error "delivery.bad_schedule": its detail names the part and what to write.
Result<std::vector<Millis>> parse_schedule(std::string_view text);

// RFC 9110, 10.2.3: seconds, or a date in one of its three forms. From 0 (the
// date has passed) to `most`. Nothing: neither of them.
std::optional<Millis> parse_retry_after(std::string_view text, WallTime now, Millis most);

// What a complete answer with this status says about the message's effect.
// Redirects are never followed, so they are refusals.
DeliveryOutcome outcome_of_status(int status);
// The stable word for a status that is no success: "delivery.throttled", ...
// Empty for 2xx.
std::string_view code_of_status(int status);

// The beginning of an answer's body for a person to read: valid UTF-8, one line,
// at most `max_bytes`.
std::string short_text(std::string_view bytes, std::size_t max_bytes = 300);

}  // namespace citybridge
