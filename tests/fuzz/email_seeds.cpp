#include "tests/fuzz/email_seeds.h"

namespace citybridge {
namespace {

using email::TokenUse;

constexpr std::string_view kBoundaryLine = "--65E9DA761D2.1795342428/mail.city.test";

std::string token(TokenUse use) {
    const std::string order = "ord_0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    return email_fuzz_keys().make({use, order + ".5.mail.t1", order});
}

std::string answer() {
    return "Return-Path: <wang@partner.example>\r\nDelivered-To: reply+" + token(TokenUse::confirm) +
           "@city.example\r\nFrom: =?gb2312?B?zfW+rcDt?= <wang@partner.example>\r\nTo: =?UTF-8?Q?=E5=8C=97=E4=BA=AC?= "
           "<reply+" +
           token(TokenUse::confirm) +
           "@city.example>\r\nSubject: =?gb18030?B?u9i4tKO6?= "
           "=?utf-8?B?5oqV6K+J?=\r\nMessage-ID: <1@partner.example>\r\nIn-Reply-To:\r\n <ord_x.5." +
           token(TokenUse::confirm) +
           "@city.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n"
           " boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: "
           "base64\r\n\r\nytW1vQ==\r\n--b1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
           "quoted-printable\r\n\r\n<p>=E6=94=B6=E5=88=B0&nbsp;&#20320;</p>=\r\n\r\n--b1--\r\n";
}

std::string vacation() {
    return "From: wang@partner.example\r\nTo: reply+" + token(TokenUse::bounce) +
           "@city.example\r\nAuto-Submitted: auto-replied (vacation)\r\nPrecedence: bulk\r\nSubject: Automatic reply: "
           "x\r\nReferences: <a@b> <c." +
           token(TokenUse::confirm) + "@city.example>\r\n\r\nAway.\r\n";
}

std::string report() {
    const std::string line(kBoundaryLine);
    return "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mail.city.test>\r\nTo: reply+" +
           token(TokenUse::bounce) +
           "@city.test\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"" +
           line.substr(2) + "\"\r\n\r\nThis is a MIME-encapsulated message.\r\n\r\n" + line +
           "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThis is the mail system.\r\n\r\n" + line +
           "\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; "
           "mail.city.test\r\n\r\nFinal-Recipient: "
           "rfc822; nobody@city.test\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: X-Postfix; "
           "unknown\r\n\r\n" +
           line + "\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <x." + token(TokenUse::confirm) +
           "@city.example>\r\nSubject: y\r\n\r\nhello\r\n\r\n" + line + "--\r\n";
}

std::string letter() {
    return "From: PostMaster@qq.example\r\nTo: reply@city.example\r\nSubject: x\r\n\r\n550 5.7.1 blocked\r\n"
           "Message-ID: <x." +
           token(TokenUse::confirm) + "@city.example>\r\n";
}

std::string attachments() {
    return "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: application/pdf;\r\n"
           " name*0*=gb18030''%C4%E3;\r\n name*1=\"x.pdf\"\r\nContent-Disposition: attachment; filename=\"\\\"x\"\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n--a\r\nContent-Type: multipart/digest; "
           "boundary=c\r\n\r\n"
           "--c\r\n\r\nSubject: inner\r\n\r\ntext\r\n--c--\r\n--a--\r\n";
}

}  // namespace

std::vector<std::string> email_seeds(std::string_view fuzzer) {
    std::vector<std::string> out;
    if (fuzzer == "fuzz_email_parse") {
        for (const std::string& mail : {answer(), vacation(), report(), letter(), attachments()})
            out.push_back('x' + mail);
        return out;
    }
    for (const char settings : {'\0', '\1', '\2', '\3'}) {
        out.push_back(
            settings +
            std::string(
                R"({"to":"quality@partner.example","name":"王经理","subject":"投诉：王女士👩‍💻","text":"请在30分钟内\n联系客户。","html":"<p>x</p>","confirm":true,"attachments":[{"name":"报表.csv","type":"text/csv","base64":"YSxiDQo="}]})"));
        out.push_back(settings +
                      std::string("Subject\r\nBcc: x@y\r\n\r\n.\r\n--=_citybridge_1\r\n你好 =?utf-8?B?eA==?="));
    }
    return out;
}

}  // namespace citybridge
