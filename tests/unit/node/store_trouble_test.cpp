// What goes on while the store does not, and what a restart knows.
#include <soci/sqlite3/soci-sqlite3.h>

#include <thread>

#include "core/store/reader.h"
#include "core/store/store.h"
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

// Another program that holds the database, as a careless backup script does.
class Lock {
public:
    explicit Lock(const std::string& path) {
        EXPECT_EQ(sqlite_api::sqlite3_open(path.c_str(), &db_), SQLITE_OK);
        sqlite_api::sqlite3_busy_timeout(db_, 10'000);
        EXPECT_EQ(sqlite_api::sqlite3_exec(db_, "begin immediate", nullptr, nullptr, nullptr), SQLITE_OK);
    }
    ~Lock() { release(); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    void release() {
        if (db_ == nullptr) return;
        sqlite_api::sqlite3_exec(db_, "rollback", nullptr, nullptr, nullptr);
        sqlite_api::sqlite3_close(db_);
        db_ = nullptr;
    }

private:
    sqlite_api::sqlite3* db_ = nullptr;
};

struct StoreTrouble : WholeNode {
    std::string state_of(const std::string& command) {
        return ask("GET", "/v1/commands/" + command).json().value("state", "");
    }
    std::optional<CommandRecord> stored(const std::string& command) {
        store::StoreSettings settings;
        settings.path = store_path();
        const auto readers = store::open_readers(settings, 1);
        if (!readers) return std::nullopt;
        const auto row = (*readers)->command(command);
        return row ? *row : std::nullopt;
    }
};

TEST_F(StoreTrouble, results_of_commands_outlive_the_node) {
    begin();
    const Reply dial = ask("POST", "/v1/calls", "agent1", {{"number", "13800138000"}});
    ASSERT_EQ(dial.status, 202) << dial.body;
    const std::string id = dial.json()["command_id"];
    std::string state;
    ASSERT_TRUE(eventually([&] {
        const auto row = stored(id);
        state = row ? row->state : "";
        return !state.empty() && state != "accepted";
    }));
    restart();
    EXPECT_EQ(ask("GET", "/v1/commands/" + id, "agent1").json()["state"], state);
    EXPECT_EQ(ask("GET", "/v1/commands/" + id, "agent2").code(), "command.unknown");
}

TEST_F(StoreTrouble, a_dial_repeated_after_a_restart_is_the_same_command) {
    begin();
    const std::string key = "Idempotency-Key: d1a1\r\n";
    const Reply first = ask("POST", "/v1/calls", "agent1", {{"number", "13800138000"}}, key);
    ASSERT_EQ(first.status, 202) << first.body;
    const std::string id = first.json()["command_id"];
    ASSERT_TRUE(eventually([&] { return state_of(id) != "accepted"; }));
    restart();
    const Reply again = ask("POST", "/v1/calls", "agent1", {{"number", "13800138000"}}, key);
    EXPECT_EQ(again.status, 202);
    EXPECT_EQ(again.json()["command_id"], id);
    EXPECT_EQ(again.headers.at("idempotency-replayed"), "true");
    EXPECT_NE(state_of(id), "accepted") << "ended, and not dialled again";
}

TEST_F(StoreTrouble, a_command_cut_off_by_the_end_of_the_node_is_unknown) {
    begin();
    end();
    {
        store::StoreSettings settings;
        settings.path = store_path();
        auto store = store::open_store(settings);
        ASSERT_TRUE(store) << store.error().detail;
        CommandRecord row;
        row.id = "cut";
        row.user = "agent1";
        row.kind = "dial";
        row.at = row.updated_at = system_now().wall;
        Changes changes;
        changes.commands.push_back(row);
        ASSERT_EQ((*store)->commit("test", changes, row.at).commit, store::Commit::done);
    }
    begin();
    ASSERT_TRUE(eventually([&] { return state_of("cut") == "unknown"; }));
    EXPECT_EQ(ask("GET", "/v1/commands/cut", "agent1").json()["reason"], "node_restarted");
}

TEST_F(StoreTrouble, what_becomes_due_while_the_store_is_locked_is_written_afterwards) {
    setup_.follow_up_after = "2s";
    setup_.busy_timeout_ms = "100";
    begin();
    const auto stream = stream_of("agent1");
    const std::string id = open_order()["id"];
    const Json message{{"type", "order.noted"}, {"data", {{"order", id}, {"note", "from the ERP"}}}};
    {
        const Lock lock(store_path());
        EXPECT_TRUE(eventually([&] { return hook("m1", message).code() == "store.locked"; })) << "to be sent again";
        std::this_thread::sleep_for(Millis{2'200});  // longer than the follow-up has
        EXPECT_EQ(order(id)["state"], "new") << "nothing happens that is not committed";
    }
    EXPECT_TRUE(next_of(*stream, "order.overdue").is_object());
    ASSERT_TRUE(eventually([&] { return hook("m1", message).status == 200; }));
    std::size_t overdue = 0;
    for (const Json& entry : history(id)) overdue += entry["action"] == "overdue";
    EXPECT_EQ(overdue, 1U);
}

TEST_F(StoreTrouble, calls_pops_and_hang_up_go_on_while_the_store_is_locked) {
    setup_.callers_per_minute = 60;
    setup_.busy_timeout_ms = "200";
    begin();
    const auto stream = stream_of("chief");
    Lock lock(store_path());
    const Json order{{"kind", "sales_lead"}, {"phone", "13800138000"}, {"fields", {{"lead_kind", "buy"}}}};
    for (const auto& [target, body] :
         std::vector<std::pair<std::string, Json>>{{"/v1/orders", order},
                                                   {"/v1/customers", {{"name", "Wang"}}},
                                                   {"/v1/calls", {{"number", "13800138000"}}}}) {
        const Reply refused = ask("POST", target, "agent1", body);
        EXPECT_EQ(refused.status, 503) << target << refused.body;
        EXPECT_EQ(refused.code(), "store.locked") << target << refused.body;
        EXPECT_EQ(refused.headers.count("retry-after"), 1U);
    }
    EXPECT_EQ(ask("GET", "/readyz", "").status, 503);
    EXPECT_EQ(ask("GET", "/healthz", "").status, 200);
    EXPECT_EQ(ask("GET", "/v1/orders").status, 200) << "what is there can be read";
    ASSERT_TRUE(next_of(*stream, "offer.shown").is_object()) << "pops go on";
    std::string hangup;
    ASSERT_TRUE(eventually([&] {
        const Json contacts = ask("GET", "/v1/contacts?state=talking", "chief").json();
        for (const Json& contact : contacts["items"]) {
            const Reply reply = ask("POST", "/v1/contacts/" + contact["id"].get<std::string>() + "/hangup", "chief");
            if (reply.status != 202) continue;
            hangup = reply.json()["command_id"];
            return true;
        }
        return false;
    }));
    EXPECT_TRUE(eventually(
        [&] { return ask("GET", "/v1/commands/" + hangup, "chief").json().value("state", "") != "accepted"; }));
    lock.release();
    EXPECT_TRUE(eventually([&] { return ask("POST", "/v1/orders", "agent1", order).status == 201; }));
    EXPECT_TRUE(eventually([&] {
        const auto row = stored(hangup);
        return row && row->state != "accepted" && row->kind == "hangup";
    })) << "what happened meanwhile is written when the store is back";
    EXPECT_TRUE(eventually([&] { return ask("GET", "/readyz", "").status == 200; }));
    EXPECT_EQ(ask("GET", "/v1/orders").json()["items"].size(), 1U) << "what was refused was not done";
}

}  // namespace
}  // namespace citybridge::test
