// Calls out of Asterisk's records. Rows and what really happened are from the
// recordings' descriptions; the phones there are the truth.
#include <gtest/gtest.h>

#include "adapters/asterisk/cdr_calls.h"
#include "tests/unit/records/known_channels.h"

namespace citybridge::asterisk {
namespace {

using test::kAllDay;
using test::past;
using test::text_of;

std::string cdr(const std::string& src, const std::string& dst, const std::string& channel,
                const std::string& dst_channel, const std::string& app, const std::string& times,
                const std::string& disposition, const std::string& id) {
    const std::string day = "2026-11-21 ";
    return "\"\",\"" + src + "\",\"" + dst + "\",\"queues\",\"\"\"\"\" <" + src + ">\",\"" + channel + "\",\"" +
           dst_channel + "\"," + app + ",\"" + day + times.substr(0, 8) + "\",\"" + day + times.substr(9, 8) + "\",\"" +
           day + times.substr(18, 8) + "\",1,1,\"" + disposition + "\",\"DOCUMENTATION\",\"" + id + "\",\"\"\n";
}
const std::string kQueue = R"("Queue","sales,tTcxXwW,,,45")";
const std::string kDial = R"("Dial","SIP/1001,20,tTxX")";

// 02: answered by 1001 at 19:35:04, the customer hung up.
const std::string kAnswered = cdr("13901234567", "sales", "SIP/trunk-sip-00000000", "SIP/1001-00000001", kQueue,
                                  "19:35:01,19:35:01,19:35:12", "ANSWERED", "1795289701.0");
const std::string kAnsweredLog =
    "1795289703|1795289701.0|sales|NONE|ENTERQUEUE||13901234567|1\n"
    "1795289704|1795289701.0|sales|张伟|CONNECT|1|1795289703.1|1\n"
    "1795289712|1795289701.0|sales|张伟|COMPLETECALLER|1|8|1\n";
// 05b: gave up while 1001 rang.
const std::string kAbandoned = cdr("13522224444", "sales", "SIP/trunk-sip-00000005", "SIP/1001-00000006", kQueue,
                                   "19:35:56,19:35:56,19:36:01", "NO ANSWER", "1795289756.15");
const std::string kAbandonedLog =
    "1795289758|1795289756.15|sales|NONE|ENTERQUEUE||13522224444|1\n"
    "1795289761|1795289756.15|sales|张伟|RINGCANCELED|3001\n"
    "1795289761|1795289756.15|sales|NONE|ABANDON|1|1|3\n";
// 06a: 1001 rang out, 1002 answered.
const std::string kSecondAgent = cdr("13911110001", "sales", "SIP/trunk-sip-0000000a", "SIP/1001-0000000b", kQueue,
                                     "19:36:18,19:36:18,19:36:25", "NO ANSWER", "1795289778.25") +
                                 cdr("13911110001", "sales", "SIP/trunk-sip-0000000a", "SIP/1002-0000000c", kQueue,
                                     "19:36:26,19:36:26,19:36:29", "ANSWERED", "1795289778.25");
const std::string kSecondAgentLog =
    "1795289779|1795289778.25|sales|NONE|ENTERQUEUE||13911110001|1\n"
    "1795289785|1795289778.25|sales|张伟|RINGNOANSWER|6000\n"
    "1795289787|1795289778.25|sales|李娜|CONNECT|8|1795289786.27|1\n"
    "1795289789|1795289778.25|sales|李娜|COMPLETECALLER|8|2|1\n";
// 09c: two phones answered, 2001 won and transferred to 1001.
const std::string kTransferred = cdr("13900000003", "1001", "PJSIP/trunk-00000018", "PJSIP/2001-00000019", kQueue,
                                     "19:44:04,19:44:04,19:44:09", "ANSWERED", "1795290244.196") +
                                 cdr("13900000003", "repair", "PJSIP/trunk-00000018", "PJSIP/2002-0000001a", kQueue,
                                     "19:44:05,19:44:05,19:44:07", "NO ANSWER", "1795290244.196") +
                                 cdr("13900000003", "1001", "PJSIP/trunk-00000018", "SIP/1001-0000003f", kDial,
                                     "19:44:09,19:44:09,19:44:13", "ANSWERED", "1795290244.196");
const std::string kTransferredLog =
    "1795290245|1795290244.196|repair|NONE|ENTERQUEUE||13900000003|1\n"
    "1795290247|1795290244.196|repair|王芳|CONNECT|2|1795290245.197|1\n"
    "1795290249|1795290244.196|repair|王芳|BLINDTRANSFER|1001|internal|2|2|1\n";

Outages members(const std::vector<std::string>& told = {}) {
    return test::knowing(told, {{"SIP/1001", "SIP/1001"}, {"SIP/1002", "SIP/1002"}, {"PJSIP/2001", "PJSIP/2001"}},
                         {"张伟", "李娜", "王芳"});
}

std::vector<PbxSignal> calls(const std::string& cdr_text, const std::string& log_text, const Outages& known = members(),
                             const Outage& outage = kAllDay, bool cdr_is_to_come = false) {
    const auto cdr_rows = parse_cdr_text(cdr_text, *LocalTime::in("UTC"));
    const auto log_rows = parse_queue_log_text(log_text);
    EXPECT_EQ(cdr_rows.bad + log_rows.bad, 0U);
    return calls_of(cdr_rows.rows, log_rows.rows, outage, known, cdr_is_to_come);
}

TEST(AsteriskPastCalls, an_answered_call_with_both_records) {
    const auto found = calls(kAnswered, kAnsweredLog);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].channel, "1795289701.0");
    EXPECT_EQ(text_of(found[0].at), "19:35:12");
    const auto& call = past(found[0]);
    EXPECT_EQ(call.number, "13901234567");
    EXPECT_EQ(call.name, "");
    EXPECT_EQ(call.dialled, "") << "where the dialplan went is not what he dialled";
    EXPECT_EQ(call.caller_device, "") << "no phone of ours";
    EXPECT_EQ(call.queue, "sales");
    EXPECT_EQ(call.agent, "SIP/1001");
    EXPECT_EQ(call.device, "SIP/1001");
    EXPECT_EQ(call.agent_channel, "1795289703.1");
    EXPECT_EQ(text_of(call.started_at), "19:35:01");
    EXPECT_EQ(text_of(call.queued_at), "19:35:03");
    EXPECT_EQ(text_of(call.answered_at), "19:35:04");
    EXPECT_EQ(call.result, DialResult::answered);
    EXPECT_FALSE(call.abandoned);
}

TEST(AsteriskPastCalls, one_record_alone_tells_less_but_nothing_else) {
    const auto by_cdr = calls(kAnswered, "");
    ASSERT_EQ(by_cdr.size(), 1U);
    EXPECT_EQ(past(by_cdr[0]).agent, "SIP/1001");
    EXPECT_EQ(past(by_cdr[0]).queue, "sales");
    EXPECT_EQ(text_of(past(by_cdr[0]).queued_at), "never");
    EXPECT_EQ(text_of(past(by_cdr[0]).answered_at), "19:35:01") << "not before that";
    const auto by_log = calls("", kAnsweredLog);
    ASSERT_EQ(by_log.size(), 1U);
    EXPECT_EQ(past(by_log[0]).number, "13901234567");
    EXPECT_EQ(text_of(past(by_log[0]).started_at), "19:35:03");
    EXPECT_EQ(text_of(past(by_log[0]).answered_at), "19:35:04");
    EXPECT_EQ(text_of(by_log[0].at), "19:35:12");
}

TEST(AsteriskPastCalls, one_who_gave_up) {
    for (const auto& found : {calls(kAbandoned, kAbandonedLog), calls(kAbandoned, ""), calls("", kAbandonedLog)}) {
        ASSERT_EQ(found.size(), 1U);
        EXPECT_TRUE(past(found[0]).abandoned);
        EXPECT_EQ(past(found[0]).queue, "sales");
        EXPECT_EQ(text_of(past(found[0]).answered_at), "never");
        EXPECT_EQ(text_of(found[0].at), "19:36:01");
    }
    EXPECT_EQ(past(calls(kAbandoned, kAbandonedLog)[0]).agent, "SIP/1001") << "whose phone rang";
}

TEST(AsteriskPastCalls, the_second_agent_who_answered) {
    for (const auto& found : {calls(kSecondAgent, kSecondAgentLog), calls(kSecondAgent, "")}) {
        ASSERT_EQ(found.size(), 1U) << "two rows, one call";
        EXPECT_EQ(past(found[0]).agent, "SIP/1002");
        EXPECT_EQ(text_of(past(found[0]).started_at), "19:36:18");
        EXPECT_EQ(text_of(found[0].at), "19:36:29");
        EXPECT_FALSE(past(found[0]).abandoned);
    }
    EXPECT_EQ(text_of(past(calls(kSecondAgent, kSecondAgentLog)[0]).answered_at), "19:36:27");
}

TEST(AsteriskPastCalls, a_transferred_one_stays_one_and_lasts_to_its_end) {
    const auto found = calls(kTransferred, kTransferredLog);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(past(found[0]).agent, "PJSIP/2001");
    EXPECT_EQ(text_of(past(found[0]).answered_at), "19:44:07");
    EXPECT_EQ(text_of(found[0].at), "19:44:13");
}

TEST(AsteriskPastCalls, outbound_busy_and_menu_calls) {
    const auto outbound = calls(cdr("1001", "913912345678", "SIP/1001-00000035", "PJSIP/trunk-00000014", kDial,
                                    "19:42:43,19:42:45,19:42:49", "ANSWERED", "a"),
                                "");
    ASSERT_EQ(outbound.size(), 1U);
    EXPECT_EQ(past(outbound[0]).caller_device, "SIP/1001");
    EXPECT_EQ(past(outbound[0]).dialled, "913912345678");
    EXPECT_EQ(past(outbound[0]).agent, "") << "the trunk is nobody";
    EXPECT_EQ(text_of(past(outbound[0]).answered_at), "19:42:45");
    const auto busy = calls(cdr("13901234567", "1001", "SIP/trunk-sip-00000001", "SIP/1001-00000002", kDial,
                                "19:42:43,--------,19:42:49", "BUSY", "b"),
                            "");
    ASSERT_EQ(busy.size(), 1U);
    EXPECT_EQ(past(busy[0]).result, DialResult::busy);
    EXPECT_EQ(past(busy[0]).agent, "SIP/1001");
    EXPECT_EQ(past(busy[0]).dialled, "1001");
    const auto menu = calls(cdr("13901234567", "s", "SIP/trunk-sip-00000001", "", R"("BackGround","welcome")",
                                "19:42:43,19:42:43,19:42:49", "ANSWERED", "c"),
                            "");
    ASSERT_EQ(menu.size(), 1U);
    EXPECT_EQ(past(menu[0]).queue + past(menu[0]).agent, "");
    EXPECT_EQ(past(menu[0]).result, DialResult::answered) << "nobody was tried";
    EXPECT_FALSE(past(menu[0]).answered_at);
    const auto strangers = calls(cdr("13901234567", "913912345678", "SIP/trunk-sip-00000001", "PJSIP/trunk-00000002",
                                     kDial, "19:42:43,19:42:45,19:42:49", "ANSWERED", "d"),
                                 "");
    ASSERT_EQ(strangers.size(), 1U);
    EXPECT_FALSE(past(strangers[0]).answered_at) << "by nobody of ours";
    EXPECT_EQ(past(strangers[0]).device, "PJSIP/trunk");
}

TEST(AsteriskPastCalls, what_was_seen_is_not_told_again) {
    const std::string all = kAnswered + kAbandoned + kSecondAgent;
    EXPECT_EQ(calls(all, "").size(), 3U);
    EXPECT_EQ(calls(all, "", members({"1795289756.15"})).size(), 2U);
    EXPECT_EQ(calls(kAnswered, kAnsweredLog, members({"1795289703.1"})).size(), 0U) << "its agent's phone was seen";
}

TEST(AsteriskPastCalls, only_what_lies_wholly_in_the_outage) {
    const auto around = [](const std::string& from, const std::string& to) {
        return Outage{test::utc("2026-11-21T" + from + "Z"), test::utc("2026-11-21T" + from + "Z"),
                      test::utc("2026-11-21T" + to + "Z")};
    };
    const std::string all = kAnswered + kAbandoned + kTransferred;
    EXPECT_EQ(calls(all, "", members(), around("19:35:30", "19:40:00")).size(), 1U);
    EXPECT_EQ(calls(all, "", members(), around("19:35:02", "19:40:00")).size(), 1U) << "it began before";
    EXPECT_EQ(calls(all, "", members(), around("19:36:30", "19:43:00")).size(), 0U);
}

TEST(AsteriskPastCalls, one_that_is_not_over_waits) {
    const std::string waits = "1795289703|1795289701.0|sales|NONE|ENTERQUEUE||13901234567|1\n";
    EXPECT_TRUE(calls("", waits).empty());
    EXPECT_TRUE(calls("", kAnsweredLog, members(), kAllDay, true).empty()) << "its CDR will come";
    EXPECT_EQ(calls(kAnswered, kAnsweredLog, members(), kAllDay, true).size(), 1U);
    EXPECT_TRUE(
        calls("", "1795289700|MANAGER|sales|张伟|PAUSE|lunch\n1795289700|NONE|NONE|NONE|QUEUESTART|\n").empty());
}

TEST(AsteriskPastCalls, a_linked_id_joins_what_belongs_together) {
    std::string first = cdr("13901234567", "sales", "SIP/trunk-sip-00000001", "SIP/1001-00000002", kQueue,
                            "19:42:43,19:42:43,19:42:49", "ANSWERED", "1.0");
    std::string second = cdr("1001", "1002", "SIP/1001-00000003", "SIP/1002-00000004", kDial,
                             "19:42:45,19:42:46,19:42:55", "ANSWERED", "1.2");
    EXPECT_EQ(calls(first + second, "").size(), 2U);
    first.insert(first.size() - 1, ",\"\",\"1.0\",1");
    second.insert(second.size() - 1, ",\"\",\"1.0\",2");
    const auto joined = calls(first + second, "");
    ASSERT_EQ(joined.size(), 1U);
    EXPECT_EQ(joined[0].channel, "1.0");
    EXPECT_EQ(past(joined[0]).number, "13901234567");
    EXPECT_EQ(text_of(joined[0].at), "19:42:55");
}

}  // namespace
}  // namespace citybridge::asterisk
