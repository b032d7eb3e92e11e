// The examples that the clouds publish with their signature methods.
#include "plugins/sms_http/signing.h"

#include <gtest/gtest.h>

#include "tests/unit/sms_http/gateway.h"

namespace citybridge::sms_http {
namespace {

TEST(SmsSigning, IsThatOfAlibabaCloudsSmsExample) {
    const Parameters parameters{{"Timestamp", "2017-07-12T02:42:19Z"},
                                {"SignatureMethod", "HMAC-SHA1"},
                                {"SignatureVersion", "1.0"},
                                {"SignatureNonce", "45e25e9b-0a6f-4070-8c85-2956eda1b466"},
                                {"AccessKeyId", "testId"},
                                {"Action", "SendSms"},
                                {"Version", "2017-05-25"},
                                {"RegionId", "cn-hangzhou"},
                                {"PhoneNumbers", "15300000001"},
                                {"SignName", "阿里云短信测试专用"},
                                {"TemplateParam", R"({"customer":"test"})"},
                                {"TemplateCode", "SMS_71390007"},
                                {"OutId", "123"},
                                {"Format", "XML"}};
    EXPECT_EQ(sorted_signature(Hash::sha1, "GET", parameters, "testSecret"), "zJDF+Lrzhj/ThnlvIToysFRq6t4=");
}

TEST(SmsSigning, IsThatOfAlibabaCloudsRpcExample) {
    const Parameters regions{{"Format", "XML"},
                             {"AccessKeyId", "testid"},
                             {"Action", "DescribeRegions"},
                             {"SignatureMethod", "HMAC-SHA1"},
                             {"SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"},
                             {"SignatureVersion", "1.0"},
                             {"Version", "2014-05-26"},
                             {"Timestamp", "2016-02-23T12:46:24Z"}};
    EXPECT_EQ(sorted_signature(Hash::sha1, "GET", regions, "testsecret"), "OLeaidS1JvxuMvnyHOwuJ+uX5qY=");
}

TEST(SmsSigning, IsThatOfTencentCloudsExample) {
    Tc3Request request;
    request.method = "POST";
    request.host = "cvm.tencentcloudapi.com";
    request.content_type = "application/json; charset=utf-8";
    request.body = R"({"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]})";
    request.service = "cvm";
    request.secret_id = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******";
    request.secret_key = "Gu5t9xGARNpq86cd98joQYCN3*******";
    request.at = kNow;
    EXPECT_EQ(tc3_authorization(request),
              "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******/2019-02-25/cvm/tc3_request, "
              "SignedHeaders=content-type;host, "
              "Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c");
}

TEST(SmsSigning, HashesAsTheirSpecificationsSay) {
    EXPECT_EQ(to_hex(digest_of(Hash::md5, "abc")), "900150983cd24fb0d6963f7d28e17f72");           // RFC 1321, A.5
    EXPECT_EQ(to_hex(digest_of(Hash::sha1, "abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");  // RFC 3174
    EXPECT_EQ(to_hex(hmac_of(Hash::sha256, "Jefe", "what do ya want for nothing?")),              // RFC 4231, 4.3
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");  // RFC 4648, 10
    EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
}

TEST(SmsSigning, EncodesPercentAsRfc3986) {
    EXPECT_EQ(percent_encoded("aZ0-_.~ /+*\xE9\xAA\x8C"), "aZ0-_.~%20%2F%2B%2A%E9%AA%8C");
    EXPECT_EQ(percent_encoded("a b", true), "a+b");
    EXPECT_EQ(percent_decoded("a+b%20c%e9%aa%8c%"), "a b c\xE9\xAA\x8C%");
}

TEST(SmsSigning, WritesTextsInOtherCharsetsOrNotAtAll) {
    EXPECT_EQ(in_charset("验证", "GBK"), "\xD1\xE9\xD6\xA4");
    EXPECT_EQ(in_charset("验", "UTF-16BE"), "\x9A\x8C");
    EXPECT_EQ(in_charset("验", "ISO-8859-1"), std::nullopt);
    EXPECT_EQ(in_charset("😀", "GBK"), std::nullopt);
}

}  // namespace
}  // namespace citybridge::sms_http
