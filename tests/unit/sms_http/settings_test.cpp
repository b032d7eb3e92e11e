#include "plugins/sms_http/settings.h"

#include <gtest/gtest.h>

#include "tests/unit/sms_http/gateway.h"

namespace citybridge::sms_http {
namespace {

std::string problems_of(const Settings& more) {
    Settings settings{{"url", "https://g/"}};
    settings.insert(settings.end(), more.begin(), more.end());
    Problems problems;
    read_config(raw(settings), problems);
    std::string all;
    for (const Problem& problem : problems) all += to_string(problem) + '\n';
    return all;
}

TEST(SmsHttpSettings, NeedOnlyAUrl) {
    EXPECT_EQ(problems_of({}), "");
    Problems problems;
    read_config(raw({}), problems);
    EXPECT_EQ(problems.size(), 1U);
}

TEST(SmsHttpSettings, SayWhatDoesNotFitTogether) {
    const std::vector<std::pair<Settings, std::string>> rows{
        {{{"parameters", "a={who}"}}, "parameters has {who}"},
        {{{"parameters", "just a line"}}, "parameters has a line without"},
        {{{"headers", "X-Name {to}"}}, "headers has a line without"},
        {{{"send_as", "json"}}, "body is no JSON"},
        {{{"send_as", "json"}, {"body", "{\"a\":\"{who}\"}"}}, "body has {who}"},
        {{{"body", "{}"}}, "body is for send_as json"},
        {{{"method", "GET"}}, "send_as must be query"},
        {{{"signing", "sorted_hmac_sha1"}}, "key_secret is needed"},
        {{{"digest", "md5"}}, "digest_text is needed"},
        {{{"text_pattern", "("}}, "text_pattern is no regular expression"},
        {{{"country_code", "+86"}}, "country_code must be digits"},
        {{{"templates", "visit"}}, "templates has \"visit\"; write lines"},
        {{{"templates", "visit="}}, "write lines"},
        {{{"templates", "visit=SMS_1(name"}}, "write lines"},
        {{{"templates", "visit=SMS_1(na me)"}}, "write lines"},
        {{{"templates", "visit=SMS_1(name) x"}}, "write lines"},
        {{{"templates", "visit=SMS_1: ("}}, "templates is no regular expression"},
        {{{"templates", "visit=SMS_1\nvisit=SMS_2"}}, "two lines for visit"},
        {{{"success_path", "Code"}, {"success_values", "OK"}}, "success_path is no JSON pointer"},
        {{{"success_path", "/Code"}}, "success_values is needed"},
        {{{"temporary", "x"}}, "error_path or error_pattern"},
        {{{"report_secret", "0123456789abcdef"}}, "report_message is needed"},
        {{{"report_secret", "short"}, {"report_message", "m"}, {"report_state", "s"}, {"report_states", "1=delivered"}},
         "at least 16"},
        {{{"report_states", "1=arrived"}}, "report_states has"},
        {{{"report_states", "1"}}, "report_states has"},
        {{{"poll_url", "https://g/"}}, "report_id"},
        {{{"retry_schedule", "soon"}}, "retry_schedule"}};
    for (const auto& [settings, expected] : rows)
        EXPECT_NE(problems_of(settings).find(expected), std::string::npos) << expected << '\n' << problems_of(settings);
}

TEST(SmsHttpSettings, AskAPersonAfterAnUnclearAnswerUnlessTold) {
    Problems problems;
    EXPECT_EQ(read_config(raw({{"url", "https://g/"}}), problems).traits.repeats, Repeats::neither);
    EXPECT_EQ(read_config(raw({{"url", "https://g/"}, {"repeats", "dedupes"}}), problems).traits.repeats,
              Repeats::dedupes);
}

}  // namespace
}  // namespace citybridge::sms_http
