// citybridge as an operator uses it: the first administrator, orders,
// deliveries that failed, personal data, backup and doctor.
#include <gmock/gmock.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "core/api/time.h"
#include "core/gateway/passwords.h"
#include "tests/support/hostile_http_server.h"
#include "tests/unit/node/programs.h"

namespace citybridge {
namespace {

using Json = nlohmann::json;
using test::HostileAnswer;
using testing::HasSubstr;
using testing::Not;

class CommandLine : public Programs {
protected:
    // A node with an ERP on loopback and an administrator `chief`, whose password is cheap to check: every command
    // logs in.
    void begin(const std::string& more = {}) {
        configure("<users><user name=\"chief\" role=\"admin\" password_hash=\"" +
                  gateway::hash_password("correct horse", {16, 1, 1}) + "\"/></users>" + more);
        start();
    }
    void configure(const std::string& more) {
        config_ =
            write("node.xml",
                  "<citybridge city=\"beijing\"><listen port=\"0\"/><store path=\"node.db\"/>"
                  "<plugin library=\"simulator\" name=\"pbx1\"><callers_per_minute>0</callers_per_minute></plugin>"
                  "<plugin library=\"erp_orders\" name=\"rules\">"
                  "<customer_leads_need></customer_leads_need></plugin>"
                  "<plugin library=\"erp_rest\" name=\"erp\"><url>" +
                      erp_.url("/erp") + "</url><repeats>dedupes</repeats></plugin>" + more + "</citybridge>");
    }
    void start() {
        daemon_ = std::make_unique<Daemon>(config_, folder_ + "/log");
        const std::string port = daemon_->port();
        ASSERT_FALSE(port.empty()) << read(folder_ + "/log");
        node_ = "citybridge --url http://127.0.0.1:" + port + " --user chief --password 'correct horse' ";
    }
    void stop() {
        EXPECT_EQ(daemon_->stop(SIGTERM), 0);
        daemon_.reset();
    }
    // Run as chief; must succeed.
    std::string good(const std::string& command, const std::string& input = {}) {
        const Ran ran = run(node_ + command, input);
        EXPECT_EQ(ran.code, 0) << command << ": " << ran.err;
        return ran.out;
    }
    Json json(const std::string& command) { return Json::parse(good("--json " + command)); }
    // The error's code; must fail.
    std::string refused(const std::string& command, const std::string& input = {}) {
        const Ran ran = run(node_ + command, input);
        EXPECT_EQ(ran.code, 1) << command << ran.out;
        EXPECT_EQ(ran.out, "");
        return ran.err.substr(0, ran.err.find(':'));
    }
    std::string open_order(const std::string& phone) {
        return json("order open --kind sales_lead --phone " + phone +
                    " --customer-name 王芳 --field lead_kind=buy --field rooms=3")["id"];
    }
    bool eventually(const std::function<bool()>& condition) {
        for (int i = 0; i < 300; ++i) {
            if (condition()) return true;
            std::this_thread::sleep_for(Millis{50});
        }
        return false;
    }

    test::HostileHttpServer erp_;
    std::unique_ptr<Daemon> daemon_;
    std::string config_, node_;
};

TEST_F(CommandLine, the_first_administrator_is_made_without_a_node_and_makes_the_others) {
    configure("");
    ASSERT_EQ(run("citybridge user add chief --role admin --config " + config_, "correct horse\n").code, 0);
    start();
    EXPECT_THAT(good("user add wang --role agent --agent SIM/1001 --device SIM/1001 --group sales --group buyers",
                     "battery staple\n"),
                HasSubstr("added wang as agent"));
    const std::string told = good("user add erp1 --role erp");
    ASSERT_THAT(told, HasSubstr("\ntoken "));
    const std::string token = told.substr(told.find("token ") + 6, 64);
    const std::string list = good("user list");
    for (const char* word : {"chief", "wang", "sales,buyers", "SIM/1001", "erp1"}) EXPECT_THAT(list, HasSubstr(word));
    EXPECT_THAT(list, Not(HasSubstr(token)));
    const std::string url = node_.substr(0, node_.find(" --user"));
    EXPECT_EQ(run(url + " --token " + token + " orders").code, 0);
    EXPECT_EQ(run(url + " --user wang --password 'battery staple' orders").code, 0);
    EXPECT_EQ(refused("user add li --role admin", "short\n"), "request.bad_field");
    EXPECT_EQ(refused("user add wang --role admin", "battery staple\n"), "user.exists");
    EXPECT_EQ(refused("user add li --role agent", "battery staple\n"), "gateway.users_invalid");
    EXPECT_EQ(refused("user add li --role admin"), "cli.no_password");
    EXPECT_THAT(good("user change wang --role team_lead --new-password", "third secret\n"), HasSubstr("team_lead"));
    EXPECT_EQ(run(url + " --user wang --password 'battery staple' orders").code, 1);
    EXPECT_EQ(run(url + " --user wang --password 'third secret' orders").code, 0);
    EXPECT_THAT(good("user change erp1 --new-token"), HasSubstr("token"));
    EXPECT_EQ(run(url + " --token " + token + " orders").code, 1);
    good("user sessions-end wang");
    good("user remove wang");
    EXPECT_EQ(run(url + " --user wang --password 'third secret' orders").code, 1);
    EXPECT_EQ(refused("user remove wang"), "user.unknown");
    stop();
    EXPECT_THAT(run("citybridge user list --config " + config_).out, HasSubstr("erp1"));
    EXPECT_EQ(run("citybridge user remove erp1 --config " + config_).code, 0);
    EXPECT_THAT(run("citybridge user list --config " + config_).out, Not(HasSubstr("erp1")));
    EXPECT_EQ(run("citybridge user add chief --role admin --config " + config_, "correct horse\n").code, 1);
    for (const char* secret : {"battery staple", "correct horse"})
        EXPECT_THAT(read(folder_ + "/log") + read(folder_ + "/node.db"), Not(HasSubstr(secret)));
}

TEST_F(CommandLine, an_order_is_opened_shown_worked_on_and_listed) {
    begin();
    const std::string id = open_order("13800138000");
    EXPECT_THAT(good("orders --open --owner chief"), HasSubstr(id));
    EXPECT_THAT(good("orders --overdue"), Not(HasSubstr(id)));
    good("order note " + id + " 'wants a garden'");
    const std::string sheet = good("order " + id);
    for (const char* word : {"sales_lead", "rooms", "broker_called", "opened", "note", "wants a garden"})
        EXPECT_THAT(sheet, HasSubstr(word));
    EXPECT_EQ(json("order " + id)["fields"]["rooms"], 3);
    EXPECT_EQ(json("order act " + id + " change --field rooms=4 --field wish='a \"big\" one'")["fields"]["rooms"], 4);
    EXPECT_EQ(json("order act " + id + " change --field rooms=")["fields"].count("rooms"), 0U) << "nothing removes";
    EXPECT_EQ(refused("order act " + id + " responsible_reached"), "order.action_not_possible");
    EXPECT_EQ(refused("order act " + id + " change --revision 1"), "order.changed_meanwhile");
    EXPECT_THAT(good("order act " + id + " cancel --note 'no need any more'"), HasSubstr("cancelled"));
    EXPECT_EQ(json("orders --open").size(), 0U);
    EXPECT_EQ(json("orders --state cancelled --kind sales_lead").size(), 1U);
    EXPECT_EQ(refused("order nothing"), "order.unknown");
    EXPECT_EQ(refused("order open --kind dance"), "flow.unknown");
    EXPECT_EQ(refused("order open --kind sales_lead --field =x"), "cli.bad_field");
    EXPECT_EQ(refused("order"), "cli.no_order");
}

TEST_F(CommandLine, a_person_can_be_found_exported_and_erased) {
    begin();
    const std::string id = open_order("13800138000");
    EXPECT_THAT(good("customers --phone 13800138000"), HasSubstr("王芳"));
    const std::string customer = json("customers --phone 13800138000")[0]["id"];
    const Json all = Json::parse(good("customer export " + customer));
    EXPECT_EQ(all["customer"]["name"], "王芳");
    EXPECT_EQ(all["orders"][0]["id"], id);
    EXPECT_THAT(good("customer erase " + customer), HasSubstr("erased"));
    EXPECT_EQ(json("customers --phone 13800138000").size(), 0U);
    EXPECT_EQ(refused("customer export nobody"), "customer.unknown");
}

TEST_F(CommandLine, agents_are_set_and_waited_for_and_contacts_are_acted_in) {
    begin();
    EXPECT_EQ(good("agents state SIM/1001 not_ready --reason lunch"), "done\n");
    EXPECT_TRUE(eventually([&] { return good("agents").find("lunch") != std::string::npos; }));
    EXPECT_EQ(json("agents state SIM/1001 ready")["state"], "succeeded");
    EXPECT_EQ(refused("agents state SIM/1001 asleep"), "request.bad_field");
    EXPECT_EQ(refused("agents state nobody ready"), "agent.unknown");
    for (const char* command :
         {"hold no-such", "retrieve no-such", "park no-such", "hangup no-such", "transfer no-such --to 1002",
          "transfer no-such --attended", "consult no-such --to 1002", "consult no-such --cancel", "conference no-such",
          "conference no-such --to 1003", "record no-such mute"})
        EXPECT_EQ(refused(std::string("contacts ") + command), "contact.unknown") << command;
    EXPECT_EQ(refused("contacts transfer no-such"), "request.missing_field");
    EXPECT_NE(run(node_ + "contacts consult no-such --to 1 --cancel").code, 0);
    EXPECT_NE(run(node_ + "contacts hold").code, 0);
    EXPECT_THAT(good("contacts"), HasSubstr("hold s"));
}

TEST_F(CommandLine, dead_letters_are_seen_replayed_and_cancelled) {
    erp_.answer_with({.status = 400, .body = "no such field"});
    begin();
    const std::string first = open_order("13800138001") + ".1.erp", second = open_order("13800138002") + ".1.erp";
    ASSERT_TRUE(eventually([&] { return json("dead-letters").size() == 2; }));
    EXPECT_THAT(good("dead-letters"), HasSubstr("no such field"));
    EXPECT_THAT(good("outbox --destination erp --state dead"), HasSubstr(first));
    EXPECT_THAT(good("outbox show " + first), HasSubstr("open_order"));
    EXPECT_THAT(good("destinations"), HasSubstr("erp"));
    EXPECT_EQ(json("destinations")[0]["parked_keys"], 2);
    const Ran ill = run("citybridge doctor --config " + config_);
    EXPECT_EQ(ill.code, 1);
    EXPECT_THAT(ill.out, HasSubstr("outbox.dead"));
    good("destinations disable erp");
    EXPECT_EQ(json("destinations")[0]["disabled"], true);
    erp_.answer_with({.body = R"({"id":"SL-1"})"});
    good("outbox cancel " + second);
    EXPECT_THAT(good("dead-letters replay --destination erp"), HasSubstr("replayed 1, refused 0"));
    EXPECT_EQ(json("outbox --state pending").size(), 1U) << "nothing goes to a disabled destination";
    good("destinations enable erp");
    EXPECT_TRUE(eventually([&] { return json("outbox show " + first)["state"] == "delivered"; }));
    EXPECT_EQ(json("outbox show " + second)["state"], "cancelled");
    EXPECT_EQ(refused("outbox replay " + first), "relay.not_replayable");
    EXPECT_EQ(refused("destinations enable nobody"), "destination.unknown");
}

TEST_F(CommandLine, a_backup_made_while_the_node_runs_brings_everything_back) {
    erp_.answer_with({.body = R"({"id":"SL-1"})"});
    begin();
    const std::string kept = open_order("13800138001");
    ASSERT_TRUE(eventually([&] { return json("outbox --state delivered").size() == 1; }));
    const std::string copy = folder_ + "/copy.db", on = " --config " + config_;
    EXPECT_EQ(run("citybridge backup " + copy + on).code, 0);
    EXPECT_EQ(run("citybridge backup " + copy + on).code, 1) << "never over a file that is there";
    const std::string lost = open_order("13800138002");
    const Ran running = run("citybridge restore --force " + copy + on);
    EXPECT_EQ(running.code, 1);
    EXPECT_THAT(running.err, HasSubstr("store.in_use"));
    stop();
    const Ran unasked = run("citybridge restore " + copy + on);
    EXPECT_EQ(unasked.code, 1);
    EXPECT_THAT(unasked.err, HasSubstr("cli.needs_force"));
    EXPECT_EQ(run("citybridge restore --force " + copy + on).code, 0);
    const Ran well = run("citybridge doctor" + on);
    EXPECT_EQ(well.code, 0) << well.out << well.err;
    EXPECT_THAT(well.out, HasSubstr("all is well"));
    start();
    EXPECT_THAT(good("orders"), HasSubstr(kept));
    EXPECT_EQ(refused("order " + lost), "order.unknown");
}

TEST_F(CommandLine, a_calendar_is_switched_and_read_again_and_the_order_s_deadline_follows) {
    const std::string all_day =
        "<calendar zone=\"Asia/Shanghai\">\n<week days=\"mon tue wed thu fri sat sun\" open=\"00:00-24:00\"/>\n";
    write("hours.xml", all_day + "</calendar>");
    begin("<desk calendar=\"hours.xml\"/>");
    const std::string id = open_order("13800138000");
    const auto due = [&] {
        return from_rfc3339(json("order " + id)["deadlines"][0]["due_at"].get<std::string>()).value();
    };
    const WallTime before = due();
    const WallTime soon = before + std::chrono::minutes(20);
    EXPECT_THAT(good("calendars"), HasSubstr("hours"));
    const WallTime until = system_now().wall + std::chrono::hours(5);
    EXPECT_THAT(good("calendars close hours --until " + to_rfc3339(until) + " --reason typhoon"),
                HasSubstr("is closed until"));
    EXPECT_TRUE(eventually([&] { return due() > until; }));
    EXPECT_EQ(json("calendars")[0]["open"], false);
    EXPECT_THAT(good("calendars overrides hours"), HasSubstr("typhoon"));
    good("calendars clock hours");
    EXPECT_TRUE(eventually([&] { return due() < soon; }));
    EXPECT_EQ(refused("calendars close atlantis --until " + to_rfc3339(until)), "calendar.unknown");

    // A bad file changes nothing; a good one is taken over.
    write("hours.xml", all_day + "<holiday name=\"storm\" date=\"2026-13-01\"/></calendar>");
    daemon_->tell(SIGHUP);
    EXPECT_TRUE(eventually([&] { return read(folder_ + "/log").find("hours.xml:3:") != std::string::npos; }));
    EXPECT_TRUE(eventually([&] { return read(folder_ + "/log").find("node.reload_refused") != std::string::npos; }));
    EXPECT_LT(due(), soon);
    const auto day = [](int days) {  // in Shanghai
        return to_rfc3339(system_now().wall + std::chrono::hours(8 + 24 * days)).substr(0, 10);
    };
    write("hours.xml", all_day + "<holiday name=\"storm\" from=\"" + day(0) + "\" to=\"" + day(2) + "\"/></calendar>");
    daemon_->tell(SIGHUP);
    EXPECT_TRUE(eventually([&] { return due() > before + std::chrono::hours(24); }));
    EXPECT_THAT(read(folder_ + "/log"), HasSubstr("node.reloaded"));
}

TEST_F(CommandLine, check_warns_of_a_calendar_s_end_and_exits_0) {
    write("hours.xml",
          "<calendar zone=\"Asia/Shanghai\" until=\"2020-12-31\"><week days=\"mon\" open=\"09:00-10:00\"/></calendar>");
    const std::string config = write("node.xml",
                                     "<citybridge city=\"beijing\"><desk calendar=\"hours.xml\"/>"
                                     "<plugin library=\"simulator\" name=\"pbx1\"/></citybridge>");
    const Ran ran = run("citybridged --check --config " + config);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("hours.xml:1:1: warning: calendar hours has ended"));
}

TEST_F(CommandLine, a_customer_is_handed_to_another_city_and_taken_back) {
    write("cities.xml",
          "<cities><city id=\"hangzhou\" name=\"Hangzhou\" destination=\"cities.hangzhou\" hotline=\"057112345678\" "
          "promise_minutes=\"15\"/></cities>");
    begin("<cities directory=\"cities.xml\"/>");
    EXPECT_THAT(good("cities"), HasSubstr("057112345678"));
    EXPECT_THAT(good("cities promise hangzhou"), HasSubstr("Hangzhou calls you back within 15 minutes."));
    EXPECT_EQ(refused("cities promise harbin"), "callback.unknown_city");
    const std::string id =
        json("callbacks offer hangzhou --number 13800138000 --name 王芳 --notes 'two rooms by the lake'")["id"];
    const std::string list = good("callbacks list --open --city hangzhou --side origin");
    for (const char* word : {id.c_str(), "to hangzhou", "offered", "+8613800138000", "王芳"})
        EXPECT_THAT(list, HasSubstr(word));
    EXPECT_THAT(good("callbacks --json"), HasSubstr(id));
    EXPECT_THAT(good("callbacks list --state done"), Not(HasSubstr(id)));
    EXPECT_EQ(refused("callbacks take " + id), "callback.not_holder");
    good("callbacks note " + id + " --text 'asked again'");
    EXPECT_THAT(good("callbacks withdraw " + id + " --text 'he rings himself'"), HasSubstr("uncertain"));
    EXPECT_EQ(refused("callbacks offer-again " + id), "callback.not_possible") << "the other city has not answered";
    EXPECT_EQ(refused("callbacks done cb_none"), "callback.unknown");
    const std::string sheet = good("callbacks show " + id);
    for (const char* word : {"two rooms by the lake", "asked again", "he rings himself", "withdrawn"})
        EXPECT_THAT(sheet, HasSubstr(word));
    good("callbacks done " + id + " --outcome rang_himself");
    EXPECT_THAT(good("callbacks list"), HasSubstr("rang_himself"));
    stop();
}

TEST_F(CommandLine, a_message_is_looked_at_sent_and_found_again) {
    begin(
        "<desk sms=\"sms\" sms_signature=\"安居\" sms_free_text_roles=\"admin\"/>"
        "<plugin library=\"webhook\" name=\"sms\"><url>" +
        erp_.url("/sms") +
        "</url><secret>whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=</secret><events></events></plugin>");
    const std::string about = " --order " + open_order("13800138000");
    const auto sent_so_far = [&] {
        std::size_t out = 0;
        for (const auto& request : erp_.requests()) out += request.target == "/sms" ? 1U : 0U;
        return out;
    };
    EXPECT_THAT(good("sms send --dry-run 请回电" + about), HasSubstr("【安居】请回电\nucs2, 7 units, 1 part(s)"));
    EXPECT_THAT(good("sms list" + about), Not(HasSubstr("msg_"))) << "a dry run sends nothing";
    const Json sent = json("sms send 请回电" + about);
    EXPECT_EQ(sent["text"], "【安居】请回电");
    EXPECT_TRUE(eventually([&] { return sent_so_far() == 1; }));
    const std::string id = sent["id"];
    EXPECT_TRUE(eventually([&] { return json("sms show " + id)["state"] == "accepted"; }));
    EXPECT_THAT(good("sms show " + id), HasSubstr("【安居】请回电"));
    EXPECT_THAT(good("sms list" + about), HasSubstr(id));
    EXPECT_EQ(refused("sms send" + about), "request.missing_field");
    EXPECT_EQ(refused("sms send --address 13900000000 a" + about), "message.other_number");
    EXPECT_EQ(refused("sms show msg_none"), "message.unknown");
    stop();
}

TEST_F(CommandLine, the_doctor_warns_of_a_missing_erp_and_finds_nothing_broken) {
    config_ = write("node.xml",
                    "<citybridge city=\"beijing\"><listen port=\"0\"/><store path=\"node.db\"/>"
                    "<plugin library=\"simulator\" name=\"pbx1\"><callers_per_minute>0</callers_per_minute></plugin>"
                    "</citybridge>");
    ASSERT_EQ(run("citybridge user add chief --role admin --config " + config_, "correct horse\n").code, 0);
    const Ran ran = run("citybridge doctor --config " + config_);
    EXPECT_EQ(ran.code, 0) << ran.out;
    EXPECT_THAT(ran.out, HasSubstr("node.no_connector"));
    EXPECT_THAT(ran.out, Not(HasSubstr("all is well")));
}

TEST_F(CommandLine, the_doctor_names_what_is_wrong_a_line_each_with_what_to_do) {
    write("calendar.xml",
          "<calendar zone=\"Asia/Shanghai\" until=\"2020-12-31\"><week days=\"mon\" open=\"09:00-10:00\"/></calendar>");
    const std::string config = write("node.xml",
                                     "<citybridge city=\"beijing\"><listen port=\"http\"/><store path=\"node.db\"/>"
                                     "<desk calendar=\"calendar.xml\"/></citybridge>");
    const Ran ran = run("citybridge doctor --config " + config);
    EXPECT_EQ(ran.code, 1);
    for (const char* code : {"config.invalid", "calendar.ended", "node.no_connector", "store.unavailable"})
        EXPECT_THAT(ran.out, HasSubstr(code));
    const Ran as_json = run("citybridge doctor --json --config " + config);
    for (const Json& each : Json::parse(as_json.out)) EXPECT_NE(each["advice"], "");
    EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'),
              static_cast<std::ptrdiff_t>(Json::parse(as_json.out).size()));
    EXPECT_EQ(run("citybridge doctor --config " + folder_ + "/none.xml").code, 1);
    EXPECT_EQ(run("citybridge backup x --config " + folder_ + "/none.xml").code, 1);
}

}  // namespace
}  // namespace citybridge
