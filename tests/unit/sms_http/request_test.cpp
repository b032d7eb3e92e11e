#include "plugins/sms_http/request.h"

#include <gtest/gtest.h>

#include "tests/unit/sms_http/gateway.h"

namespace citybridge::sms_http {
namespace {

// The one request that these settings make of the message.
HttpOutgoing sent(const Settings& settings, const OutboxRecord& record = message()) {
    Fixture it(settings);
    for (const Problem& problem : it.problems) ADD_FAILURE() << to_string(problem);
    it.deliver(record);
    for (const DeliveryReply& reply : it.replies) ADD_FAILURE() << reply.code << ' ' << reply.detail;
    return it.host.kept_http.requests.empty() ? HttpOutgoing{} : it.host.kept_http.requests[0];
}

DeliveryReply refused(const Settings& settings, const OutboxRecord& record) {
    Fixture it(settings);
    it.deliver(record);
    EXPECT_TRUE(it.host.kept_http.requests.empty());
    return it.replies.empty() ? DeliveryReply{} : it.replies[0];
}

std::string header_of(const HttpOutgoing& request, std::string_view name) {
    for (const auto& [key, value] : request.headers)
        if (key == name) return value;
    return "absent";
}

TEST(SmsTemplate, FillsPlacesAndLeavesOtherBraces) {
    const Values values{{"to", "861"}, {"text", "a\"b 验"}};
    EXPECT_EQ(filled("{to}", values), "861");
    EXPECT_EQ(filled(R"({"code":"{text:json}"})", values), R"({"code":"a\"b 验"})");
    EXPECT_EQ(filled("x={text:url}&y", values), "x=a%22b%20%E9%AA%8C&y");
    EXPECT_EQ(filled("{ to } {} {{to}} {TO} {to", values), "{ to } {} {861} {TO} {to");
    EXPECT_EQ(filled("{order}", values), "");
    EXPECT_EQ(check_template("{to} {text:json}", {"to", "text"}), "");
    EXPECT_NE(check_template("{who}", {"to"}), "");
    EXPECT_NE(check_template("{to:xml}", {"to"}), "");
}

TEST(SmsRequest, IsThatOfKannel) {
    const HttpOutgoing request =
        sent({{"url", "http://127.0.0.1:13013/cgi-bin/sendsms"},
              {"method", "GET"},
              {"send_as", "query"},
              {"user", "city"},
              {"password", "pass word"},
              {"report_secret", "0123456789abcdef"},
              {"report_message", "id"},
              {"report_state", "state"},
              {"report_states", "1=delivered"},
              {"parameters",
               "\n username={user}\n password={password}\n to={to}\n text={text}\n charset=UTF-8\n "
               "coding={kannel_coding}\n dlr-mask=31\n "
               "dlr-url=http://127.0.0.1:8080/v1/hooks/sms?id={id:url}&token={report_token}&state=%d\n"}});
    // HMAC-SHA256 of "ver_1.1.sms" with that secret, by another implementation.
    const std::string token = report_token("0123456789abcdef", "ver_1.1.sms");
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.body, "");
    EXPECT_EQ(request.url,
              "http://127.0.0.1:13013/cgi-bin/sendsms?username=city&password=pass%20word&to=%2B8613800000000"
              "&text=%E6%82%A8%E7%9A%84%E9%AA%8C%E8%AF%81%E7%A0%81123456&charset=UTF-8&coding=2&dlr-mask=31&"
              "dlr-url=http%3A%2F%2F127.0.0.1%3A8080%2Fv1%2Fhooks%2Fsms%3Fid%3Dver_1.1.sms%26token%3D" +
                  token + "%26state%3D%25d");
}

TEST(SmsRequest, WritesTheNumberInEveryForm) {
    const HttpOutgoing request =
        sent({{"url", "https://g/"}, {"parameters", "a={to}\nb={to_digits}\nc={to_national}"}});
    EXPECT_EQ(request.body, "a=%2B8613800000000&b=8613800000000&c=13800000000");
    EXPECT_EQ(header_of(request, "Content-Type"), "application/x-www-form-urlencoded");
    const HttpOutgoing abroad =
        sent({{"url", "https://g/"}, {"parameters", "c={to_national}"}}, message("x", "+4915112345678"));
    EXPECT_EQ(abroad.body, "c=4915112345678");
}

TEST(SmsRequest, TellsTheTimeAsGatewaysWantIt) {
    const HttpOutgoing request =
        sent({{"url", "https://g/"},
              {"parameters", "a={timestamp}\nb={timestamp_ms}\nc={time_iso}\nd={time_local}\ne={date}"}});
    EXPECT_EQ(request.body, "a=1551113065&b=1551113065000&c=2019-02-25T16%3A44%3A25Z&d=20190226004425&e=20190226");
}

TEST(SmsRequest, SignsItsSortedParameters) {
    const HttpOutgoing request = sent({{"url", "https://dysmsapi.example/"},
                                       {"signing", "sorted_hmac_sha1"},
                                       {"key_id", "testId"},
                                       {"key_secret", "testSecret"},
                                       {"signature", "阿里云"},
                                       {"template", "SMS_1"},
                                       {"text_pattern", "验证码([0-9]{6})"},
                                       {"parameters",
                                        "AccessKeyId={key_id}\nAction=SendSms\nSignName={signature}\n"
                                        "TemplateParam={\"code\":\"{1:json}\"}"}});
    const Parameters parameters{{"AccessKeyId", "testId"},
                                {"Action", "SendSms"},
                                {"SignName", "阿里云"},
                                {"TemplateParam", R"({"code":"123456"})"}};
    EXPECT_EQ(
        request.body,
        "AccessKeyId=testId&Action=SendSms&SignName=%E9%98%BF%E9%87%8C%E4%BA%91&TemplateParam=%7B%22code%22%3A%22123456"
        "%22%7D&Signature=" +
            percent_encoded(sorted_signature(Hash::sha1, "POST", parameters, "testSecret")));
}

// What the node writes of a text with two places.
OutboxRecord visit(const std::string& name = "visit_agreed") {
    OutboxRecord out = message("王先生，9月5日看房。");
    auto payload = nlohmann::json::parse(out.payload);
    payload["kind"] = "sales_lead";
    payload["template"] = name;
    payload["values"] = {"王\"先生", "9月5日"};
    out.payload = payload.dump();
    return out;
}

TEST(SmsRequest, IsSentByTheGatewaysOwnTemplateForTheText) {
    const std::string templates =
        "verification_code=SMS_1(code): 验证码([0-9]{6})\n  visit_agreed = SMS_2(name, day)\nrepair.visit_agreed=SMS_3";
    const Settings form{{"url", "https://g/"},
                        {"templates", templates},
                        {"percent_encoding", "form"},
                        {"parameters", "t={template}\np={values_json}"}};
    EXPECT_EQ(sent(form, visit()).body, "t=SMS_2&p=" + percent_encoded(R"({"name":"王\"先生","day":"9月5日"})", true));
    OutboxRecord code = message();
    auto payload = nlohmann::json::parse(code.payload);
    payload["template"] = "verification_code";
    code.payload = payload.dump();
    EXPECT_EQ(sent(form, code).body, "t=SMS_1&p=" + percent_encoded(R"({"code":"123456"})", true));
    // One kind of order has its own.
    OutboxRecord repair = visit();
    payload = nlohmann::json::parse(repair.payload);
    payload["kind"] = "repair";
    repair.payload = payload.dump();
    EXPECT_EQ(sent(form, repair).body, "t=SMS_3&p=" + percent_encoded(R"({"1":"王\"先生","2":"9月5日"})", true));

    const Settings json{{"url", "https://g/"},
                        {"templates", templates},
                        {"send_as", "json"},
                        {"body", R"({"TemplateId": "{template}", "TemplateParamSet": "{values_list}", "N": "{2}"})"}};
    EXPECT_EQ(sent(json, visit()).body,
              R"({"TemplateId":"SMS_2","TemplateParamSet":["王\"先生","9月5日"],"N":"9月5日"})");
}

TEST(SmsRequest, IsNotSentWithoutATemplateOfTheGatewayForTheText) {
    const Settings strict{{"url", "https://g/"}, {"templates", "visit_agreed=SMS_2(name)"}};
    const DeliveryReply none = refused(strict, visit("visit_moved"));
    EXPECT_EQ(none.code, "sms_http.no_template");
    EXPECT_NE(none.detail.find("visit_moved"), std::string::npos);
    EXPECT_EQ(refused(strict, message()).code, "sms_http.no_template") << "written by a person";
    EXPECT_EQ(refused(strict, visit()).code, "sms_http.wrong_values") << "two values, one name";
    Settings general = strict;
    general.push_back({"template", "SMS_9"});
    general.push_back({"parameters", "t={template}"});
    EXPECT_EQ(sent(general, visit("visit_moved")).body, "t=SMS_9");
}

// What a person wrote in words of his own is one value, without our signature.
TEST(SmsRequest, IsSentByAGeneralTemplateWhenAPersonWroteIt) {
    OutboxRecord own = message("【安居】请\"回\"电");
    auto payload = nlohmann::json::parse(own.payload);
    payload["template"] = "free_text";
    payload["values"] = {"请\"回\"电"};
    own.payload = payload.dump();
    const Settings general{{"url", "https://g/"},
                           {"templates", "free_text=SMS_7(content)"},
                           {"percent_encoding", "form"},
                           {"parameters", "t={template}\np={values_json}"}};
    EXPECT_EQ(sent(general, own).body, "t=SMS_7&p=" + percent_encoded(R"({"content":"请\"回\"电"})", true));
    const DeliveryReply none = refused({{"url", "https://g/"}, {"templates", "visit_agreed=SMS_2(name)"}}, own);
    EXPECT_EQ(none.code, "sms_http.no_template");
    EXPECT_NE(none.detail.find("free_text"), std::string::npos);
}

TEST(SmsRequest, SignsAJsonBodyInAHeader) {
    const HttpOutgoing request = sent(
        {{"url", "https://sms.tencentcloudapi.com/"},
         {"send_as", "json"},
         {"signing", "tc3_hmac_sha256"},
         {"key_id", "AKID"},
         {"key_secret", "key"},
         {"headers", "X-TC-Action: SendSms\nX-TC-Version: 2021-01-11"},
         {"body", R"({"PhoneNumberSet": ["{to}"], "TemplateParamSet": ["{text}"], "SmsSdkAppId": 1400, "Ext": null})"}},
        message("a\"b"));
    EXPECT_EQ(request.body,
              R"({"PhoneNumberSet":["+8613800000000"],"TemplateParamSet":["a\"b"],"SmsSdkAppId":1400,"Ext":null})");
    EXPECT_EQ(header_of(request, "X-TC-Action"), "SendSms");
    EXPECT_EQ(header_of(request, "X-TC-Timestamp"), "1551113065");
    Tc3Request expected{
        "POST", "/",   "",  "sms.tencentcloudapi.com", "application/json; charset=utf-8", request.body, "sms",
        "AKID", "key", kNow};
    EXPECT_EQ(header_of(request, "Authorization"), tc3_authorization(expected));
}

TEST(SmsRequest, MakesADigestOfWhateverTheGatewayNames) {
    const HttpOutgoing request = sent({{"url", "https://g/"},
                                       {"user", "u"},
                                       {"password", "abc"},
                                       {"digest", "md5"},
                                       {"digest_text", "{password}"},
                                       {"digest_as", "upper_hex"},
                                       {"parameters", "sign={digest}"}});
    EXPECT_EQ(request.body, "sign=900150983CD24FB0D6963F7D28E17F72");
}

TEST(SmsRequest, IsWrittenInTheGatewaysCharset) {
    const Settings gbk{{"url", "https://g/"}, {"charset", "GBK"}, {"parameters", "t={text}"}};
    EXPECT_EQ(sent(gbk, message("验证 x")).body, "t=%D1%E9%D6%A4%20x");
    EXPECT_EQ(
        sent({{"url", "https://g/"}, {"percent_encoding", "form"}, {"parameters", "t={text}"}}, message("a b")).body,
        "t=a+b");
    EXPECT_EQ(refused(gbk, message("😀")).code, "sms.charset");
}

TEST(SmsRequest, CannotBeTurnedElsewhereByAMessage) {
    EXPECT_EQ(sent({{"url", "https://g/{to}/{text}?x"}, {"parameters", "a=b"}}, message("a/../b?c#d")).url,
              "https://g/%2B8613800000000/a%2F..%2Fb%3Fc%23d?x");
    const DeliveryReply reply =
        refused({{"url", "https://g/"}, {"headers", "X-Text: {text}"}}, message("a\r\nX-Evil: 1"));
    EXPECT_EQ(reply.outcome, DeliveryOutcome::refused);
    EXPECT_EQ(reply.code, "sms.bad_message");
}

TEST(SmsRequest, IsNotMadeOfWhatIsNoMessage) {
    for (const char* payload :
         {"", "[]", "{}", R"({"to":"+861"})", R"({"to":"x","text":"y"})", R"({"to":1,"text":"y"})"}) {
        OutboxRecord record = message();
        record.payload = payload;
        EXPECT_EQ(refused({{"url", "https://g/"}}, record).code, "sms.bad_message") << payload;
    }
    EXPECT_EQ(refused({{"url", "https://g/"}, {"max_parts", "1"}}, message(std::string(161, 'x'))).code,
              "sms.too_long");
    EXPECT_EQ(refused({{"url", "https://g/"}, {"text_pattern", "code (\\d+)"}}, message("no number")).code,
              "sms.bad_message");
}

TEST(SmsRequest, HasANewNonceAtEveryAttempt) {
    const Settings settings{{"url", "https://g/"}, {"parameters", "n={nonce}"}};
    const std::string one = sent(settings).body;
    EXPECT_EQ(one.size(), 34U);
    EXPECT_NE(one, sent(settings).body);
}

}  // namespace
}  // namespace citybridge::sms_http
