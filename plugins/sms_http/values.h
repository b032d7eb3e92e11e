#pragma once
// What the places of templates stand for, of one message at one attempt. Pure.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/api/records.h"
#include "core/api/result.h"
#include "plugins/sms_http/pattern.h"
#include "plugins/sms_http/text_template.h"

namespace citybridge::sms_http {

// One of the gateway's own templates, by which it sends a text of ours.
struct FarTemplate {
    std::string id;                          // the gateway's number of it
    std::vector<std::string> names;          // of its values, in the order of ours; empty: it knows them by their place
    std::shared_ptr<const Pattern> pattern;  // whose groups are the values; null: what stands at our text's places
};

// Constant over the life of an instance.
struct Identity {
    std::string user;
    std::string password;
    std::string key_id;
    std::string key_secret;
    std::string signature;  // of the company, as the gateway knows it
    std::string template_id;
    std::map<std::string, FarTemplate> templates;  // by our name, or "<kind of order>.<name>"
    std::string sender;
    std::string country = "86";
    std::string report_secret;
    std::shared_ptr<const Pattern> text_pattern;  // its groups are {1} to {9}
    std::int64_t offset_minutes = 480;            // of {time_local} from UTC
    std::size_t max_parts = 10;
};

// All names; `message`: also those that only a message has.
std::set<std::string, std::less<>> known_places(bool message);

// Those of every request: time, nonce and identity.
Values common_values(const Identity& identity, const std::string& nonce, WallTime now);

// Those of a message besides. Error codes: "sms.bad_message", "sms.not_utf8", "sms.too_long",
// "sms_http.no_template", "sms_http.wrong_values".
Result<Values> message_values(const OutboxRecord& message, const Identity& identity, const std::string& nonce,
                              WallTime now);

// What lets a delivery report of this message in: only who got it with the message can know it.
std::string report_token(const std::string& report_secret, std::string_view message_id);

}  // namespace citybridge::sms_http
