// docs/schemas against what the node really sends, and /openapi.json against itself.
#include "core/api/model_json.h"
#include "core/api/records_json.h"
#include "core/desk/paper.h"
#include "core/desk/verification.h"
#include "core/desk/written_messages.h"
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
    c.transfers.push_back({static_cast<TransferKind>(i % 6), "SIP/1001", "1002", static_cast<TransferResult>(i % 3),
                           at_ms(5), static_cast<TransferReason>(i % 9)});
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
    return {static_cast<OrderChanged::What>(i % 7), order.id, order.owner, order.group,
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
        out.emplace_back(ContactChanged{static_cast<ContactChanged::What>(i % 7), contact, "c2"});
        Offer offer;
        if (i > 0) offer = contact->offers[0];
        out.emplace_back(OfferChanged{static_cast<OfferChanged::What>(i % 3), offer, contact});
        Agent agent = make_agent("SIP/1001");
        agent.state = static_cast<AgentPresence>(i % 8);
        if (i % 2) agent.name = agent.reason = agent.cause = agent.contact = "x";
        out.emplace_back(AgentChanged{std::make_shared<const Agent>(agent)});
        out.emplace_back(
            CommandFinished{"cmd", "ann", static_cast<CommandOutcome>(1 + i % 4), i % 2 ? "busy" : "", ""});
        out.emplace_back(PbxLinkChanged{"pbx", i % 2 == 0, i % 2 ? "refused" : ""});
        out.emplace_back(some_order(i));
        out.emplace_back(some_paper_event(i));
    }
    return out;
}

TEST(Schemas, every_event_frame_is_valid_and_the_common_schema_agrees) {
    const SchemaChecker checker = shipped_schemas();
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
                  "contact.started", "contact.changed",  "contact.offered", "contact.answered", "contact.transferred",
                  "contact.merged",  "contact.ended",    "offer.shown",     "offer.details",    "offer.revoked",
                  "agent.state",     "command.result",   "pbx.link",        "order.opened",     "order.changed",
                  "order.noted",     "order.overdue",    "order.escalated", "order.told",       "order.closed",
                  "disposition.set", "question.overdue", "notice.published"}));
}

TEST(Schemas, cover_and_words_to_say_are_told_by_their_schemas) {
    const SchemaChecker checker = shipped_schemas();
    PaperRecord words;
    words.id = "scr_repair.open";
    words.kind = "script";
    words.state = "changed";
    const std::vector<std::pair<PaperChanged, std::string>> events{
        {{"script.waiting", words.id, {}, {"product_manager"}, false, desk::paper_json(words).dump()},
         "event_paper.json"},
        {{"cover.short", "", {}, {}, false, R"({"group":null,"period":"征期","wanted":3,"there":2})"},
         "event_cover.json"},
        {{"cover.met", "a", {}, {}, false, R"({"group":"a","period":"征期","wanted":0,"there":2})"},
         "event_cover.json"}};
    for (const auto& [event, schema] : events) {
        const Json frame = Json::parse(gateway::event_text(kId, {17, at_ms(0), event}));
        EXPECT_EQ(checker.check(schema, frame), std::vector<std::string>{}) << frame.dump();
        EXPECT_EQ(checker.check("frame.json", frame), std::vector<std::string>{}) << frame.dump();
    }
}

TEST(Schemas, a_message_of_a_person_is_told_without_its_text) {
    const SchemaChecker checker = shipped_schemas();
    WrittenMessageRecord row;
    row.id = "msg_1";
    row.customer = "cus_1";
    row.to = "+8613800138000";
    row.text = "您好";
    row.parts = 1;
    row.detail = "absent";
    for (const char* state : {"waiting", "accepted", "delivered", "undelivered", "unclear", "cancelled"}) {
        row.state = state;
        const std::string word = row.state == "waiting" ? "written" : row.state;
        const std::string json = desk::written_json(row, false).dump();
        const Json frame = Json::parse(gateway::event_text(
            kId, {17, at_ms(0), PaperChanged{"message." + word, row.id, {"ann"}, {}, false, json}}));
        EXPECT_EQ(checker.check("event_message.json", frame), std::vector<std::string>{}) << frame.dump();
        EXPECT_EQ(checker.check("frame.json", frame), std::vector<std::string>{}) << frame.dump();
        EXPECT_EQ(frame["message"]["to"], "+86138****8000");
        EXPECT_TRUE(frame["message"]["text"].is_null() && frame["message"]["detail"].is_null());
        EXPECT_EQ(checker.check("message.json", Json::parse(desk::written_json(row, true).dump())),
                  std::vector<std::string>{});
    }
}

TEST(Schemas, a_verification_is_told_with_its_number_masked) {
    const SchemaChecker checker = shipped_schemas();
    VerificationRecord row;
    row.id = "ver_1";
    row.customer = "cus_1";
    row.number = "+8613800138000";
    row.purpose = "data_change";
    row.opened_by = "ann";
    for (const char* state : {"pending", "verified", "failed", "locked", "expired"}) {
        row.state = state;
        for (const char* delivery : {"", "accepted", "delivered", "undelivered", "unclear"}) {
            row.detail = *delivery == 0 ? Fields::object() : Fields{{"delivery", delivery}};
            const std::string json = desk::verification_json(row, at_ms(0), true).dump();
            const Json frame = Json::parse(gateway::event_text(
                kId, {17, at_ms(0), PaperChanged{"verification.sent", row.id, {"ann"}, {}, false, json}}));
            EXPECT_EQ(checker.check("event_verification.json", frame), std::vector<std::string>{}) << frame.dump();
            EXPECT_EQ(checker.check("frame.json", frame), std::vector<std::string>{}) << frame.dump();
            EXPECT_EQ(frame["verification"]["number"], "+86138****8000");
        }
    }
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
    const SchemaChecker checker = shipped_schemas();
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
    const SchemaChecker checker = shipped_schemas();
    const Json frame = Json::parse(gateway::goodbye_text(at_ms(0), "second_login"));
    EXPECT_EQ(checker.check("event_session_ended.json", frame), std::vector<std::string>{});
    EXPECT_EQ(checker.check("frame.json", frame), std::vector<std::string>{});
}

TEST(Schemas, every_problem_is_valid) {
    const SchemaChecker checker = shipped_schemas();
    for (const auto& kind : gateway::problem_kinds()) {
        const gateway::HttpResponse response = gateway::problem(kind.code, "Why.");
        const Json body = Json::parse(response.body);
        EXPECT_EQ(checker.check("problem.json", body), std::vector<std::string>{});
        EXPECT_EQ(body["code"], kind.code);
        EXPECT_EQ(body["status"], response.status);
    }
}

TEST(Schemas, wrong_documents_are_found) {
    const SchemaChecker checker = shipped_schemas();
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
