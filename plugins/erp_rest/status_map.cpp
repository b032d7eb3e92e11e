#include "plugins/erp_rest/status_map.h"

#include <algorithm>
#include <charconv>

#include "core/api/delivery_text.h"

namespace citybridge::erp_rest {
namespace {

bool holds(const std::vector<StatusRange>& ranges, int status) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [=](const StatusRange& range) { return status >= range.from && status <= range.to; });
}

std::string detail_of(const HttpOutcome& answer) {
    std::string out = "the ERP answered " + std::to_string(answer.status);
    const std::string* const location = answer.header("location");
    if (answer.status >= 300 && answer.status <= 399 && location != nullptr)
        out += " and points to " + short_text(*location) + "; redirects are not followed, correct the setting url";
    if (!answer.body.empty()) out += ": " + short_text(answer.body);
    return out;
}

DeliveryReply unanswered(const HttpOutcome& outcome) {
    DeliveryReply out;
    out.code = outcome.code;
    out.detail = outcome.detail;
    switch (outcome.progress) {
        case HttpProgress::not_sent: out.outcome = DeliveryOutcome::not_done; break;
        case HttpProgress::unclear:
        case HttpProgress::answered: out.outcome = DeliveryOutcome::unclear; break;
    }
    // These do not get better by waiting.
    if (outcome.progress == HttpProgress::not_sent &&
        (outcome.code == "http.refused_origin" || outcome.code == "http.bad_request"))
        out.outcome = DeliveryOutcome::refused;
    return out;
}

}  // namespace

std::optional<StatusRange> parse_status(std::string_view text) {
    if (text.size() != 3 || text[0] < '2' || text[0] > '5') return {};
    const int first = text[0] - '0';
    if (text.substr(1) == "xx") return StatusRange{first * 100, first * 100 + 99};
    int status = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
    if (error != std::errc() || end != text.data() + text.size()) return {};
    return StatusRange{status, status};
}

DeliveryReply reply_of(const HttpOutcome& outcome, const StatusMap& map, WallTime now) {
    if (outcome.progress != HttpProgress::answered) return unanswered(outcome);
    DeliveryReply out;
    if (holds(map.success, outcome.status)) {
        out.outcome = DeliveryOutcome::delivered;
        return out;
    }
    out.detail = detail_of(outcome);
    if (holds(map.refused, outcome.status)) {
        out.outcome = DeliveryOutcome::refused;
        out.code = "delivery.refused";
        return out;
    }
    out.outcome = outcome_of_status(outcome.status);
    out.code = code_of_status(outcome.status);
    // A 2xx that the settings do not count as success: something happened, but not what was asked for.
    if (out.outcome == DeliveryOutcome::delivered) {
        out.outcome = DeliveryOutcome::unclear;
        out.code = "delivery.unexpected_status";
    }
    const std::string* const wait = outcome.header("retry-after");
    if (out.outcome == DeliveryOutcome::not_done && wait != nullptr)
        out.retry_after = parse_retry_after(*wait, now, map.longest_retry_after);
    return out;
}

}  // namespace citybridge::erp_rest
