// Attacks on the verification of callers, through the API of a whole node.
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <atomic>
#include <cctype>
#include <sstream>
#include <thread>

#include "core/api/file_bytes.h"
#include "core/gateway/crypto.h"
#include "tests/unit/node/verification_fixture.h"

namespace citybridge::test {
namespace {

struct VerificationAttack : VerifyingNode {
    // Every row of every table as text, and the bytes of the files beside.
    std::string dump() {
        std::string out;
        sqlite3* database = nullptr;
        EXPECT_EQ(sqlite3_open_v2(store_path().c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
        const auto each = [](void* text, int columns, char** values, char**) {
            for (int i = 0; i < columns; ++i)
                if (values[i] != nullptr) static_cast<std::string*>(text)->append(values[i]).append("\n");
            return 0;
        };
        std::string tables;
        sqlite3_exec(database, "select name from sqlite_master where type='table'", each, &tables, nullptr);
        for (std::size_t at = 0, end = 0; (end = tables.find('\n', at)) != std::string::npos; at = end + 1)
            sqlite3_exec(database, ("select * from \"" + tables.substr(at, end - at) + "\"").c_str(), each, &out,
                         nullptr);
        sqlite3_close(database);
        for (const char* part : {"", "-wal"}) out += file_bytes(store_path() + part).value_or("");
        return out;
    }
};

// Where it stands by itself: six digits inside of an id, a hash or a time stand there by chance.
std::string where(const std::string& text, const std::string& code) {
    const auto part_of_more = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    for (std::size_t at = text.find(code); at != std::string::npos; at = text.find(code, at + 1)) {
        const std::size_t end = at + code.size();
        const bool inside = (at > 0 && part_of_more(text[at - 1])) || (end < text.size() && part_of_more(text[end]));
        if (!inside) return text.substr(at < 60 ? 0 : at - 60, 120);
    }
    return {};
}

TEST_F(VerificationAttack, of_fifty_checks_at_once_one_passes) {
    begin();
    const std::string id = id_of(start(make_customer("13800138100")));
    const std::string code = code_of(id);
    (void)token_of("agent1");
    std::atomic<int> passed = 0, over = 0, other = 0;
    std::vector<std::thread> callers;
    callers.reserve(50);
    for (int i = 0; i < 50; ++i)
        callers.emplace_back([&] {
            const Reply reply = check(id, code);
            const std::string answer = reply.status == 200 ? reply.json().value("answer", "") : reply.code();
            ++(answer == "passed" ? passed : answer == "verification.not_pending" ? over : other);
        });
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(passed, 1);
    EXPECT_EQ(over, 49);
    EXPECT_EQ(other, 0);
}

TEST_F(VerificationAttack, fifty_guesses_at_once_are_five) {
    begin();
    const std::string id = id_of(start(make_customer("13800138101")));
    const std::string wrong = other_than(code_of(id));
    (void)token_of("agent1");
    std::vector<std::thread> callers;
    callers.reserve(50);
    for (int i = 0; i < 50; ++i) callers.emplace_back([&] { (void)check(id, wrong); });
    for (std::thread& caller : callers) caller.join();
    const Json now = ask("GET", "/v1/verifications/" + id, "chief").json();
    EXPECT_EQ(now["wrong_checks"], 5);
    EXPECT_EQ(now["state"], "locked");
}

TEST_F(VerificationAttack, guessing_over_verifications_and_purposes_is_five_a_number) {
    set_up("<send_gap_seconds>0</send_gap_seconds><purposes>data_change, contract</purposes>");
    begin();
    const std::string customer = make_customer("13800138102");
    int wrong_checks = 0;
    for (int round = 0; round < 6; ++round) {
        const Reply begun = start(customer, {}, "agent1", round % 2 == 0 ? "data_change" : "contract");
        if (begun.status != 201) continue;
        const std::string wrong = other_than(code_of(id_of(begun)));
        for (int i = 0; i < 2; ++i) (void)check(id_of(begun), wrong);
        wrong_checks += ask("GET", "/v1/verifications/" + id_of(begun), "chief").json()["wrong_checks"].get<int>();
    }
    EXPECT_EQ(wrong_checks, 5);
    EXPECT_EQ(start(customer).code(), "verification.exhausted");
}

TEST_F(VerificationAttack, one_number_gets_no_flood_of_messages) {
    begin();
    const std::string customer = make_customer("13800138103");
    int sent = 0;
    for (int i = 0; i < 20; ++i) {
        const Reply begun = start(customer);
        if (begun.status != 201) continue;
        ++sent;
        if (step(id_of(begun), "resend").status == 200) ++sent;
    }
    EXPECT_EQ(sent, 6);
}

// Everything that is logged, at the finest level, as long as it lives.
struct LogKept {
    LogKept() {
        sink->set_level(spdlog::level::trace);
        spdlog::default_logger()->sinks().push_back(sink);
        spdlog::set_level(spdlog::level::trace);
    }
    ~LogKept() {
        spdlog::default_logger()->sinks().pop_back();
        spdlog::set_level(before);
    }
    std::ostringstream text;
    std::shared_ptr<spdlog::sinks::ostream_sink_mt> sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text);
    spdlog::level::level_enum before = spdlog::get_level();
};

TEST_F(VerificationAttack, the_code_is_in_no_row_log_answer_event_metric_or_key) {
    LogKept log;
    begin();
    auto stream = stream_of("chief");
    const Json order = open_change("13800138104");
    const std::string id = id_of(start({}, order["id"]));
    const std::string code = code_of(id);
    ASSERT_TRUE(wait_for_state(id + ".1.sms", "delivered"));
    std::string seen;
    seen += check(id, other_than(code), "agent1", "Idempotency-Key: one\r\n").body;
    const Reply right = check(id, code, "agent1", "Idempotency-Key: two\r\n");
    ASSERT_EQ(right.json()["answer"], "passed");
    // The same key again gets the same answer, whatever it is sent with: it tells nothing about other codes.
    EXPECT_EQ(check(id, other_than(code), "agent1", "Idempotency-Key: two\r\n").body, right.body);
    seen += right.body + ask("GET", "/v1/verifications/" + id, "chief").body;
    seen += ask("GET", "/v1/orders/" + order["id"].get<std::string>() + "/history", "chief").body;
    seen += ask("GET", "/v1/admin/outbox/" + id + ".1.sms", "chief").body;
    seen += ask("GET", "/metrics", "").body;
    for (const char* type : {"verification.sent", "verification.wrong", "verification.passed"}) {
        const Json event = next_of(*stream, type);
        ASSERT_TRUE(event.is_object()) << type;
        seen += event.dump();
    }
    EXPECT_EQ(where(seen, code), "");
    end();
    ASSERT_NE(log.text.str().find("node.started"), std::string::npos) << "the log holds what it should";
    EXPECT_EQ(where(log.text.str(), code), "");
    const std::string rows = dump();
    ASSERT_GT(rows.size(), 10'000U);
    ASSERT_NE(rows.find(id), std::string::npos) << "the dump holds what it should";
    EXPECT_EQ(where(rows, code), "");
    // Nor anything from which a million tries would find it.
    const std::string path = "POST\n/v1/verifications/" + id + "/check\n";
    EXPECT_EQ(rows.find(gateway::sha256_hex(path + Json{{"code", code}}.dump())), std::string::npos);
    for (const std::string& text : {code, id + code, code + id})
        EXPECT_EQ(rows.find(gateway::sha256_hex(text)), std::string::npos);
}

TEST_F(VerificationAttack, who_may_do_what) {
    begin();
    const std::string customer = make_customer("13800138105");
    EXPECT_EQ(start(customer, {}, "").status, 401);
    for (const char* user : {"quality", "erp"}) EXPECT_EQ(start(customer, {}, user).status, 403) << user;
    const std::string id = id_of(start(customer));
    const std::string code = code_of(id);
    // Another agent's verification is like one that is not there.
    EXPECT_EQ(check(id, code, "agent2").code(), "verification.unknown");
    EXPECT_EQ(ask("GET", "/v1/verifications/" + id, "agent2").code(), "verification.unknown");
    EXPECT_EQ(step(id, "resend", nullptr, "agent2").code(), "verification.unknown");
    for (const char* user : {"agent1", "lead", "quality"})
        EXPECT_EQ(step(id, "unlock", {{"reason", "because"}}, user).status, 403) << user;
    for (int i = 0; i < 5; ++i) (void)check(id, other_than(code));
    EXPECT_EQ(step(id, "unlock", Json::object(), "chief").code(), "request.missing_field");
    const Reply unlocked = step(id, "unlock", {{"reason", "customer is in the shop"}}, "chief");
    EXPECT_EQ(unlocked.json()["answer"], "unlocked") << unlocked.body;
    EXPECT_EQ(start(customer).status, 201);
    // Words that are no code cost nothing and tell nothing back.
    const Reply garbage = check(id_of(start(customer)), "12345x");
    EXPECT_EQ(garbage.status, 400);
    EXPECT_EQ(garbage.body.find("12345x"), std::string::npos);
}

TEST_F(VerificationAttack, the_order_must_be_his_and_the_agents) {
    begin();
    const Json order = open_change("13800138106");
    const std::string stranger = make_customer("13800138107");
    EXPECT_EQ(start(stranger, order["id"]).code(), "verification.other_customer");
    EXPECT_EQ(start({}, order["id"], "agent2").code(), "order.unknown");
    EXPECT_EQ(start({}, "ord_none").code(), "order.unknown");
}

}  // namespace
}  // namespace citybridge::test
