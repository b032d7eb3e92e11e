#include "plugins/sms_verification/settings.h"

#include "core/api/setting_rows.h"

namespace citybridge::sms_verification {
namespace {

using setting_rows::integer;
using setting_rows::list;
using setting_rows::required;
using setting_rows::secret;

using S = Settings;

constexpr std::size_t kShortestKey = 32;

bool is_word(const std::string& text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

}  // namespace

const std::vector<Setting<Settings>>& settings_table() {
    static const std::vector<Setting<Settings>> table{
        required(secret("key",
                        "What codes are made with, at least 32 bytes; `openssl rand -base64 48` makes one. Another key "
                        "ends the verifications under way.",
                        &S::key)),
        list("purposes", "data_change", "What callers may be verified for; others are refused.", &S::purposes),
        integer("max_sends", "", "2", 1, 5, "How often one code is sent.", &S::max_sends),
        integer("max_checks", "", "5", 1, 5, "How many wrong answers end a verification.", &S::max_checks),
        integer("valid_minutes", "min", "10", 1, 60, "How long a code is good for.", &S::valid_minutes),
        integer("send_gap_seconds", "s", "30", 0, 600, "Time between two messages to one number.",
                &S::send_gap_seconds),
        integer("wrong_checks_per_day", "", "5", 1, 5,
                "Wrong answers for one number in any 24 hours, over all verifications and purposes; then it is locked.",
                &S::wrong_checks_per_day),
        integer("sends_per_day", "", "6", 1, 50, "Messages to one number for one purpose in any 24 hours.",
                &S::sends_per_day),
        integer("sends_per_number_per_day", "", "10", 1, 50, "Messages to one number for all purposes in any 24 hours.",
                &S::sends_per_number_per_day),
        integer("unlocks_per_day", "", "1", 0, 5,
                "How often a supervisor may give one number a new budget in any 24 hours; each time so many more wrong "
                "answers are possible.",
                &S::unlocks_per_day),
        integer("number_age_hours", "h", "72", 0, 720,
                "A number that was added to a customer's file more recently gets no code; 0: any.",
                &S::number_age_hours),
    };
    return table;
}

Settings read_settings(const RawSettings& raw, Problems& problems) {
    const std::size_t before = problems.size();
    Settings settings = parse_settings(settings_table(), raw, problems);
    if (problems.size() != before) return settings;
    if (settings.key.size() < kShortestKey)
        problems.push_back({place_of(raw, "key"),
                            "key must have at least 32 bytes; make one with `openssl rand -base64 48 > "
                            "verification.key` and write key=\"${file:verification.key}\""});
    if (settings.purposes.empty())
        problems.push_back({place_of(raw, "purposes"), "purposes is empty; name at least one, such as data_change"});
    for (const std::string& purpose : settings.purposes)
        if (!is_word(purpose))
            problems.push_back(
                {place_of(raw, "purposes"), "\"" + purpose + "\" is no purpose; use lower-case letters, digits and _"});
    return settings;
}

}  // namespace citybridge::sms_verification
