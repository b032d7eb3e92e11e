// The table that stands for FreeSWITCH in the tests of reconnecting, against
// what the real one answered at the same moment.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/sim/freeswitch_pbx.h"

namespace citybridge::sim {
namespace {

using nlohmann::json;

json row_with(const json& table, const std::string& uuid) {
    for (const json& row : table.value("rows", json::array()))
        if (row.value("uuid", "") == uuid) return row;
    return {};
}

// Rows of `show channels`, or of the calls two channels are in.
std::size_t compare_rows(const SwitchTable& table, const json& recorded, const std::string& where) {
    const json channels = json::parse(table.answer("show channels as json").value());
    const json calls = json::parse(table.answer("show bridged_calls as json").value());
    EXPECT_EQ(recorded.value("row_count", -1), recorded.value("rows", json::array()).size()) << where;
    for (const json& row : recorded.value("rows", json::array())) {
        const bool call = row.contains("b_uuid");
        const json ours = row_with(call ? calls : channels, row.value("uuid", ""));
        EXPECT_FALSE(ours.is_null()) << where << row.dump();
        if (ours.is_null()) continue;
        const auto same = [&](const char* column) {
            EXPECT_EQ(ours.value(column, ""), row.value(column, "")) << where << column;
        };
        for (const auto* column : {"uuid", "direction", "name", "callstate", "call_uuid"}) same(column);
        if (call) {
            same("b_uuid");
            continue;
        }
        for (const auto* column :
             {"initial_cid_num", "initial_dest", "application", "application_data", "created_epoch"})
            same(column);
    }
    return recorded.value("rows", json::array()).size();
}

TEST(SwitchTable, shows_the_channels_and_calls_the_real_pbx_showed) {
    std::size_t compared = 0;
    for (const std::string& name : freeswitch_captures()) {
        const FreeswitchPbx pbx(name);
        SwitchTable table;
        for (const EslFrame& frame : pbx.raw()) {
            if (frame.type == "api/response" && frame.body.starts_with("{\"row_count\""))
                compared += compare_rows(table, json::parse(frame.body), name + ": ");
            table.see(frame);
        }
    }
    EXPECT_GE(compared, 3U);
}

TEST(SwitchTable, lists_the_queue_members_the_real_pbx_listed) {
    std::size_t compared = 0;
    for (const std::string& name : freeswitch_captures()) {
        const FreeswitchPbx pbx(name);
        SwitchTable table;
        for (const EslFrame& frame : pbx.raw()) {
            const bool members = frame.type == "api/response" && frame.body.starts_with("queue|instance_id|uuid|");
            std::istringstream lines(members ? frame.body : std::string());
            std::string line;
            std::getline(lines, line);
            while (std::getline(lines, line) && line.find('|') != std::string::npos) {
                std::istringstream columns(line);
                std::vector<std::string> row;
                for (std::string each; std::getline(columns, each, '|');) row.push_back(each);
                ASSERT_GT(row.size(), 15U) << line;
                if (row[15] != "Waiting" && row[15] != "Trying") continue;
                const std::string ours = table.answer("callcenter_config queue list members " + row[0]).value();
                EXPECT_NE(ours.find(row[2] + "|" + row[3]), std::string::npos) << name << ": " << line;
                ++compared;
            }
            table.see(frame);
        }
    }
    EXPECT_GE(compared, 1U);
}

TEST(SwitchTable, is_empty_when_all_phones_have_hung_up) {
    for (const auto* name :
         {"freeswitch/transfer_blind.esl", "freeswitch/three_way.esl", "freeswitch/queue_rona.esl"}) {
        const FreeswitchPbx pbx(name);
        EXPECT_EQ(pbx.table(pbx.size()).channels(), 0U) << name;
    }
}

}  // namespace
}  // namespace citybridge::sim
