#include "plugins/sms_http/reports.h"

#include <gtest/gtest.h>

#include "core/api/several_messages.h"
#include "plugins/sms_http/digest.h"
#include "plugins/sms_http/values.h"
#include "tests/unit/sms_http/gateway.h"

namespace citybridge::sms_http {
namespace {

const std::string kSecret = "0123456789abcdef";

Settings with(const Settings& more) {
    Settings out{{"url", "https://g/"}, {"report_secret", kSecret}};
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

const Settings kKannel = with({{"report_message", "id"},
                               {"report_state", "state"},
                               {"report_states", "1=delivered, 2=undelivered, 4=accepted, 8=accepted, 16=rejected"}});
const Settings kList = with({{"report_auth", "parameter"},
                             {"report_auth_name", "key"},
                             {"report_id", "biz_id"},
                             {"report_message", "out_id"},
                             {"report_state", "success"},
                             {"report_code", "err_code"},
                             {"report_states", "true=delivered, false=undelivered"}});

Result<InboundMessage> accepted(const Settings& settings, const HeaderList& headers, const std::string& body) {
    Fixture it(settings);
    for (const Problem& problem : it.problems) ADD_FAILURE() << to_string(problem);
    EXPECT_TRUE(it.plugin.offers().inbound);
    return it.plugin.accept(headers, body, kNow);
}

std::string query(const std::string& id, const std::string& state, const std::string& token) {
    return "id=" + id + "&token=" + token + "&state=" + state;
}

TEST(SmsReport, IsTakenByItsMessagesToken) {
    const std::string token = report_token(kSecret, "ver_1.1.sms");
    for (const auto& [word, state] :
         Settings{{"1", "delivered"}, {"2", "undelivered"}, {"8", "accepted"}, {"16", "rejected"}, {"99", "unknown"}}) {
        const auto report = accepted(kKannel, {{":method", "GET"}, {":query", query("ver_1.1.sms", word, token)}}, "");
        ASSERT_TRUE(report) << report.error().detail;
        EXPECT_EQ(report->source, "sms");
        EXPECT_EQ(report->type, "sms.report");
        EXPECT_EQ(report->data["message"], "ver_1.1.sms");
        EXPECT_EQ(report->data["external_id"], "ver_1.1.sms");
        EXPECT_EQ(report->data["state"], state);
        EXPECT_EQ(report->id, "ver_1.1.sms:" + word + ":" + word);
    }
    EXPECT_TRUE(accepted(kKannel, {{":method", "POST"}}, query("ver_1.1.sms", "1", token))) << "as a form";
}

TEST(SmsReport, IsRefusedWithoutProof) {
    const std::string token = report_token(kSecret, "ver_1.1.sms");
    for (const std::string& bad :
         {query("ver_2.1.sms", "1", token), query("ver_1.1.sms", "1", ""), query("ver_1.1.sms", "1", kSecret),
          query("", "1", report_token(kSecret, "")), std::string("id=ver_1.1.sms"), std::string(),
          query("ver_1.1.sms", "1", token.substr(1))}) {
        const auto report = accepted(kKannel, {{":query", bad}}, "");
        ASSERT_FALSE(report) << bad;
        EXPECT_EQ(report.error().code, "hook.bad_signature");
    }
    // A token is of one message; the gateway's number beside it cannot name another.
    Settings both = kKannel;
    both.emplace_back("report_id", "gid");
    const auto report = accepted(both, {{":query", query("ver_1.1.sms", "1", token) + "&gid=another"}}, "");
    ASSERT_TRUE(report);
    EXPECT_EQ(report->data["external_id"], "ver_1.1.sms");
}

TEST(SmsReport, MayBeAListInJson) {
    const std::string body =
        R"([{"phone_number":"138","success":true,"err_code":"DELIVERED","biz_id":"b1","out_id":"ver_1.1.sms"},)"
        R"({"success":false,"err_code":"MOBILE_NOT_ON_SERVICE","biz_id":"b2"},{"nothing":1}])";
    const HeaderList headers{{":query", "key=" + kSecret}};
    const auto whole = accepted(kList, headers, body);
    ASSERT_TRUE(whole) << whole.error().detail;
    const auto reports = unpack_messages(*whole);
    ASSERT_EQ(reports.size(), 2U) << "the third is of no message";
    for (const InboundMessage& each : reports) {
        EXPECT_EQ(each.source, "sms");
        EXPECT_EQ(each.type, "sms.report");
        EXPECT_EQ(each.sent_at, kNow);
    }
    EXPECT_NE(reports[0].id, reports[1].id) << "each is known as a repetition by itself";
    EXPECT_EQ(reports[0].data["external_id"], "b1");
    EXPECT_EQ(reports[0].data["message"], "ver_1.1.sms");
    EXPECT_EQ(reports[0].data["state"], "delivered");
    EXPECT_EQ(reports[1].data["external_id"], "b2");
    EXPECT_EQ(reports[1].data["state"], "undelivered");
    EXPECT_EQ(reports[1].data["code"], "MOBILE_NOT_ON_SERVICE");
    EXPECT_FALSE(accepted(kList, {{":query", "key=wrong"}}, body));
    EXPECT_EQ(accepted(kList, {{":query", "key=" + kSecret}}, "[]").error().code, "hook.bad_message");
    EXPECT_EQ(accepted(kList, {{":query", "key=" + kSecret}}, R"({"a":1})").error().code, "hook.bad_message");
}

TEST(SmsReport, OfAListIsGivenToNobodyByAcceptItself) {
    Fixture it(kList);
    const std::string body = R"([{"success":true,"biz_id":"b1"},{"success":true,"biz_id":"b2"}])";
    ASSERT_TRUE(it.plugin.accept({{":query", "key=" + kSecret}}, body, kNow));
    EXPECT_TRUE(it.host.taken.empty());
    EXPECT_EQ(it.host.kept_lane.posted(), 0U);
}

TEST(SmsReport, MayCarryItsProofInAHeader) {
    const std::string body = R"({"reports":[{"id":7,"state":"DELIVRD"}]})";
    Settings settings = with({{"report_auth", "hmac_sha256"},
                              {"report_auth_name", "X-Signature"},
                              {"report_id", "/id"},
                              {"report_list", "/reports"},
                              {"report_state", "/state"},
                              {"report_states", "DELIVRD=delivered"}});
    const std::string raw_hmac = hmac_of(Hash::sha256, kSecret, body);
    const auto report = accepted(settings, {{"x-signature", to_hex(raw_hmac)}}, body);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->data["external_id"], "7");
    EXPECT_TRUE(accepted(settings, {{"x-signature", to_base64(raw_hmac)}}, body));
    EXPECT_FALSE(accepted(settings, {{"x-signature", to_hex(raw_hmac)}}, body + " "));
    EXPECT_FALSE(accepted(settings, {}, body));
    settings[2] = {"report_auth", "header"};
    EXPECT_TRUE(accepted(settings, {{"x-signature", kSecret}}, body));
    EXPECT_FALSE(accepted(settings, {{"x-signature", kSecret + "0"}}, body));
}

TEST(SmsReport, NeverFallsOverWhatStrangersSend) {
    for (const std::string& body : {std::string(200'000, '['), std::string("%%%=&&&=\xFF\xFE"),
                                    std::string("{\"id\":{}}"), std::string(1, '\0'), std::string("id[]=1")})
        for (const Settings& settings : {kKannel, kList}) EXPECT_FALSE(accepted(settings, {{":query", body}}, body));
}

TEST(SmsReport, NeedsASecret) {
    Fixture it(Settings{{"url", "https://g/"}});
    EXPECT_FALSE(it.plugin.offers().inbound);
    EXPECT_FALSE(it.plugin.accept({{":query", "token=" + report_token("", "x") + "&id=x"}}, "", kNow));
}

}  // namespace
}  // namespace citybridge::sms_http
