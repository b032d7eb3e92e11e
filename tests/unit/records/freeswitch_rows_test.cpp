// Rows of mod_cdr_csv as FreeSWITCH 1.10 wrote them.
#include <gtest/gtest.h>

#include "adapters/freeswitch/cdr_file.h"

namespace citybridge::freeswitch {
namespace {

std::vector<std::string> names(std::string_view text) {
    std::vector<std::string> out;
    for (;;) {
        const std::size_t comma = text.find(',');
        std::string_view name = text.substr(0, comma);
        while (name.starts_with(' ')) name.remove_prefix(1);
        out.emplace_back(name);
        if (comma == std::string_view::npos) return out;
        text.remove_prefix(comma + 1);
    }
}
const CdrColumns kColumns = *CdrColumns::of(names(kCdrColumns));
const LocalTime kUtc = *LocalTime::in("UTC");

const std::string kCaller =
    R"("b8c42a50-91de-4cdb-82ef-a2fb6e9ab617","inbound","李娜","13809000010","7001","sofia/internal/13809000010@127.0.0.1:57341",)"
    R"("2026-11-21 19:41:52","2026-11-21 19:41:52","2026-11-21 19:42:00","8","8","NORMAL_CLEARING",)"
    R"("3fe80f33-d2cf-420a-a33d-24bc9ef21615","","callcenter","repair@beijing","1005@beijing","answered","")";

TEST(FreeswitchRow, every_column_is_where_the_template_puts_it) {
    const auto row = kColumns.parse(kCaller, kUtc);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->uuid, "b8c42a50-91de-4cdb-82ef-a2fb6e9ab617");
    EXPECT_FALSE(row->outbound);
    EXPECT_EQ(row->caller_name, "李娜");
    EXPECT_EQ(row->caller_number, "13809000010");
    EXPECT_EQ(row->destination, "7001");
    EXPECT_EQ(to_rfc3339(row->start), "2026-11-21T19:41:52.000Z");
    EXPECT_EQ(to_rfc3339(row->end), "2026-11-21T19:42:00.000Z");
    EXPECT_EQ(row->cause, "NORMAL_CLEARING");
    EXPECT_EQ(row->bleg, "3fe80f33-d2cf-420a-a33d-24bc9ef21615");
    EXPECT_EQ(row->last_app, "callcenter");
    EXPECT_EQ(row->queue, "repair@beijing");
    EXPECT_EQ(row->agent, "1005@beijing");
    EXPECT_EQ(row->queue_result, "answered");
    EXPECT_FALSE(row->queue_joined);
}

TEST(FreeswitchRow, another_template_is_another_order) {
    const auto columns = CdrColumns::of({"Start", "end", "UUID", "direction", "caller_number", "anything", "channel",
                                         "cause", "cc_joined", "cc_answered"});
    ASSERT_TRUE(columns);
    const auto row = columns->parse(
        R"("1795289712000000","1795289720","u","outbound","1001","?","sofia/internal/1001@x","USER_BUSY","1795289713","0")",
        kUtc);
    ASSERT_TRUE(row);
    EXPECT_EQ(to_rfc3339(row->start), "2026-11-21T19:35:12.000Z") << "microseconds";
    EXPECT_EQ(to_rfc3339(row->end), "2026-11-21T19:35:20.000Z");
    EXPECT_EQ(to_rfc3339(row->queue_joined.value()), "2026-11-21T19:35:13.000Z");
    EXPECT_FALSE(row->queue_answered) << "0 is never";
    EXPECT_TRUE(row->outbound);
    EXPECT_FALSE(CdrColumns::of({"uuid", "direction", "start", "end", "channel", "cause"})) << "no caller number";
}

TEST(FreeswitchRow, a_heading_is_no_row_and_what_is_no_record_is_counted) {
    std::string heading;
    for (const std::string& name : names(kCdrColumns)) heading += (heading.empty() ? "" : ",") + name;
    const ParsedCdr cdr =
        parse_cdr_text(heading + "\n" + kCaller + "\nrubbish\n" + kCaller + ",\"\"\n" + kCaller, kColumns, kUtc);
    EXPECT_EQ(cdr.rows.size(), 1U) << "the last one is still being written";
    EXPECT_EQ(cdr.bad, 2U);
    EXPECT_EQ(cdr.example, "rubbish");
}

}  // namespace
}  // namespace citybridge::freeswitch
