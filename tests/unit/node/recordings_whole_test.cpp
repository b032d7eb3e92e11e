// A whole node gives out what its PBX recorded, also after a restart.
#include <filesystem>
#include <fstream>

#include "core/api/model_json.h"
#include "core/store/store.h"
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

struct WholeRecordings : WholeNode {
    // A contact of yesterday, as the node wrote it when it ended.
    void journal(const std::string& file) {
        Contact contact;
        contact.id = "yesterday";
        contact.state = ContactState::ended;
        contact.started_at = system_now().wall - std::chrono::hours(24);
        contact.ended_at = contact.started_at;
        Leg leg;
        leg.role = LegRole::agent;
        leg.agent = "SIM/1001";
        leg.joined_at = contact.started_at;
        contact.legs.push_back(leg);
        contact.recordings = {{"r1", file, Recording::State::finished, contact.started_at, contact.started_at}};
        JournalRecord row{contact.id, "", contact.started_at, contact.started_at, {}};
        write_json(row.body, contact);
        Changes changes;
        changes.journal.push_back(std::move(row));
        store::StoreSettings settings;
        settings.path = store_path();
        auto opened = store::open_store(settings);
        ASSERT_TRUE(opened);
        const auto outcome = (*opened)->commit("test", changes, system_now().wall);
        ASSERT_EQ(outcome.commit, store::Commit::done) << outcome.error.detail;
    }
};

TEST_F(WholeRecordings, yesterdays_recording_is_played_from_the_mount) {
    std::filesystem::create_directory(folder() + "/rec");
    std::ofstream(folder() + "/rec/in-1.wav") << "RIFF sound";
    setup_.more_plugins = "  <recordings mount=\"rec\" pbx_folder=\"/var/spool/asterisk/monitor\"/>\n";
    journal("/var/spool/asterisk/monitor/in-1.wav");
    begin();
    const std::string target = "/v1/contacts/yesterday/recordings";
    EXPECT_EQ(ask("GET", target, "agent1").json()["items"][0]["url"], target + "/r1");
    EXPECT_EQ(ask("GET", target + "/r1", "agent1").body, "RIFF sound");
    EXPECT_EQ(ask("GET", target + "/r1", "agent2").status, 404);
    EXPECT_EQ(ask("GET", target + "/r1", "erp").status, 403);
    const Reply part = ask("GET", target + "/r1", "quality", nullptr, "Range: bytes=5-\r\n");
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, "sound");
    restart();
    EXPECT_EQ(ask("GET", target + "/r1", "chief").body, "RIFF sound");
}

TEST_F(WholeRecordings, or_fetched_from_the_pbx_by_http) {
    HostileHttpServer pbx;
    pbx.answer_with({.status = 206, .headers = {{"Content-Range", "bytes 5-9/10"}}, .body = "sound"});
    setup_.more_plugins =
        "  <recordings url=\"" + pbx.url("/rec/") + "\" pbx_folder=\"/var/lib/freeswitch/recordings\"/>\n";
    journal("/var/lib/freeswitch/recordings/in-1.wav");
    begin();
    const Reply part = ask("GET", "/v1/contacts/yesterday/recordings/r1", "quality", nullptr, "Range: bytes=5-\r\n");
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, "sound");
    EXPECT_EQ(pbx.requests().at(0).target, "/rec/in-1.wav");
}

TEST_F(WholeRecordings, a_name_that_leads_out_is_refused) {
    std::filesystem::create_directory(folder() + "/rec");
    setup_.more_plugins = "  <recordings mount=\"rec\" pbx_folder=\"/monitor\"/>\n";
    journal("/monitor/../node.db");
    begin();
    const Reply reply = ask("GET", "/v1/contacts/yesterday/recordings/r1", "quality");
    EXPECT_EQ(reply.status, 403);
    EXPECT_EQ(reply.code(), "recording.refused");
}

}  // namespace
}  // namespace citybridge::test
