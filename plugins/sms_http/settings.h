#pragma once
// The settings table, and what it means.
#include <optional>
#include <string>

#include "core/api/capabilities.h"
#include "core/api/settings.h"
#include "plugins/sms_http/answer.h"
#include "plugins/sms_http/reports.h"
#include "plugins/sms_http/request.h"
#include "plugins/sms_http/values.h"

namespace citybridge::sms_http {

// Reports that the gateway is asked for.
struct PollRules {
    RequestTemplate ask;
    Millis every{60'000};
    std::optional<RequestTemplate> acknowledge;  // with {ids}; sent when the node has all reports of an answer
};

struct Config {
    RequestTemplate send;
    RequestStyle style;
    Identity identity;
    AnswerRules answer;
    ReportRules reports;  // but for `source`
    bool takes_reports = false;
    std::optional<PollRules> poll;
    DeliveryTraits traits;
};

SettingsDoc settings_doc();

// Problems are appended with their places; on any, the result is not to be used.
Config read_config(const RawSettings& raw, Problems& problems);

}  // namespace citybridge::sms_http
