#pragma once
// Keys, a writer and an outbox message that the tests of this folder share.
#include "plugins/email/outgoing.h"

namespace citybridge::email {

inline constexpr char kKey[] = "0123456789abcdef0123456789abcdef";
inline constexpr char kOrder[] = "ord_0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

inline TokenKeys test_keys() { return {"mail", {kKey}}; }

inline Writer test_writer() {
    Writer writer;
    writer.from = {"desk", "city.example"};
    writer.from_name = "北京服务中心";
    writer.reply_to = {"reply", "city.example"};
    writer.id_domain = "city.example";
    writer.max_bytes = 1'000'000;
    return writer;
}

inline OutboxRecord test_message(const std::string& payload) {
    OutboxRecord out;
    out.id = std::string(kOrder) + ".5.mail.t1";  // as the desk names the first telling of a step
    out.order = kOrder;
    out.destination = "mail";
    out.created_at = WallTime{std::chrono::seconds(1'795'342'428)};
    out.payload = payload;
    return out;
}

inline constexpr char kPayload[] =
    R"({"channel":"email","to":"quality@partner.example","name":"王经理","subject":"投诉：王女士，朝阳区三居室，漏水","text":"请在30分钟内联系客户。\n谢谢。","order":"x","kind":"escalation","confirm":true})";

}  // namespace citybridge::email
