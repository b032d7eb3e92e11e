#include "plugins/sms_http/answer.h"

#include <gtest/gtest.h>

#include "tests/unit/sms_http/gateway.h"

namespace citybridge::sms_http {
namespace {

using O = DeliveryOutcome;

DeliveryReply reply_to(const Settings& more, const HttpOutcome& outcome) {
    Settings settings{{"url", "https://g/"}};
    settings.insert(settings.end(), more.begin(), more.end());
    Fixture it(settings);
    for (const Problem& problem : it.problems) ADD_FAILURE() << to_string(problem);
    it.deliver();
    it.host.kept_http.waiting[0](outcome);
    EXPECT_EQ(it.replies.size(), 1U);
    return it.replies[0];
}

const Settings kAlibaba{{"success_path", "/Code"},
                        {"success_values", "OK"},
                        {"id_path", "/BizId"},
                        {"error_path", "/Code"},
                        {"temporary", "isv.BUSINESS_LIMIT_CONTROL, Throttling*"},
                        {"permanent", "isv.MOBILE_NUMBER_ILLEGAL"}};

TEST(SmsAnswer, IsJudgedByItsWordsFirst) {
    struct Row {
        int status;
        std::string body;
        O outcome;
        std::string code;
    };
    for (const Row& row :
         {Row{200, R"({"Code":"OK","BizId":"9001^4"})", O::delivered, ""},
          Row{200, R"({"Code":"isv.BUSINESS_LIMIT_CONTROL"})", O::not_done, "sms_http.temporary"},
          Row{400, R"({"Code":"Throttling.User"})", O::not_done, "sms_http.temporary"},
          Row{400, R"({"Code":"isv.MOBILE_NUMBER_ILLEGAL"})", O::refused, "sms_http.refused"},
          Row{200, R"({"Code":"SomethingNew"})", O::refused, "sms_http.refused"},
          Row{200, "<html>", O::refused, "sms_http.refused"},
          Row{500, R"({"Code":"OK"})", O::unclear, "sms_http.unclear"},
          Row{503, "", O::not_done, "delivery.unavailable"}, Row{400, "no", O::refused, "delivery.refused"}}) {
        const DeliveryReply reply = reply_to(kAlibaba, answered(row.status, row.body));
        EXPECT_EQ(reply.outcome, row.outcome) << row.status << row.body;
        EXPECT_EQ(reply.code, row.code) << row.body;
    }
    EXPECT_EQ(reply_to(kAlibaba, answered(200, R"({"Code":"OK","BizId":"9001^4"})")).external_id, "9001^4");
}

TEST(SmsAnswer, FindsItsWordsDeepInALine) {
    const Settings tencent{{"success_path", "/Response/SendStatusSet/0/Code"},
                           {"success_values", "Ok"},
                           {"id_path", "/Response/SendStatusSet/0/SerialNo"}};
    const std::string body = R"({"Response":{"SendStatusSet":[{"Code":"Ok","SerialNo":5000}]}})";
    EXPECT_EQ(reply_to(tencent, answered(200, body)).external_id, "5000");
    EXPECT_EQ(reply_to(tencent, answered(200, R"({"Response":{"Error":{"Code":"AuthFailure"}}})")).outcome, O::refused);
    EXPECT_EQ(reply_to(tencent, answered(200, std::string(100'000, '['))).outcome, O::refused);
}

TEST(SmsAnswer, IsReadByPatternsWhereItIsNoJson) {
    const Settings xml{{"success_pattern", "<code>03</code>"},
                       {"id_pattern", "<msgid>([^<]+)</msgid>"},
                       {"error_pattern", "<code>([^<]+)</code>"},
                       {"temporary", "4085"}};
    const DeliveryReply good = reply_to(xml, answered(200, "<r><code>03</code><msgid>m 1</msgid></r>"));
    EXPECT_EQ(good.outcome, O::delivered);
    EXPECT_EQ(good.external_id, "m 1");
    EXPECT_EQ(reply_to(xml, answered(200, "<r><code>4085</code></r>")).outcome, O::not_done);
    EXPECT_EQ(reply_to(xml, answered(200, "<r><code>1</code></r>")).outcome, O::refused);
}

TEST(SmsAnswer, OfKannelIsItsStatusAndOurOwnNumber) {
    const DeliveryReply reply = reply_to({}, answered(202, "0: Accepted for delivery"));
    EXPECT_EQ(reply.outcome, O::delivered);
    EXPECT_EQ(reply.external_id, "ver_1.1.sms");
    EXPECT_EQ(reply_to({}, answered(403, "Authorization failed for sendsms")).outcome, O::refused);
    EXPECT_EQ(reply_to({}, answered(503, "Temporal failure, try again later.")).outcome, O::not_done);
}

TEST(SmsAnswer, ThatDidNotComeIsUnclearUnlessNothingWasSent) {
    HttpOutcome outcome;
    outcome.progress = HttpProgress::not_sent;
    outcome.code = "http.no_connection";
    EXPECT_EQ(reply_to({}, outcome).outcome, O::not_done);
    outcome.progress = HttpProgress::unclear;
    outcome.code = "http.timeout";
    EXPECT_EQ(reply_to({}, outcome).outcome, O::unclear);
    EXPECT_EQ(reply_to({}, outcome).code, "http.timeout");
}

}  // namespace
}  // namespace citybridge::sms_http
