#pragma once
// Delivery reports of a gateway, pushed to /v1/hooks/<instance> or asked for. Pure.
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/api/capabilities.h"

namespace citybridge::sms_http {

enum class ReportAuth {
    token,        // a parameter holds {report_token} of the message the report is of
    parameter,    // a parameter holds report_secret
    header,       // a header holds report_secret
    hmac_sha256,  // a header holds the HMAC of the body with report_secret, in hex or base64
};

struct ReportRules {
    std::string source;  // instance
    std::string secret;  // empty: nothing is taken in
    ReportAuth auth = ReportAuth::token;
    std::string auth_name = "token";
    // Names of parameters, or JSON pointers into the report. `id` is the gateway's number, `message` ours.
    std::string id;
    std::string message;
    std::string state;
    std::string code;
    std::string list;  // where the list of reports stands in a JSON body; empty: the body, if it is a list
    std::map<std::string, std::string> states;  // the gateway's word to ours
};

// What came to /v1/hooks/<instance>: one message or more. Error codes as InboundConnector::accept has them.
Result<std::vector<InboundMessage>> read_reports(const ReportRules& rules, const HeaderList& headers,
                                                 std::string_view body, WallTime now);

// Reports of an answer that was asked for, each a message of its own. Error "sms_http.bad_reports".
Result<std::vector<InboundMessage>> read_asked(const ReportRules& rules, std::string_view body, WallTime now);

}  // namespace citybridge::sms_http
