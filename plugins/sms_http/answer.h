#pragma once
// What a gateway's answer to a message means. Pure.
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/http.h"
#include "plugins/sms_http/pattern.h"

namespace citybridge::sms_http {

// Where a word stands: a JSON pointer (RFC 6901), or a pattern whose first group it is. Neither: nowhere.
struct Where {
    std::string pointer;
    std::shared_ptr<const Pattern> pattern;
    bool given() const { return !pointer.empty() || pattern != nullptr; }
};

struct AnswerRules {
    Where success;  // pointer: one of success_values stands there; pattern: it fits
    std::vector<std::string> success_values;
    Where id;                            // the gateway's number of the message
    Where error;                         // its word for what is wrong
    std::vector<std::string> temporary;  // words, "Throttling*" for all that begin so
    std::vector<std::string> permanent;
};

// Bounded in depth; discarded: no JSON.
nlohmann::ordered_json parse_bounded(std::string_view body);
// The value there as text: a text itself, anything else as JSON. Nothing: not there.
std::optional<std::string> text_at(const nlohmann::ordered_json& json, const std::string& pointer);

// What of an answer's words may be kept in the outbox: a gateway that repeats what it was sent must not bring a
// password, or a code that proves who a caller is, into a row.
struct Hush {
    bool words = false;                // none of them but the one for what is wrong, and no number in it
    std::vector<std::string> secrets;  // nor these
};

// `own_id`: becomes the external id if the gateway gives none.
DeliveryReply read_answer(const HttpOutcome& outcome, const AnswerRules& rules, const std::string& own_id,
                          const Hush& hush, WallTime now);

}  // namespace citybridge::sms_http
