// The answer of every GET against the schema its route names. What a query reads comes from a real store.
#include <algorithm>

#include "core/api/model_json.h"
#include "core/api/records_json.h"
#include "core/desk/flow_file.h"
#include "core/gateway/router.h"
#include "core/node/report_service.h"
#include "core/relay/city_transfer.h"
#include "core/store/reader.h"
#include "core/store/store.h"
#include "tests/unit/gateway/gateway_fixture.h"
#include "tests/unit/gateway/schema_checker.h"
#include "tools/support/temp_folder.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

struct Answers : GatewayTest {
    // A store and reports of the node's own, for what is read by statements and not by the fake's rows.
    void open_database() {
        settings_.path = folder_ / "node.db";
        auto store = store::open_store(settings_);
        ASSERT_TRUE(store) << store.error().detail;
        const auto outcome = (*store)->commit("b1", stored_rows(), at_ms(0));
        ASSERT_EQ(outcome.commit, store::Commit::done) << outcome.error.detail;
        auto readers = store::open_readers(settings_, 2);
        ASSERT_TRUE(readers) << readers.error().detail;
        database_ = std::move(*readers);
        durable_.readers_.database = database_.get();
        auto facts = store::open_report_reader(settings_);
        ASSERT_TRUE(facts) << facts.error().detail;
        ReportServiceSettings reports;
        Problems problems;
        reports.reports = reports::load_reports(CITYBRIDGE_SOURCE_DIR "/config/reports", problems);
        reports.forms = reports::load_forms(CITYBRIDGE_SOURCE_DIR "/config/quality", problems);
        reports.out = folder_ / "reports";
        ASSERT_TRUE(problems.empty());
        reports_ = std::make_unique<ReportService>(std::move(reports), *reports::CityTime::in("Asia/Shanghai"),
                                                   desk::Calendar(), std::make_shared<PeopleBook>(), std::move(*facts),
                                                   durable_);
        hooks_.reports = reports_.get();
    }
    // What the city goes by: the flows and a calendar as shipped, and one switch of it.
    void put_city() {
        Problems problems;
        desk::FlowBook book;
        book.flows = desk::load_flows(CITYBRIDGE_SOURCE_DIR "/config/flows", problems);
        desk::Calendars calendars(desk::load_calendar(CITYBRIDGE_SOURCE_DIR "/config/calendars/beijing.xml", problems));
        ASSERT_TRUE(problems.empty());
        durable_.desk().set_book(std::move(book));
        durable_.desk().set_calendars(calendars.switched(
            {{"sw_1", "city", "closed", at_ms(0), system_now().wall + std::chrono::hours(24), "admin", "storm"}}));
    }
    static void add_written(WrittenChanges& rows) {
        WrittenMessageRecord& written = rows.messages.emplace_back();
        written.id = "msg_1";
        written.customer = "cus_1";
        written.order = "ord_1";
        written.to = "+8613800138000";
        written.text = "您好";
        written.parts = 1;
        written.written_by = "agent1";
        written.created_at = written.next_at = written.updated_at = at_ms(2);
    }
    static void add_callback(CallbackChanges& rows) {
        CallbackRecord& callback = rows.callbacks.emplace_back();
        callback.id = "cb_1";
        callback.side = "origin";
        callback.origin = "beijing";
        callback.target = "hangzhou";
        callback.number = "+8613800138000";
        callback.promised_at = callback.created_at = callback.updated_at = at_ms(2);
        rows.history = {{"cb_1", 1, at_ms(2), "beijing", "agent1", "offered", "", "offered", "", Fields::object()}};
        rows.cities = {{"hangzhou", 1, 1, at_ms(2), at_ms(2), 1, Fields::object()}};
    }
    static CommandRecord some_transfer() {
        relay::CityTransfer transfer;
        transfer.id = "ct_1";
        transfer.city = "hangzhou";
        transfer.user = "agent1";
        transfer.number = "+8613800138000";
        transfer.contact = "c0";
        transfer.state = relay::TransferState::failed;
        transfer.at = transfer.updated_at = at_ms(2);
        return relay::row_of(transfer);
    }
    static Changes stored_rows() {
        Changes rows;
        rows.commands = {some_transfer()};
        OrderRecord& order = rows.orders.emplace_back();
        order.id = "ord_1";
        order.kind = "sales_lead";
        order.state = "new";
        order.city = "beijing";
        order.owner = "agent1";
        order.customer = "cus_1";
        order.contact = "c0";
        order.closed_at = at_ms(3);
        TellingRecord& telling = rows.tellings.emplace_back();
        telling.id = "ord_1.1.1";
        telling.order = "ord_1";
        telling.kind = "tell";
        telling.name = "0";
        telling.channel = "screen";
        telling.to_user = "admin";
        telling.at = at_ms(2);
        telling.to_acknowledge = true;
        VerificationRecord& proof = rows.verification.verifications.emplace_back();
        proof.id = "ver_1";
        proof.customer = "cus_1";
        proof.number = "+8613800138000";
        proof.purpose = "data_change";
        proof.state = "pending";
        proof.opened_by = "agent1";
        proof.created_at = proof.expires_at = proof.updated_at = at_ms(2);
        rows.verification.blocked = {{"+8613800138009", "sms", true, "asked for it", "admin", at_ms(2)}};
        add_written(rows.written);
        add_callback(rows.callback);
        JournalRecord& call = rows.journal.emplace_back();
        call = {"c0", "+8613800138000", at_ms(0), at_ms(1), {}};
        write_json(call.body, make_contact("c0", "SIP/1001"));
        rows.desk.attachments = {
            {"att_1", "ord_1", "x.pdf", "application/pdf", 3, std::string(64, 'a'), "ann", at_ms(0)}};
        OutgoingListRecord& list = rows.desk.outgoing_lists.emplace_back();
        list.id = "lst_1";
        list.kind = "revisit";
        list.name = "November";
        list.from = at_ms(0);
        list.until = list.last_day = at_ms(9);
        list.created_by = "team_lead";
        OutgoingEntryRecord& entry = rows.desk.outgoing_entries.emplace_back();
        entry.id = "lst_1.1";
        entry.list = "lst_1";
        entry.line = 1;
        entry.number = "+8613800138000";
        ContactFact& fact = rows.facts.contacts.emplace_back();
        fact.contact = "c0";
        fact.started_at = fact.ended_at = at_ms(0);
        fact.queued_at = at_ms(0);
        fact.direction = "inbound";
        fact.outcome = "abandoned";
        fact.queue = "sales";
        QualityScore& score = rows.facts.scores.emplace_back();
        score.id = "qsc_1";
        score.contact = "c0";
        score.agent = "SIP/1001";
        score.form = "conversation";
        score.answers = {{"greeting", 10}};
        score.at = at_ms(2);
        rows.facts.runs = {{"queues", at_ms(0), at_ms(1), at_ms(2), "queues.csv\nqueues.json"}};
        return rows;
    }
    // One row of everything, so that every durable GET has something to say.
    void fill_store() {
        FakeReaders& rows = durable_.readers_;
        rows.order_row = OrderRecord{};
        rows.order_row->id = "ord_1";
        rows.order_row->kind = "sales_lead";
        rows.order_row->state = "new";
        rows.order_row->city = "beijing";
        rows.order_row->customer = "cus_1";
        rows.order_row->fields = {{"wish", "flat"}, {"rooms", 3}};
        rows.deadline_row = DeadlineRecord{};
        rows.deadline_row->order = "ord_1";
        rows.deadline_row->name = "broker_called";
        rows.deadline_row->n = 1;
        rows.deadline_row->due_at = at_ms(9);
        rows.history_row = HistoryRecord{"ord_1", 1, at_ms(0), "ann", "opened", "", "new", "hello", Fields::object()};
        rows.customer_row = CustomerRecord{};
        rows.customer_row->id = "cus_1";
        rows.customer_row->name = "\xe7\x8e\x8b";
        rows.customer_row->numbers = {"+8613800138000"};
        rows.journal_row = JournalRecord{"c0", "+8613800138000", at_ms(0), at_ms(1), {}};
        Contact recorded = make_contact("c0", "SIP/1001");
        recorded.recordings = {{"r1", "/monitor/r1.wav", Recording::State::finished, at_ms(0), at_ms(1)}};
        write_json(rows.journal_row->body, recorded);
        rows.outbox_row = OutboxRecord{};
        rows.outbox_row->id = "ord_1.1.erp";
        rows.outbox_row->destination = "erp";
        rows.outbox_row->key = rows.outbox_row->order = "ord_1";
        rows.outbox_row->kind = "open_order";
        rows.outbox_row->payload = R"({"order":"ord_1"})";
        rows.command_row = some_transfer();
        durable_.statuses = {{"erp", true, false, 3, 1, 1, {}}};
        fill_papers(rows.papers_);
    }
    void fill_papers(FakePapers& papers) {
        for (const auto& [id, kind, state] : std::vector<std::array<std::string, 3>>{{"art_1", "article", "published"},
                                                                                     {"qst_1", "question", "open"},
                                                                                     {"ntc_1", "notice", "published"},
                                                                                     {"shf_1", "shift", "open"},
                                                                                     {"scr_1", "script", "published"},
                                                                                     {"hlp_1", "help", "open"}}) {
            PaperRecord row;
            row.id = id;
            row.kind = kind;
            row.state = state;
            row.body = {{"text", "x"}};
            row.due_at = at_ms(4);
            papers.rows.push_back(row);
        }
        papers.entry_rows = {{"art_1", 1, at_ms(0), "ann", "opened", "", {{"version", 1}}}};
        papers.mark_rows = {{"ntc_1", "admin", "read", at_ms(0), 1, Fields::object()}};
        papers.skill_rows = {{"agent1", "mortgage", "ntc_1", at_ms(0), {}}};
        papers.disposition_rows = {{"c1", "rental", "b/rental", "bj", "", "", "ann", at_ms(0)}};
        papers.missing_rows = {{{"c2", "SIP/1001", "", at_ms(0), at_ms(1)}, at_ms(2)}};
        desk::Centre centre;
        centre.dispositions.roots = {{"b", "B", "b", {{"rental", "R", "b/rental", {}}}}};
        durable_.centre_->put(std::move(centre));
    }

    TempFolder folder_{"citybridge-answers"};
    store::StoreSettings settings_;
    std::unique_ptr<store::Readers> database_;
    std::unique_ptr<ReportService> reports_;
};

std::string target_of(std::string_view pattern, const std::string& command) {
    const std::string day = to_rfc3339(at_ms(0));
    const std::map<std::string_view, std::string> targets{
        {"/v1/contacts/{id}", "/v1/contacts/c1"},
        {"/v1/contacts/{id}/recordings", "/v1/contacts/c0/recordings"},
        {"/v1/agents/{id}", "/v1/agents/SIP%2F1001"},
        {"/v1/customers", "/v1/customers?phone=%2B8613800138000"},
        {"/v1/customers/{id}", "/v1/customers/cus_1"},
        {"/v1/customers/{id}/export", "/v1/customers/cus_1/export"},
        {"/v1/customers/{id}/history", "/v1/customers/cus_1/history"},
        {"/v1/orders/{id}", "/v1/orders/ord_1"},
        {"/v1/orders/{id}/history", "/v1/orders/ord_1/history"},
        {"/v1/orders/{id}/attachments", "/v1/orders/ord_1/attachments"},
        {"/v1/outgoing/sample", "/v1/outgoing/sample?month=" + day.substr(0, 7)},
        {"/v1/outgoing/{id}", "/v1/outgoing/lst_1"},
        {"/v1/outgoing/{id}/entries", "/v1/outgoing/lst_1/entries"},
        {"/v1/reports/{name}", "/v1/reports/queues?from=" + day},
        {"/v1/reports/{name}/runs", "/v1/reports/queues/runs"},
        {"/v1/contacts/{id}/scores", "/v1/contacts/c0/scores"},
        {"/v1/calendars/{name}", "/v1/calendars/city"},
        {"/v1/admin/calendars/{name}/override", "/v1/admin/calendars/city/override"},
        {"/v1/verifications", "/v1/verifications?customer=cus_1"},
        {"/v1/verifications/{id}", "/v1/verifications/ver_1"},
        {"/v1/messages/{id}", "/v1/messages/msg_1"},
        {"/v1/messages", "/v1/messages?order=ord_1"},
        {"/v1/cities/{id}/promise", "/v1/cities/hangzhou/promise"},
        {"/v1/callbacks/{id}", "/v1/callbacks/cb_1"},
        {"/v1/transfers/{id}", "/v1/transfers/ct_1"},
        {"/v1/flows/{kind}", "/v1/flows/sales_lead"},
        {"/v1/flows/{kind}/versions", "/v1/flows/sales_lead/versions"},
        {"/v1/admin/outbox/{id}", "/v1/admin/outbox/ord_1.1.erp"},
        {"/v1/dispositions/counts", "/v1/dispositions/counts?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"},
        {"/v1/knowledge/search", "/v1/knowledge/search?q=x"},
        {"/v1/knowledge/articles/{id}", "/v1/knowledge/articles/art_1"},
        {"/v1/knowledge/questions/{id}", "/v1/knowledge/questions/qst_1"},
        {"/v1/notices/{id}", "/v1/notices/ntc_1"},
        {"/v1/notices/{id}/readers", "/v1/notices/ntc_1/readers"},
        {"/v1/shifts/{id}", "/v1/shifts/shf_1"},
        {"/v1/help/{id}", "/v1/help/hlp_1"},
        {"/v1/scripts/{id}", "/v1/scripts/scr_1"},
    };
    if (pattern == "/v1/commands/{id}") return "/v1/commands/" + command;
    const auto found = targets.find(pattern);
    return found == targets.end() ? std::string(pattern) : found->second;
}

// What a plugin answers for itself is tested with the plugin.
bool is_read(const gateway::Route& route) {
    return route.method == "GET" && !route.schema.empty() && route.pattern != "/v1/hooks/{connector}";
}

TEST_F(Answers, follow_the_schemas_their_routes_name) {
    const SchemaChecker checker = shipped_schemas();
    hooks_.plugins = [] { return nlohmann::ordered_json::array({{{"name", "pbx"}}}); };
    open_database();
    start();
    fill_store();
    put_city();
    live_.publish_contact(make_contact("c1", "SIP/1001"));
    live_.publish_agent(make_agent("SIP/1001"));
    const Reply session = ask("POST", "/v1/session", {}, credentials("admin", "admin"));
    EXPECT_EQ(checker.check("session.json", session.json()), std::vector<std::string>{});
    const std::string token = session.json()["token"];
    const Reply dial = ask("POST", "/v1/calls", token, R"({"agent":"SIP/1001","number":"1"})");
    EXPECT_EQ(checker.check("command_accepted.json", dial.json()), std::vector<std::string>{});
    const std::string command = dial.json()["command_id"];
    int checked = 0, lists = 0;
    for (const auto& route : gateway::routes()) {
        if (!is_read(route)) continue;
        const std::string target = target_of(route.pattern, command);
        const Reply reply = ask("GET", target, token);
        EXPECT_EQ(reply.status, route.success) << target << " " << reply.body;
        const Json body = reply.json();
        EXPECT_EQ(checker.check(std::string(route.schema) + ".json", body), std::vector<std::string>{}) << target;
        for (const char* list : {"items", "rows"}) {
            if (!body.contains(list)) continue;
            EXPECT_FALSE(body[list].empty()) << target;
            ++lists;
        }
        ++checked;
    }
    // So that none drops out unseen: of every GET with a schema.
    const auto named = std::count_if(gateway::routes().begin(), gateway::routes().end(), is_read);
    EXPECT_EQ(checked, named);
    EXPECT_EQ(lists, 43);
}

TEST_F(Answers, of_acts_follow_their_schemas) {
    const SchemaChecker checker = shipped_schemas();
    start();
    fill_store();
    const std::string token = log_in("admin");
    for (const auto& [target, body] : std::vector<std::pair<std::string, std::optional<std::string>>>{
             {"/v1/admin/outbox/ord_1.1.erp/replay", {}},
             {"/v1/admin/outbox/ord_1.1.erp/cancel", {}},
             {"/v1/admin/dead-letters/replay", R"({"destination":"erp"})"}}) {
        const Reply reply = ask("POST", target, token, body);
        EXPECT_EQ(reply.status, 200) << target << reply.body;
        EXPECT_EQ(checker.check("replayed.json", reply.json()), std::vector<std::string>{}) << target;
    }
    const Reply user = ask("POST", "/v1/admin/users", token, R"({"name":"erp2","role":"erp"})");
    EXPECT_EQ(user.status, 201) << user.body;
    EXPECT_EQ(checker.check("user.json", user.json()), std::vector<std::string>{});
}

}  // namespace
}  // namespace citybridge::test
