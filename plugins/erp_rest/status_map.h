#pragma once
// What came of a request, as what it means for the message. Pure.
#include <string_view>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/http.h"

namespace citybridge::erp_rest {

struct StatusRange {
    int from = 0;
    int to = 0;
};
// "2xx" or "409". Nothing: neither.
std::optional<StatusRange> parse_status(std::string_view text);

struct StatusMap {
    std::vector<StatusRange> success{{200, 299}};
    std::vector<StatusRange> refused;  // beyond 3xx and 4xx: certainly without effect
    Millis longest_retry_after{3'600'000};
};

// Without the external id, which is in the body.
DeliveryReply reply_of(const HttpOutcome& outcome, const StatusMap& map, WallTime now);

}  // namespace citybridge::erp_rest
