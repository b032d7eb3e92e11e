// docs/schemas against what the node really sends, and /openapi.json against itself.
#include <filesystem>
#include <fstream>

#include "core/api/model_json.h"
#include "core/api/records_json.h"
#include "core/desk/paper.h"
#include "core/gateway/openapi.h"
#include "core/gateway/problem.h"
#include "core/gateway/router.h"
#include "core/gateway/stream_json.h"
#include "tests/unit/gateway/gateway_fixture.h"
#include "tests/unit/gateway/schema_checker.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;
const std::string kId = "0123456789abcdef-17";

SchemaChecker load() {
    std::map<std::string, Json> schemas;
    for (const auto& file : std::filesystem::directory_iterator(CITYBRIDGE_SOURCE_DIR "/docs/schemas")) {
        std::ifstream in(file.path());
        schemas[file.path().filename()] = Json::parse(in);
    }
    return SchemaChecker(std::move(schemas));
}

// Every field set, every enum value given by the caller's index.
Contact full_contact(int i) {
    Contact c = make_contact("c1", "SIP/1001");
    c.direction = static_cast<Direction>(i % 3);
    c.state = static_cast<ContactState>(i % 8);
    c.outcome = static_cast<Outcome>(i % 9);
    c.ended_by = static_cast<EndedBy>(i % 4);
    c.customer_number_e164 = "+8613800138000";
    c.called_number = "95588";
    c.queued_at = c.answered_at = c.ended_at = at_ms(7);
    c.wait = Millis(12);
    c.legs[0].role = static_cast<LegRole>(i % 6);
    c.legs[0].name = "\xc4\xe3\xba\xc3";  // GBK bytes that never were made UTF-8
    c.legs[0].joined_at = c.legs[0].left_at = at_ms(8);
    c.legs[0].pbx_ids = {"1.1"};
    c.offers.push_back({"o1", "SIP/1001", "SIP/1001", static_cast<OfferState>(i % 6), at_ms(1), at_ms(2)});
    c.holds.push_back({static_cast<HoldBy>(i % 2), at_ms(3), at_ms(4)});
    c.transfers.push_back(
        {static_cast<TransferKind>(i % 6), "SIP/1001", "1002", static_cast<TransferResult>(i % 3), at_ms(5)});
    c.survey = Survey{i % 2 ? "1" : "good", at_ms(6)};
    c.recordings = {
        {"r1", "/var/spool/asterisk/monitor/r1.wav", Recording::State::finished, c.started_at, c.started_at}};
    c.disposition = "sale";
    c.attributes = {{"menu", "1"}};
    c.allowed = {"hangup"};
    return c;
}

OrderChanged some_order(int i) {
    OrderRecord order;
    order.id = "ord_1";
    order.kind = "sales_lead";
    order.state = "new";
    order.city = "beijing";
    std::vector<DeadlineRecord> deadlines;
    if (i % 2) {
        order.owner = order.group = order.customer = order.contact = order.external_system = order.external_id = "x";
        order.fields = {{"wish", "flat"}, {"rooms", 3}, {"urgent", true}};
        order.closed_at = at_ms(5);
        DeadlineRecord& deadline = deadlines.emplace_back();
        deadline.order = "ord_1";
        deadline.name = "broker_called";
        deadline.n = 1;
        deadline.due_at = at_ms(9);
        deadline.provisional = true;
        deadline.state = static_cast<DeadlineState>(i % 4);
        deadline.set_at = at_ms(0);
    }
    return {static_cast<OrderChanged::What>(i % 5), order.id, order.owner, order.group,
            to_json(order, deadlines).dump()};
}

PaperChanged some_paper_event(int i) {
    if (i % 3 == 0) {
        const DispositionRecord row{"c1", "rental", "b/rental", "bj", i % 2 ? "q" : "", "", "ann", at_ms(0)};
        return {"disposition.set", "c1", {}, {}, false, desk::to_json(row).dump()};
    }
    PaperRecord row;
    row.id = "qst_1";
    row.kind = i % 3 == 1 ? "question" : "notice";
    row.state = "open";
    if (i % 2) row.owner = row.group = row.contact = row.order = row.about = "x";
    return {row.kind + (i % 3 == 1 ? ".overdue" : ".published"), row.id, {}, {}, false, desk::paper_json(row).dump()};
}

std::vector<Event> every_event() {
    std::vector<Event> out;
    for (int i = 0; i < 18; ++i) {
        const auto contact = std::make_shared<const Contact>(i == 0 ? make_contact("bare") : full_contact(i));
        out.push_back(ContactChanged{static_cast<ContactChanged::What>(i % 7), contact, "c2"});
        Offer offer;
        if (i > 0) offer = contact->offers[0];
        out.push_back(OfferChanged{static_cast<OfferChanged::What>(i % 3), offer, contact});
        Agent agent = make_agent("SIP/1001");
        agent.state = static_cast<AgentPresence>(i % 8);
        if (i % 2) agent.name = agent.reason = agent.cause = agent.contact = "x";
        out.push_back(AgentChanged{std::make_shared<const Agent>(agent)});
        out.push_back(CommandFinished{"cmd", "ann", static_cast<CommandOutcome>(1 + i % 4), i % 2 ? "busy" : "", ""});
        out.push_back(PbxLinkChanged{"pbx", i % 2 == 0, i % 2 ? "refused" : ""});
        out.push_back(some_order(i));
        out.push_back(some_paper_event(i));
    }
    return out;
}

TEST(Schemas, every_event_frame_is_valid_and_the_common_schema_agrees) {
    const SchemaChecker checker = load();
    std::set<std::string> types;
    for (const Event& event : every_event()) {
        const Json frame = Json::parse(gateway::event_text(kId, {17, at_ms(0), event}));
        types.insert(frame["type"]);
        EXPECT_EQ(frame["id"], kId);
        const std::string type = frame["type"];
        const std::string own = type == "contact.merged"                                   ? "event_contact_merged.json"
                                : type.starts_with("contact.")                             ? "event_contact.json"
                                : type.starts_with("offer.")                               ? "event_offer.json"
                                : type == "agent.state"                                    ? "event_agent_state.json"
                                : type == "command.result"                                 ? "event_command_result.json"
                                : type.starts_with("order.")                               ? "event_order.json"
                                : type.starts_with("disposition.")                         ? "event_disposition.json"
                                : type == "question.overdue" || type == "notice.published" ? "event_paper.json"
                                                                                           : "event_pbx_link.json";
        EXPECT_EQ(checker.check(own, frame), std::vector<std::string>{}) << frame.dump();
        EXPECT_EQ(checker.check("frame.json", frame), std::vector<std::string>{}) << frame.dump();
    }
    EXPECT_EQ(types,
              (std::set<std::string>{
                  "contact.started", "contact.changed", "contact.offered", "contact.answered", "contact.transferred",
                  "contact.merged",  "contact.ended",   "offer.shown",     "offer.details",    "offer.revoked",
                  "agent.state",     "command.result",  "pbx.link",        "order.opened",     "order.changed",
                  "order.noted",     "order.overdue",   "order.closed",    "disposition.set",  "question.overdue",
                  "notice.published"}));
}

TEST(Schemas, a_merge_names_the_contact_the_event_and_where_to) {
    const Json frame = Json::parse(gateway::event_text(
        kId,
        {17, at_ms(0),
         ContactChanged{ContactChanged::What::merged, std::make_shared<const Contact>(make_contact("c1")), "c2"}}));
    EXPECT_EQ(frame["id"], kId);
    EXPECT_EQ(frame["contact"], "c1");
    EXPECT_EQ(frame["into"], "c2");
}

TEST(Schemas, the_snapshot_and_its_parts_are_valid) {
    const SchemaChecker checker = load();
    LiveSnapshot snapshot;
    for (int i = 0; i < 18; ++i) snapshot.contacts.push_back(std::make_shared<const Contact>(full_contact(i)));
    snapshot.agents.push_back(std::make_shared<const Agent>(make_agent("SIP/1001")));
    const Json frame = Json::parse(gateway::snapshot_text(kId, at_ms(0), snapshot, {"admin", Role::admin, ""}));
    EXPECT_EQ(checker.check("snapshot.json", frame), std::vector<std::string>{});
    EXPECT_EQ(checker.check("frame.json", frame), std::vector<std::string>{});
    for (const auto& contact : frame["contacts"]) EXPECT_TRUE(checker.check("contact.json", contact).empty());
    EXPECT_EQ(frame["contacts"].size(), 18U);
    const Json offer = Json::parse(dump(to_json(full_contact(1).offers[0])));
    EXPECT_EQ(checker.check("offer.json", offer), std::vector<std::string>{});
}

TEST(Schemas, the_goodbye_of_a_stream_is_valid) {
    const SchemaChecker checker = load();
    const Json frame = Json::parse(gateway::goodbye_text(at_ms(0), "second_login"));
    EXPECT_EQ(checker.check("event_session_ended.json", frame), std::vector<std::string>{});
    EXPECT_EQ(checker.check("frame.json", frame), std::vector<std::string>{});
}

TEST(Schemas, every_problem_is_valid) {
    const SchemaChecker checker = load();
    for (const auto& kind : gateway::problem_kinds()) {
        const gateway::HttpResponse response = gateway::problem(kind.code, "Why.");
        const Json body = Json::parse(response.body);
        EXPECT_EQ(checker.check("problem.json", body), std::vector<std::string>{});
        EXPECT_EQ(body["code"], kind.code);
        EXPECT_EQ(body["status"], response.status);
    }
}

TEST(Schemas, wrong_documents_are_found) {
    const SchemaChecker checker = load();
    const Json good = Json::parse(dump(to_json(full_contact(3))));
    for (const auto& [field, wrong] : std::vector<std::pair<std::string, Json>>{{"state", "asleep"},
                                                                                {"started_at", "yesterday"},
                                                                                {"talk_ms", -1},
                                                                                {"legs", 5},
                                                                                {"inferred", "no"},
                                                                                {"x", 1}}) {
        Json bad = good;
        bad[field] = wrong;
        EXPECT_FALSE(checker.check("contact.json", bad).empty()) << field;
    }
    Json lacking = good;
    lacking.erase("queue");
    EXPECT_FALSE(checker.check("contact.json", lacking).empty());
}

struct Answers : GatewayTest {
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
        durable_.statuses = {{"erp", true, false, 3, 1, 1, {}}};
        fill_papers(rows.papers_);
    }
    void fill_papers(FakePapers& papers) {
        for (const auto& [id, kind, state] : std::vector<std::array<std::string, 3>>{{"art_1", "article", "published"},
                                                                                     {"qst_1", "question", "open"},
                                                                                     {"ntc_1", "notice", "published"},
                                                                                     {"shf_1", "shift", "open"},
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
};

std::string target_of(std::string_view pattern, const std::string& command) {
    static const std::map<std::string_view, std::string> targets{
        {"/v1/contacts/{id}", "/v1/contacts/c1"},
        {"/v1/contacts/{id}/recordings", "/v1/contacts/c0/recordings"},
        {"/v1/agents/{id}", "/v1/agents/SIP%2F1001"},
        {"/v1/customers", "/v1/customers?phone=%2B8613800138000"},
        {"/v1/customers/{id}", "/v1/customers/cus_1"},
        {"/v1/customers/{id}/export", "/v1/customers/cus_1/export"},
        {"/v1/orders/{id}", "/v1/orders/ord_1"},
        {"/v1/orders/{id}/history", "/v1/orders/ord_1/history"},
        {"/v1/admin/outbox/{id}", "/v1/admin/outbox/ord_1.1.erp"},
        {"/v1/dispositions/counts", "/v1/dispositions/counts?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"},
        {"/v1/knowledge/search", "/v1/knowledge/search?q=x"},
        {"/v1/knowledge/articles/{id}", "/v1/knowledge/articles/art_1"},
        {"/v1/knowledge/questions/{id}", "/v1/knowledge/questions/qst_1"},
        {"/v1/notices/{id}", "/v1/notices/ntc_1"},
        {"/v1/notices/{id}/readers", "/v1/notices/ntc_1/readers"},
        {"/v1/shifts/{id}", "/v1/shifts/shf_1"},
        {"/v1/help/{id}", "/v1/help/hlp_1"},
    };
    if (pattern == "/v1/commands/{id}") return "/v1/commands/" + command;
    const auto found = targets.find(pattern);
    return found == targets.end() ? std::string(pattern) : found->second;
}

TEST_F(Answers, follow_the_schemas_their_routes_name) {
    const SchemaChecker checker = load();
    hooks_.plugins = [] { return nlohmann::ordered_json::array({{{"name", "pbx"}}}); };
    start();
    fill_store();
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
        if (route.method != "GET" || route.schema.empty()) continue;
        const std::string target = target_of(route.pattern, command);
        const Reply reply = ask("GET", target, token);
        EXPECT_EQ(reply.status, route.success) << target << " " << reply.body;
        const Json body = reply.json();
        EXPECT_EQ(checker.check(std::string(route.schema) + ".json", body), std::vector<std::string>{}) << target;
        if (body.contains("items")) {
            EXPECT_FALSE(body["items"].empty()) << target;
            ++lists;
        }
        ++checked;
    }
    // So that none drops out unseen: of every GET with a schema.
    const auto named =
        std::count_if(gateway::routes().begin(), gateway::routes().end(),
                      [](const gateway::Route& route) { return route.method == "GET" && !route.schema.empty(); });
    EXPECT_EQ(checked, named);
    EXPECT_GE(lists, 11 + 13);
}

TEST_F(Answers, of_acts_follow_their_schemas) {
    const SchemaChecker checker = load();
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

void collect_refs(const Json& value, std::set<std::string>& out) {
    if (value.is_object() && value.contains("$ref")) out.insert(value["$ref"].get<std::string>());
    if (value.is_structured())
        for (const auto& child : value) collect_refs(child, out);
}

TEST(OpenApi, describes_every_route_and_resolves_every_reference) {
    const Json document = Json::parse(gateway::openapi().dump());
    EXPECT_EQ(document["openapi"], "3.1.0");
    for (const auto& route : gateway::routes()) {
        std::string method(route.method);
        std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::tolower(c); });
        const Json& operation = document.at("paths").at(std::string(route.pattern)).at(method);
        EXPECT_TRUE(operation["responses"].contains(std::to_string(route.success)));
        EXPECT_EQ(operation.contains("requestBody"), !route.body.empty());
    }
    std::set<std::string> refs;
    collect_refs(document, refs);
    EXPECT_GE(refs.size(), 10U);
    for (const std::string& ref : refs) {
        ASSERT_TRUE(ref.starts_with("#/")) << ref;
        EXPECT_TRUE(document.contains(Json::json_pointer(ref.substr(1)))) << ref;
    }
    EXPECT_TRUE(document["components"]["schemas"].contains("frame")) << "the stream's frames belong to the contract";
}

}  // namespace
}  // namespace citybridge::test
