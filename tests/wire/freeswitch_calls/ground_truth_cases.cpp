#include "tests/wire/freeswitch_calls/ground_truth_cases.h"

namespace citybridge::freeswitch {
namespace {

constexpr const char* kQueue = "repair@beijing";

// An inbound call answered by one agent: rung by a queue from `waits` on, or dialled directly.
ExpectedContact answered_call(std::string customer, std::string called, std::string agent, double started, double waits,
                              double rung, double up, double ended) {
    ExpectedContact e;
    e.customer = std::move(customer);
    e.called = std::move(called);
    e.started = started;
    e.ended = ended;
    e.wait = up - waits;
    e.talk = ended - up;
    e.talked_with = {agent};
    e.offers = {{agent, OfferState::accepted, rung, up}};
    return e;
}

ExpectedContact direct_call(std::string customer, const std::string& agent, double started, double rung, double up,
                            double ended) {
    return answered_call(std::move(customer), agent, agent, started, rung, rung, up, ended);
}

ExpectedContact queue_call(std::string customer, std::string agent, double started, double rung, double up,
                           double ended) {
    ExpectedContact e = answered_call(std::move(customer), "7001", std::move(agent), started, started, rung, up, ended);
    e.queue = kQueue;
    return e;
}

// The hotline answers at once, digit 1 leads to the queue at `queued`.
ExpectedContact hotline_call(double started, double queued, double rung, double up, double ended) {
    ExpectedContact e = answered_call("13901234567", "01062345678", "1001", started, queued, rung, up, ended);
    e.queue = kQueue;
    return e;
}

ExpectedContact unanswered(std::string customer, std::string called, Outcome outcome, EndedBy by, double started,
                           double ended, double wait) {
    ExpectedContact e;
    e.customer = std::move(customer);
    e.called = std::move(called);
    e.outcome = outcome;
    e.ended_by = by;
    e.started = started;
    e.ended = ended;
    e.wait = wait;
    return e;
}

void add_queue_cases(std::vector<Case>& all) {
    ExpectedContact hotline = hotline_call(0.004, 1.85, 1.892, 2.895, 8.938);
    hotline.holds = {{HoldBy::customer, 4.896, 7.152}};
    all.push_back({"inbound_ivr_queue", {hotline}, {{"1001", AgentPresence::ready}}});

    ExpectedContact held = queue_call("13701234567", "1001", 0.002, 0.064, 1.068, 7.680);
    held.ended_by = EndedBy::agent;
    held.holds = {{HoldBy::agent, 2.154, 4.172}, {HoldBy::agent, 5.176, 6.679}};
    all.push_back({"agent_hold_api", {held}, {{"1001", AgentPresence::ready}}});

    ExpectedContact nobody =
        unanswered("13601234567", "7001", Outcome::abandoned, EndedBy::customer, 0.014, 5.032, 5.0);
    ExpectedContact on_break =
        unanswered("13601234568", "7001", Outcome::abandoned, EndedBy::customer, 6.045, 9.071, 3.0);
    nobody.queue = kQueue;
    on_break.queue = kQueue;
    all.push_back({"queue_abandon",
                   {nobody, on_break},
                   {{"1001", AgentPresence::not_ready},
                    {"1002", AgentPresence::logged_out},
                    {"1003", AgentPresence::logged_out}}});

    ExpectedContact third = queue_call("13501234567", "1003", 0.020, 14.713, 15.717, 18.720);
    third.offers = {{"1001", OfferState::expired, 0.127, 4.073},
                    {"1001", OfferState::expired, 9.085, 13.053},
                    {"1002", OfferState::refused, 13.102, 13.304},
                    {"1003", OfferState::accepted, 14.713, 15.717}};
    all.push_back({"queue_rona", {third}, {{"1001", AgentPresence::not_ready}, {"1003", AgentPresence::ready}}});

    ExpectedContact recorded = queue_call("13901234567", "1001", 0.002, 0.013, 1.015, 6.693);
    const std::string file = "/srv/freeswitch-1-10/recordings/4506a373-3122-49ff-8d0f-b67915c0ca2f";
    recorded.recordings = {file + ".wav", file + "-2.wav"};
    all.push_back({"record", {recorded}, {}});
}

void add_direct_cases(std::vector<Case>& all) {
    ExpectedContact busy = unanswered("13901000002", "1002", Outcome::busy, EndedBy::system, 3.031, 3.265, 0);
    busy.offers = {{"1002", OfferState::refused, 3.037, 3.242}};
    ExpectedContact cancelled =
        unanswered("13901000003", "1003", Outcome::abandoned, EndedBy::customer, 3.265, 5.315, 5.315 - 3.291);
    cancelled.offers = {{"1003", OfferState::revoked, 3.291, 5.350}};
    all.push_back(
        {"direct_calls",
         {direct_call("13901000001", "1001", 0.003, 0.011, 1.013, 3.015), busy, cancelled,
          unanswered("13901000004", "13912345679", Outcome::no_answer, EndedBy::system, 5.316, 8.609, 8.608 - 5.319),
          unanswered("13901000005", "13912345670", Outcome::busy, EndedBy::system, 8.609, 8.857, 0),
          unanswered("13901000006", "424242", Outcome::failed, EndedBy::system, 8.857, 8.860, 0),
          unanswered("13901000007", "9486", Outcome::busy, EndedBy::system, 8.860, 8.888, 0)},
         {}});

    std::vector<ExpectedContact> killed = {direct_call("13901234567", "1001", 0.002, 0.008, 1.010, 2.033),
                                           direct_call("13901234564", "1001", 2.033, 2.036, 3.037, 4.060),
                                           direct_call("13901234565", "1001", 4.063, 4.072, 5.074, 6.118),
                                           direct_call("13901234566", "1001", 6.118, 6.141, 7.143, 7.160)};
    for (ExpectedContact& each : killed) each.ended_by = EndedBy::system;  // a foreign command
    all.push_back({"kill", killed, {{"1001", AgentPresence::ready}}});

    all.push_back({"commands", {direct_call("13901234567", "1001", 0.003, 0.028, 1.030, 2.741)}, {}});

    ExpectedContact cut = direct_call("13901234567", "1001", 0.004, 0.028, 1.031, 0);
    cut.outcome.reset();
    all.push_back({"zz_crash", {cut}, {{"1001", AgentPresence::talking}}});
}

void add_click_to_dial_cases(std::vector<Case>& all) {
    ExpectedContact dialled;
    dialled.direction = Direction::outbound;
    dialled.customer = "13812345678";
    dialled.called = "13812345678";
    dialled.ended_by = EndedBy::agent;
    dialled.started = 1.022;
    dialled.ended = 5.026;
    dialled.wait = 2.023 - 1.022;
    dialled.talk = 3.0;
    dialled.talked_with = {"1001"};
    all.push_back({"click2dial", {dialled}, {{"1001", AgentPresence::ready}}});

    // Of all attempts two came as far as the customer's phone.
    ExpectedContact busy = unanswered("13812345670", "13812345670", Outcome::busy, EndedBy::customer, 5.567, 5.769, 0);
    ExpectedContact silent =
        unanswered("13812345679", "13812345679", Outcome::no_answer, EndedBy::system, 7.648, 11.443, 11.443 - 7.648);
    busy.direction = silent.direction = Direction::outbound;
    all.push_back({"click2dial_fail", {busy, silent}, {{"1001", AgentPresence::ready}}});
}

void add_name_cases(std::vector<Case>& all) {
    ExpectedContact hotline = hotline_call(0.003, 1.85, 1.927, 2.928, 4.431);
    hotline.customer_name = "张伟";
    ExpectedContact direct = direct_call("13801234567", "1002", 4.952, 4.957, 5.958, 6.959);
    direct.customer_name = "欧阳建国（故障报修）";
    direct.ended_by = EndedBy::agent;
    all.push_back({"utf8_names", {hotline, direct}, {}});

    ExpectedContact in_json = hotline_call(0.005, 1.85, 1.895, 2.895, 5.898);
    in_json.customer_name = "张伟";
    all.push_back({"json_all", {in_json}, {}});
}

void add_transfer_cases(std::vector<Case>& all) {
    ExpectedContact given = queue_call("13901234567", "1001", 0.003, 0.092, 1.093, 5.691);
    given.ended_by = EndedBy::system;  // uuid_transfer -bleg took the phone away
    given.talk = (2.655 - 1.093) + (5.677 - 3.675);
    given.talked_with = {"1001", "1002"};
    given.offers.push_back({"1002", OfferState::accepted, 2.672, 3.675});
    given.transfers = {{TransferKind::blind, "1001", "1002", 2.655}};
    ExpectedContact parked = direct_call("13901234561", "1001", 7.698, 7.706, 8.707, 11.250);
    parked.talk = 9.749 - 8.707;
    // Nobody fetched him: it is to the slot.
    parked.transfers = {{TransferKind::park, "1001", "5900", 9.749, TransferResult::completed}};
    all.push_back(
        {"transfer_blind", {given, parked, direct_call("13901234562", "1002", 11.269, 11.272, 12.273, 13.283)}, {}});

    // The customer waits while the agent consults: that is time with an agent.
    ExpectedContact attended = direct_call("13901234567", "1001", 0.006, 0.010, 1.011, 8.584);
    attended.talked_with = {"1001", "1002"};
    attended.offers.push_back({"1002", OfferState::accepted, 3.554, 4.558});
    attended.transfers = {{TransferKind::attended, "1001", "1002", 6.583}};
    all.push_back({"transfer_attended_bridge", {attended}, {{"1001", AgentPresence::ready}}});

    ExpectedContact three = direct_call("13901234567", "1001", 0.004, 0.007, 1.010, 10.173);
    three.talk = 9.155 - 1.010;
    three.talked_with = {"1001", "1002"};
    three.offers.push_back({"1002", OfferState::accepted, 3.032, 4.033});
    three.transfers = {{TransferKind::conference, "1001", "3000", 2.026}};
    all.push_back({"three_way", {three}, {{"1001", AgentPresence::ready}, {"1002", AgentPresence::ready}}});
}

}  // namespace

std::vector<Case> ground_truth() {
    std::vector<Case> all;
    add_queue_cases(all);
    add_direct_cases(all);
    add_click_to_dial_cases(all);
    add_name_cases(all);
    add_transfer_cases(all);
    all.push_back({"agent_status", {}, {{"1001", AgentPresence::ready}}});
    return all;
}

}  // namespace citybridge::freeswitch
