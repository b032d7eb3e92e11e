// Rows of Master.csv and queue_log as Asterisk 20 wrote them.
#include <gtest/gtest.h>

#include "adapters/asterisk/queue_log_file.h"

namespace citybridge::asterisk {
namespace {

const LocalTime kUtc = *LocalTime::in("UTC");

// The trace's own line.
const std::string kClickToDial =
    R"("cust-42","95500","913912345678","internal","""点击拨号"" <95500>","SIP/1001-00000035","PJSIP/trunk-00000014",)"
    R"("Dial","PJSIP/trunk/sip:13912345678@127.0.0.1:17100,30,tTxX","2026-11-21 19:42:43","2026-11-21 19:42:45",)"
    R"("2026-11-21 19:42:49",5,4,"ANSWERED","DOCUMENTATION","cti-call-0001",)";

TEST(CdrRow, every_column_is_where_asterisk_puts_it) {
    const auto row = parse_cdr(kClickToDial + "\"\"", kUtc);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->number, "95500");
    EXPECT_EQ(row->name, "点击拨号");
    EXPECT_EQ(row->dialled, "913912345678");
    EXPECT_EQ(row->channel, "SIP/1001-00000035");
    EXPECT_EQ(row->dst_channel, "PJSIP/trunk-00000014");
    EXPECT_EQ(row->application, "Dial");
    EXPECT_EQ(to_rfc3339(row->start), "2026-11-21T19:42:43.000Z");
    EXPECT_EQ(to_rfc3339(row->answer.value()), "2026-11-21T19:42:45.000Z");
    EXPECT_EQ(to_rfc3339(row->end), "2026-11-21T19:42:49.000Z");
    EXPECT_EQ(row->disposition, "ANSWERED");
    EXPECT_EQ(row->unique_id, "cti-call-0001");
    EXPECT_EQ(row->linked_id, "");
}

TEST(CdrRow, later_columns_are_read_where_there_are) {
    EXPECT_EQ(parse_cdr(kClickToDial + R"("","","cti-call-0000",17)", kUtc)->linked_id, "cti-call-0000");
    const std::string without_userfield = kClickToDial.substr(0, kClickToDial.size() - 1);
    EXPECT_EQ(parse_cdr(without_userfield, kUtc)->unique_id, "cti-call-0001");
}

TEST(CdrRow, what_is_no_record_is_refused) {
    EXPECT_FALSE(parse_cdr("", kUtc));
    EXPECT_FALSE(parse_cdr(kClickToDial.substr(0, 200), kUtc)) << "torn";
    EXPECT_FALSE(parse_cdr(kClickToDial + R"("","a","b",1,"one too many")", kUtc));
    std::string bad_time = kClickToDial + "\"\"";
    bad_time.replace(bad_time.find("2026-11-21 19:42:43"), 19, "yesterday, at noon.");
    EXPECT_FALSE(parse_cdr(bad_time, kUtc));
    std::string ends_early = kClickToDial + "\"\"";
    ends_early.replace(ends_early.find("19:42:49"), 8, "19:42:40");
    EXPECT_FALSE(parse_cdr(ends_early, kUtc));
    const std::size_t columns_without_unique_id = kClickToDial.find(R"(,"cti-call)");
    EXPECT_FALSE(parse_cdr(kClickToDial.substr(0, columns_without_unique_id), kUtc)) << "loguniqueid=no";
}

TEST(CdrRow, a_text_gives_its_rows_and_how_many_were_none) {
    const std::string good = kClickToDial + "\"\"\n";
    const auto rows = parse_cdr_text(good + "\n# moved\n" + good + "x\n" + good.substr(0, 50), kUtc);
    EXPECT_EQ(rows.rows.size(), 2U);
    EXPECT_EQ(rows.bad, 2U);
    EXPECT_EQ(rows.example, "# moved");
}

TEST(QueueLogRow, is_read_with_its_data) {
    const auto row = parse_queue_log("1795289704|1795289701.0|sales|张伟|CONNECT|1|1795289703.1|1");
    ASSERT_TRUE(row);
    EXPECT_EQ(to_rfc3339(row->at), "2026-11-21T19:35:04.000Z");
    EXPECT_EQ(row->call, "1795289701.0");
    EXPECT_EQ(row->queue, "sales");
    EXPECT_EQ(row->member, "张伟");
    EXPECT_EQ(row->event, "CONNECT");
    EXPECT_EQ(row->data, (std::vector<std::string>{"1", "1795289703.1", "1"}));
    EXPECT_TRUE(parse_queue_log("1795289700|NONE|NONE|NONE|QUEUESTART|")) << "as at every start";
}

TEST(QueueLogRow, what_is_no_record_is_refused) {
    for (const char* line :
         {"", "1795289704", "x|1.0|sales|a|CONNECT", "1795289704||sales|a|CONNECT", "1795289704|1.0|sales|a|",
          "-5|1.0|sales|a|CONNECT", "17952897040000000|1.0|sales|a|CONNECT", "1795289704x|1.0|sales|a|CONNECT"})
        EXPECT_FALSE(parse_queue_log(line)) << line;
}

}  // namespace
}  // namespace citybridge::asterisk
