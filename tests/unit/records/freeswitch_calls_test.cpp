// Calls out of FreeSWITCH's records. Rows and what really happened are from the
// recordings' descriptions; the phones there are the truth.
#include <gtest/gtest.h>

#include <map>

#include "adapters/freeswitch/cdr_calls.h"
#include "tests/unit/records/known_channels.h"
#include "tests/wire/capture_file.h"

namespace citybridge::freeswitch {
namespace {

using test::kAllDay;
using test::past;
using test::text_of;

const std::vector<std::string> kNames{
    "uuid",     "direction", "caller name", "caller number", "destination",     "channel",   "start",
    "answer",   "end",       "duration",    "billsec",       "cause",           "bleg uuid", "other leg",
    "last app", "cc_queue",  "cc_agent",    "cc_cause",      "cc_cancel_reason"};

std::vector<PbxSignal> calls(const std::string& text, const Outages& known = test::knowing({}),
                             const Outage& outage = kAllDay) {
    const ParsedCdr cdr = parse_cdr_text(text, *CdrColumns::of(kNames), *LocalTime::in("UTC"));
    EXPECT_EQ(cdr.bad, 0U) << cdr.example;
    return calls_of(cdr.rows, outage, known);
}

const std::string kInbound =
    R"("39436304-964e-422a-acf6-d4ee377e26e0","outbound","13901234567","13901234567","1001","sofia/internal/1001@127.0.0.1:5271","2026-11-21 19:34:49","2026-11-21 19:34:50","2026-11-21 19:34:56","7","6","NORMAL_CLEARING","","","playback","repair@beijing","1001@beijing","",""
"d91ac6e6-315f-43ee-b0a3-e455c150b478","inbound","13901234567","13901234567","ivr-1","sofia/internal/13901234567@127.0.0.1:5260","2026-11-21 19:34:47","2026-11-21 19:34:47","2026-11-21 19:34:56","9","9","NORMAL_CLEARING","39436304-964e-422a-acf6-d4ee377e26e0","","callcenter","repair@beijing","1001@beijing","answered",""
)";

TEST(FreeswitchPastCalls, an_answered_queue_call_is_one_call) {
    const auto found = calls(kInbound);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].channel, "d91ac6e6-315f-43ee-b0a3-e455c150b478");
    EXPECT_EQ(text_of(found[0].at), "19:34:56");
    const auto& call = past(found[0]);
    EXPECT_EQ(call.number, "13901234567");
    EXPECT_EQ(call.name, "") << "a number is no name";
    EXPECT_EQ(call.dialled, "") << "where the dialplan went is not what he dialled";
    EXPECT_EQ(call.caller_device, "") << "no phone of ours";
    EXPECT_EQ(call.queue, "repair@beijing");
    EXPECT_EQ(call.agent, "1001");
    EXPECT_EQ(call.device, "1001");
    EXPECT_EQ(call.agent_channel, "39436304-964e-422a-acf6-d4ee377e26e0");
    EXPECT_EQ(text_of(call.started_at), "19:34:47");
    EXPECT_EQ(text_of(call.answered_at), "19:34:50") << "by the agent, not by the menu";
    EXPECT_FALSE(call.abandoned);
}

TEST(FreeswitchPastCalls, the_callers_row_alone_is_enough) {
    const auto found = calls(kInbound.substr(kInbound.find('\n') + 1));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(past(found[0]).agent, "1001");
    EXPECT_EQ(text_of(past(found[0]).answered_at), "19:34:47") << "not before that";
}

TEST(FreeswitchPastCalls, agents_who_did_not_answer_are_part_of_the_call) {
    const auto found = calls(
        R"("4eda1ae0-93e8-4c22-85aa-986c052ad815","outbound","13501234567","13501234567","1001","sofia/internal/1001@127.0.0.1:5271","2026-11-21 19:40:47","","2026-11-21 19:40:51","4","0","NO_ANSWER","","","","repair@beijing","1001@beijing","",""
"51e376c1-0d02-4c43-a57e-727da92484a5","outbound","13501234567","13501234567","1002","sofia/internal/1002@127.0.0.1:5272","2026-11-21 19:41:00","","2026-11-21 19:41:00","0","0","USER_BUSY","","","","repair@beijing","1002@beijing","",""
"2d4e8534-1968-4b98-bb0a-7f6302343f9f","inbound","13501234567","13501234567","7001","sofia/internal/13501234567@127.0.0.1:5260","2026-11-21 19:40:46","2026-11-21 19:40:46","2026-11-21 19:41:05","19","19","NORMAL_CLEARING","2c855209-7f83-494f-9d60-de4751a760a9","","callcenter","repair@beijing","1003@beijing","answered",""
"2c855209-7f83-494f-9d60-de4751a760a9","outbound","13501234567","13501234567","1003","sofia/internal/1003@127.0.0.1:5273","2026-11-21 19:41:01","2026-11-21 19:41:02","2026-11-21 19:41:05","4","3","NORMAL_CLEARING","","","","repair@beijing","1003@beijing","",""
)");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(past(found[0]).agent, "1003");
    EXPECT_EQ(past(found[0]).dialled, "7001");
    EXPECT_EQ(text_of(past(found[0]).answered_at), "19:41:02");
}

TEST(FreeswitchPastCalls, one_who_gave_up) {
    const std::string row =
        R"("2241361e-9fde-41b2-b39b-ce8fa7cb7edd","inbound","13601234567","13601234567","7001","sofia/internal/13601234567@127.0.0.1:5260","2026-11-21 19:36:04","2026-11-21 19:36:04","2026-11-21 19:36:09","5","5","NORMAL_CLEARING","","","callcenter","repair@beijing","","cancel","BREAK_OUT"
)";
    const auto found = calls(row);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(past(found[0]).abandoned);
    EXPECT_FALSE(past(found[0]).answered_at);
    std::string timed_out = row;
    timed_out.replace(timed_out.find("BREAK_OUT"), 9, "TIMEOUT");
    EXPECT_FALSE(past(calls(timed_out)[0]).abandoned);
    EXPECT_EQ(past(calls(timed_out)[0]).result, DialResult::no_answer);
}

TEST(FreeswitchPastCalls, click_to_dial_is_one_outbound_call) {
    const auto found = calls(
        R"("d0bb2523-a0ab-4e69-a791-198ab1400f29","outbound","李工","1001","13812345678","sofia/internal/13812345678@127.0.0.1:5274","2026-11-21 19:35:15","2026-11-21 19:35:16","2026-11-21 19:35:19","4","3","NORMAL_CLEARING","","","","","","",""
"11111111-2222-3333-4444-555555550001","outbound","Outbound Call","1001","13812345678","sofia/internal/1001@127.0.0.1:5271","2026-11-21 19:35:14","2026-11-21 19:35:15","2026-11-21 19:35:19","5","4","NORMAL_CLEARING","d0bb2523-a0ab-4e69-a791-198ab1400f29","","bridge","","","",""
)");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].channel, "11111111-2222-3333-4444-555555550001");
    const auto& call = past(found[0]);
    EXPECT_EQ(call.caller_device, "1001");
    EXPECT_EQ(call.dialled, "13812345678");
    EXPECT_EQ(call.agent, "") << "who was called is a customer";
    EXPECT_EQ(call.name, "");
    EXPECT_EQ(text_of(call.answered_at), "19:35:16") << "by the customer";
}

TEST(FreeswitchPastCalls, a_phone_rung_in_vain_was_no_contact) {
    EXPECT_TRUE(
        calls(
            R"("11111111-2222-3333-4444-555555550009","outbound","","1001","1001","sofia/internal/1001@127.0.0.1:5271","2026-11-21 19:35:14","","2026-11-21 19:35:19","5","0","NO_ANSWER","","","","","","",""
)")
            .empty());
}

TEST(FreeswitchPastCalls, what_was_seen_or_lies_outside_is_not_told) {
    EXPECT_TRUE(calls(kInbound, test::knowing({"d91ac6e6-315f-43ee-b0a3-e455c150b478"})).empty());
    EXPECT_TRUE(calls(kInbound, test::knowing({"39436304-964e-422a-acf6-d4ee377e26e0"})).empty()) << "its agent's leg";
    Outage later = kAllDay;
    later.since_up = later.from = test::utc("2026-11-21T19:34:48Z");
    EXPECT_TRUE(calls(kInbound, test::knowing({}), later).empty());
}

// 235 calls in some 80 s: 64 through the queue, 171 direct.
TEST(FreeswitchPastCalls, a_busy_minute_gives_every_call_once) {
    const std::string text = capture("freeswitch/busy-head.cdr.csv");
    const auto found = calls(text);
    const ParsedCdr cdr = parse_cdr_text(text, *CdrColumns::of(kNames), *LocalTime::in("UTC"));
    std::map<std::string, const CdrRow*> callers;
    std::map<std::string, const CdrRow*> legs;
    for (const CdrRow& row : cdr.rows) (row.outbound ? legs : callers)[row.uuid] = &row;
    EXPECT_EQ(callers.size(), 235U);
    ASSERT_EQ(found.size(), callers.size());
    for (const PbxSignal& signal : found) {
        const auto caller = callers.find(signal.channel);
        ASSERT_NE(caller, callers.end()) << signal.channel;
        const CdrRow& row = *caller->second;
        EXPECT_EQ(past(signal).number, row.caller_number);
        EXPECT_EQ(past(signal).queue, row.queue);
        EXPECT_EQ(past(signal).agent, row.agent.substr(0, row.agent.find('@')));
        EXPECT_EQ(past(signal).answered_at.has_value(), !row.agent.empty()) << "others talked to the outside";
        if (row.agent.empty()) continue;
        const auto leg = legs.find(row.bleg);
        EXPECT_EQ(*past(signal).answered_at, leg == legs.end() ? *row.answer : *leg->second->answer);
        EXPECT_EQ(signal.at, row.end);
    }
}

}  // namespace
}  // namespace citybridge::freeswitch
