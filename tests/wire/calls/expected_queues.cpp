// Queues, click to dial, names.
#include "tests/wire/calls/expected.h"

namespace citybridge {

ExpectedContact queue_call(std::string customer, std::string queue, const std::string& agent, double started,
                           double rung, double up, double ended) {
    ExpectedContact e;
    e.legs = {{LegRole::customer, customer, up, ended}, {LegRole::agent, agent, up, ended}};
    e.customer = std::move(customer);
    e.queue = std::move(queue);
    e.started = started;
    e.ended = ended;
    e.wait = up - rung;
    e.talk = ended - up;
    e.offers = {{agent, OfferState::accepted, rung, up}};
    return e;
}

namespace {

void lose_race(ExpectedContact& e, const std::string& agent, double rung, double ended) {
    e.offers.push_back({agent, OfferState::revoked, rung, ended});
    e.legs.push_back({LegRole::agent, agent, std::nullopt, ended});
}

ExpectedContact never_answered(const std::string& customer, const std::string& queue, double started, double ended) {
    ExpectedContact e;
    e.customer = customer;
    e.queue = queue;
    e.outcome = Outcome::abandoned;
    e.started = started;
    e.ended = ended;
    e.legs = {{LegRole::customer, customer, std::nullopt, ended}};
    return e;
}

Case ring_all() {
    ExpectedContact e = queue_call("13800138000", "repair", "PJSIP/2002", 0.206, 1.582, 2.595, 9.001);
    e.ended = 12.102;
    e.ended_by = EndedBy::system;  // the survey's end
    e.legs[0].left = 12.102;
    lose_race(e, "PJSIP/2001", 1.566, 2.598);
    e.holds = {{HoldBy::agent, 4.600, 6.800}};
    return {"03-inbound-ringall-pjsip", {e}};
}

Case no_answer() {
    ExpectedContact e = queue_call("13911110001", "sales", "SIP/1002", 5.566, 6.917, 14.935, 16.936);
    e.offers = {{"SIP/1001", OfferState::expired, 6.917, 12.918}, {"SIP/1002", OfferState::accepted, 13.924, 14.935}};
    e.legs.push_back({LegRole::agent, "SIP/1001", std::nullopt, 12.918});
    return {"06a-ring-no-answer", {queue_call("13911110000", "sales", "SIP/1002", 0.203, 1.555, 2.557, 4.560), e}};
}

// Ended by another client's command: the caller, the agent, the caller while a phone rang.
Case hangups() {
    ExpectedContact caller = queue_call("13900000011", "sales", "SIP/1002", 0.204, 1.553, 3.056, 4.060);
    caller.ended_by = EndedBy::system;
    ExpectedContact agent = queue_call("13900000012", "sales", "SIP/1001", 5.561, 6.914, 8.416, 9.431);
    agent.ended = 15.782;  // the caller, in the survey
    agent.legs[0].left = 15.782;
    ExpectedContact ringing = never_answered("13900000013", "sales", 10.929, 13.286);
    ringing.ended_by = EndedBy::system;
    ringing.wait = 13.286 - 12.281;
    lose_race(ringing, "SIP/1002", 12.281, 13.282);
    return {"13-hangup", {caller, agent, ringing}};
}

Case names() {
    std::vector<ExpectedContact> all = {queue_call("13901234560", "sales", "SIP/1002", 0.220, 1.576, 3.077, 4.082),
                                        queue_call("13901234561", "repair", "PJSIP/2002", 5.083, 6.435, 7.937, 8.942),
                                        queue_call("13901234562", "sales", "SIP/1001", 9.942, 11.293, 12.795, 13.801),
                                        queue_call("13901234563", "sales", "SIP/1002", 14.801, 16.154, 17.656, 18.663),
                                        queue_call("13901234564", "sales", "SIP/1001", 19.664, 21.020, 22.522, 23.525)};
    all[0].customer_name = "王小明";
    all[1].customer_name = "李雷（VIP）";
    all[2].customer_name = "张三, 北京";
    all[3].customer_name = "😀客户";
    all[4].customer_name = "O'Brien 欧: x";
    // Both phones answered, 1 ms apart; queue_log says who got the caller.
    lose_race(all[1], "PJSIP/2001", 6.436, 7.940);
    return {"18a-chinese-names", all};
}

Case routed() {
    ExpectedContact e = queue_call("13900000016", "repair", "PJSIP/2001", 0.208, 2.863, 4.365, 6.369);
    e.customer_name = "孙先生";
    lose_race(e, "PJSIP/2002", 2.866, 4.368);
    return {"16a-fastagi", {e}};
}

// The member is dialplan behind a Local channel; only queue_log says when he answered, in whole seconds.
Case dialplan_member() {
    ExpectedContact e = queue_call("13901234567", "vip", "Local/3002@agents", 0.206, 1.5, 2.5, 7.411);
    return {"01e-login-readonly", {e}, 1.0};
}

}  // namespace

std::vector<Case> queue_cases() {
    ExpectedContact held = queue_call("13901234567", "sales", "SIP/1001", 0.219, 1.554, 3.056, 10.462);
    held.holds = {{HoldBy::agent, 5.061, 8.261}};
    ExpectedContact empty_queue = never_answered("13522223333", "billing", 0.205, 6.555);
    empty_queue.wait = 5.0;  // queue_log: ABANDON after 5 s
    ExpectedContact ringing = never_answered("13522224444", "sales", 0.210, 4.559);
    ringing.wait = 4.559 - 1.559;
    lose_race(ringing, "SIP/1001", 1.559, 4.565);
    return {{"02-inbound-queue-hold", {held}},
            ring_all(),
            {"05a-abandon-empty", {empty_queue}},
            {"05b-abandon-ringing", {ringing}},
            no_answer(),
            {"07-pause-unpause", {queue_call("13411110000", "sales", "SIP/1002", 0.205, 1.552, 3.053, 5.058)}},
            hangups(),
            {"14-lists-admin", {queue_call("13900000014", "sales", "SIP/1001", 0.209, 1.558, 3.060, 5.720)}},
            names(),
            routed(),
            dialplan_member()};
}

std::vector<Case> dial_cases() {
    ExpectedContact dialled;
    dialled.direction = Direction::outbound;
    dialled.customer = "913912345678";
    dialled.ended_by = EndedBy::agent;
    dialled.started = 1.723;
    dialled.ended = 5.728;
    dialled.wait = 3.226 - 1.723;
    dialled.talk = 5.722 - 3.226;
    dialled.legs = {{LegRole::agent, "SIP/1001", 3.226, 5.722}, {LegRole::customer, "913912345678", 3.226, 5.728}};

    // Of ten attempts only the last dialled the customer's leg.
    ExpectedContact busy;
    busy.direction = Direction::outbound;
    busy.customer = "913912345678";
    busy.outcome = Outcome::busy;
    busy.started = 12.752;
    busy.ended = 12.752;
    busy.legs = {{LegRole::agent, "SIP/1001", std::nullopt, 12.754},
                 {LegRole::customer, "913912345678", std::nullopt, 12.752}};
    return {{"08a-originate-ok", {dialled}}, {"08b-originate-fail", {busy}}};
}

std::vector<Case> all_cases() {
    std::vector<Case> all = queue_cases();
    for (const Case& each : dial_cases()) all.push_back(each);
    for (const Case& each : transfer_cases()) all.push_back(each);
    // Nobody calls in these.
    for (const char* quiet :
         {"01a-login-ok", "01b-login-wrong", "01c-login-md5", "19-command", "25c-connect-while-booting"})
        all.push_back({quiet, {}});
    return all;
}

}  // namespace citybridge
