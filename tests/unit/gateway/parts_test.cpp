// JSON input, idempotency, command journal, ring and visibility without a server.
#include <gtest/gtest.h>

#include "core/gateway/command_journal.h"
#include "core/gateway/fields.h"
#include "core/gateway/idempotency.h"
#include "core/gateway/stream_ring.h"
#include "tests/unit/gateway/fake_live.h"

namespace citybridge::gateway {
namespace {

std::string code_of(const std::string& body, std::span<const FieldRule> rules = kCallFields) {
    const auto read = read_object(body, rules);
    return read ? "accepted" : read.error().code;
}

TEST(JsonInput, accepts_what_the_table_allows) {
    EXPECT_EQ(code_of(R"({"number":"+8613800138000"})"), "accepted");
    EXPECT_EQ(code_of(R"({"agent":"SIP/1001","number":"*43#"})"), "accepted");
}

TEST(JsonInput, names_the_field_that_is_wrong) {
    const auto detail = [](const std::string& body) { return read_object(body, kCallFields).error().detail; };
    EXPECT_EQ(code_of("{}"), "request.missing_field");
    EXPECT_NE(detail("{}").find("'number'"), std::string::npos);
    EXPECT_EQ(code_of(R"({"number":123})"), "request.bad_field");
    EXPECT_NE(detail(R"({"number":123})").find("must be a text, not number"), std::string::npos);
    EXPECT_EQ(code_of(R"({"number":null})"), "request.bad_field");
    EXPECT_EQ(code_of(R"({"number":{"number":"1"}})"), "request.bad_field");
    EXPECT_EQ(code_of(R"({"number":""})"), "request.bad_field");
    EXPECT_EQ(code_of(R"({"number":"1","x":1})"), "request.unknown_field");
    EXPECT_EQ(code_of(R"({"number":"1","agent":")" + std::string(200, 'a') + R"("})"), "request.bad_field");
    EXPECT_EQ(code_of(R"({"number":"1","agent":"a\u0000b"})"), "request.bad_field");
    EXPECT_EQ(code_of(R"({"state":"asleep"})", kAgentStateFields), "request.bad_field");
}

TEST(JsonInput, refuses_what_is_no_plain_object) {
    for (const std::string body : {"", "[]", "null", "\"x\"", "{", "{\"a\":}", "{}x", "{\"number\":\"\xff\"}", "1e999",
                                   R"({"number":"1","number":"2"})", "{'number':'1'}", "\xef\xbb\xbf"})
        EXPECT_EQ(code_of(body), "request.bad_json") << body;
}

TEST(JsonInput, survives_json_bombs) {
    const std::string open(60'000, '[');
    EXPECT_EQ(code_of(open), "request.bad_json");
    EXPECT_EQ(code_of(open + std::string(60'000, ']')), "request.bad_json");
    std::string objects;
    for (int i = 0; i < 10'000; ++i) objects += R"({"a":)";
    EXPECT_EQ(code_of(objects), "request.bad_json");
    EXPECT_TRUE(read_json("[[[1]]]", 3));
    EXPECT_FALSE(read_json("[[[[1]]]]", 3));
}

TEST(DialNumbers, are_digits_with_plus_star_and_hash) {
    for (const char* good : {"1", "10086", "+8613800138000", "*43#", "00861012345678"})
        EXPECT_TRUE(is_dial_number(good));
    for (const char* bad : {"", "+", "1 2", "tel:1", "1+2", "++1", "123456789012345678901234567890123", "1\r\n2", "１"})
        EXPECT_FALSE(is_dial_number(bad)) << bad;
}

HttpRequest post(const std::string& body) {
    HttpRequest request;
    request.method = "POST";
    request.path = "/v1/calls";
    request.body = body;
    return request;
}

TEST(Idempotency, replays_the_first_answer_to_the_same_request_only) {
    using Verdict = IdempotencyJournal::Verdict;
    IdempotencyJournal journal;
    const MonoTime now(Millis(1'000'000));
    HttpResponse answer;
    EXPECT_EQ(journal.begin("ann", "k", post("a"), now, answer), Verdict::first);
    EXPECT_EQ(journal.begin("ann", "k", post("a"), now, answer), Verdict::in_flight);
    EXPECT_EQ(journal.begin("ann", "k", post("b"), now, answer), Verdict::mismatch);
    EXPECT_EQ(journal.begin("bob", "k", post("b"), now, answer), Verdict::first) << "keys are per user";
    HttpResponse first;
    first.status = 202;
    first.body = "first";
    journal.finish("ann", "k", first);
    EXPECT_EQ(journal.begin("ann", "k", post("a"), now, answer), Verdict::replay);
    EXPECT_EQ(answer.body, "first");
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(journal.begin("ann", "k", post("b"), now, answer), Verdict::mismatch);
    journal.forget("bob", "k");
    EXPECT_EQ(journal.begin("bob", "k", post("c"), now, answer), Verdict::first);
}

TEST(Idempotency, is_bounded_and_never_forgets_a_running_request) {
    using Verdict = IdempotencyJournal::Verdict;
    IdempotencyJournal journal({.entries = 10, .keep = Millis(1000)});
    const MonoTime now(Millis(1'000'000));
    HttpResponse answer;
    ASSERT_EQ(journal.begin("ann", "running", post(""), now, answer), Verdict::first);
    for (int i = 0; i < 100; ++i) {
        const std::string key = "k" + std::to_string(i);
        ASSERT_EQ(journal.begin("ann", key, post(""), now, answer), Verdict::first);
        journal.finish("ann", key, {});
    }
    EXPECT_LE(journal.size(), 10U);
    EXPECT_EQ(journal.begin("ann", "running", post(""), now, answer), Verdict::in_flight);
    EXPECT_EQ(journal.begin("ann", "k99", post(""), now, answer), Verdict::replay);
    EXPECT_EQ(journal.begin("ann", "k99", post(""), now + Millis(1001), answer), Verdict::first) << "kept for a time";
}

TEST(Idempotency, keys_are_visible_ascii) {
    EXPECT_TRUE(IdempotencyJournal::is_valid_key("8e03978e-40d5-43dd-bc93-6894a57f9324"));
    for (const std::string& bad : {std::string(), std::string("a b"), std::string(129, 'a'), std::string("键")})
        EXPECT_FALSE(IdempotencyJournal::is_valid_key(bad)) << bad;
}

TEST(CommandJournal, keeps_the_first_final_result_and_stays_bounded) {
    CommandJournal journal(3);
    journal.add("a", "ann", "c1");
    EXPECT_EQ(journal.find("a")->state, CommandOutcome::accepted);
    journal.finish({"a", "ann", CommandOutcome::failed, "busy", ""});
    journal.finish({"a", "ann", CommandOutcome::succeeded, "", "c9"});
    EXPECT_EQ(journal.find("a")->state, CommandOutcome::failed);
    EXPECT_EQ(journal.find("a")->reason, "busy");
    EXPECT_EQ(journal.find("a")->contact, "c1");
    journal.finish({"nobody's", "ann", CommandOutcome::failed, "", ""});
    EXPECT_FALSE(journal.find("nobody's"));
    journal.add("b", "ann", "");
    journal.add("c", "ann", "");
    journal.remove("b");
    journal.add("d", "ann", "");
    EXPECT_TRUE(journal.find("a"));
    journal.add("e", "ann", "");
    EXPECT_FALSE(journal.find("a"));
    EXPECT_FALSE(journal.find("b"));
    EXPECT_TRUE(journal.find("e"));
}

StreamEventPtr item(std::uint64_t sequence, std::size_t bytes = 1) {
    return std::make_shared<const StreamEvent>(StreamEvent{sequence, {}, std::string(bytes, 'x')});
}

TEST(StreamRing, tells_what_follows_and_what_is_lost) {
    StreamRing ring(3, 1000);
    EXPECT_TRUE(ring.can_resume_after(0)) << "nothing has happened yet";
    EXPECT_FALSE(ring.can_resume_after(1));
    EXPECT_EQ(ring.push(item(1)), 0U);
    EXPECT_EQ(ring.push(item(2)), 1U);
    EXPECT_TRUE(ring.can_resume_after(0));
    EXPECT_EQ(ring.next(1).event->sequence, 1U);
    EXPECT_EQ(ring.next(3).event, nullptr);
    EXPECT_FALSE(ring.next(3).lost);
    ring.push(item(3));
    ring.push(item(4));
    EXPECT_TRUE(ring.next(1).lost);
    EXPECT_FALSE(ring.can_resume_after(0));
    EXPECT_TRUE(ring.can_resume_after(1));
    EXPECT_TRUE(ring.can_resume_after(4));
    EXPECT_FALSE(ring.can_resume_after(5));
    EXPECT_EQ(ring.next(2).event->sequence, 2U);
}

TEST(StreamRing, is_bounded_in_bytes_but_keeps_the_newest) {
    StreamRing ring(1000, 100);
    for (std::uint64_t i = 1; i <= 50; ++i) ring.push(item(i, 10));
    EXPECT_TRUE(ring.can_resume_after(40));
    EXPECT_FALSE(ring.can_resume_after(39));
    EXPECT_EQ(ring.bytes_from(41), 100U);
    EXPECT_EQ(ring.bytes_from(50), 10U);
    EXPECT_EQ(ring.bytes_from(51), 0U);
    ring.push(item(51, 5000));
    EXPECT_EQ(ring.next(51).event->frame.size(), 5000U);
}

TEST(StreamRing, a_late_start_does_not_pretend_to_know_the_past) {
    StreamRing ring(10, 1000);
    ring.push(item(58));
    EXPECT_TRUE(ring.can_resume_after(57));
    EXPECT_FALSE(ring.can_resume_after(56));
    EXPECT_TRUE(ring.next(3).lost);
}

// Who may see: agent SIP/1 with a leg in c1; an offer in c2; nothing in c3.
struct Visibility : ::testing::Test {
    Viewer agent{"ann", Role::agent, "SIP/1"}, erp{"erp", Role::erp, ""}, node{"node", Role::node, ""};
    std::vector<Viewer> leaders{
        {"t", Role::team_lead, ""}, {"s", Role::supervisor, ""}, {"q", Role::quality, ""}, {"a", Role::admin, ""}};
    Contact with_leg = test::make_contact("c1", "SIP/1"), with_offer = test::make_contact("c2", "SIP/2"),
            foreign = test::make_contact("c3", "SIP/2");
    Visibility() { with_offer.offers.push_back({"o1", "SIP/1", "SIP/1", OfferState::revoked, test::at_ms(0), {}}); }

    static Event changed(const Contact& c) {
        return ContactChanged{ContactChanged::What::changed, std::make_shared<const Contact>(c), {}};
    }
    static Event offered(const Contact& c, const std::string& to) {
        Offer offer;
        offer.agent = to;
        return OfferChanged{OfferChanged::What::shown, offer, std::make_shared<const Contact>(c)};
    }
    static Event agent_state(const std::string& id) {
        return AgentChanged{std::make_shared<const Agent>(test::make_agent(id))};
    }
    static bool sees(const Viewer& viewer, const Event& event) { return may_see(viewer, audience_of(event)); }
};

TEST_F(Visibility, an_agent_sees_what_he_has_part_in) {
    EXPECT_TRUE(sees(agent, changed(with_leg)));
    EXPECT_TRUE(sees(agent, changed(with_offer)));
    EXPECT_FALSE(sees(agent, changed(foreign)));
    EXPECT_TRUE(sees(agent, offered(with_offer, "SIP/1")));
    EXPECT_FALSE(sees(agent, offered(with_offer, "SIP/2"))) << "a colleague's offer";
    EXPECT_TRUE(sees(agent, agent_state("SIP/1")));
    EXPECT_FALSE(sees(agent, agent_state("SIP/2")));
    EXPECT_FALSE(sees(agent, PbxLinkChanged{"pbx", false, ""}));
    EXPECT_TRUE(may_see(agent, with_leg));
    EXPECT_FALSE(may_see(agent, foreign));
}

TEST_F(Visibility, a_user_without_agent_id_is_no_part_of_legs_without_agent) {
    const Viewer nobody{"x", Role::agent, ""};
    EXPECT_FALSE(sees(nobody, changed(with_leg)));
    EXPECT_FALSE(sees(nobody, offered(with_offer, "")));
}

TEST_F(Visibility, leaders_see_everything_but_other_peoples_results) {
    for (const Viewer& viewer : leaders) {
        EXPECT_TRUE(sees(viewer, changed(foreign)));
        EXPECT_TRUE(sees(viewer, offered(foreign, "SIP/2")));
        EXPECT_TRUE(sees(viewer, agent_state("SIP/2")));
        EXPECT_TRUE(sees(viewer, PbxLinkChanged{"pbx", false, ""}));
        EXPECT_EQ(sees(viewer, CommandFinished{"c", "ann", CommandOutcome::failed, "", ""}),
                  viewer.role == Role::admin);
    }
    EXPECT_TRUE(sees(agent, CommandFinished{"c", "ann", CommandOutcome::failed, "", ""}));
    EXPECT_FALSE(sees(agent, CommandFinished{"c", "bob", CommandOutcome::failed, "", ""}));
}

TEST_F(Visibility, systems_see_contacts_or_nothing) {
    EXPECT_TRUE(sees(erp, changed(foreign)));
    EXPECT_FALSE(sees(erp, offered(foreign, "SIP/2")));
    EXPECT_FALSE(sees(erp, agent_state("SIP/2")));
    EXPECT_FALSE(sees(erp, PbxLinkChanged{"pbx", false, ""}));
    EXPECT_FALSE(sees(node, changed(foreign)));
    EXPECT_FALSE(sees(node, CommandFinished{"c", "node", CommandOutcome::failed, "", ""}));
}

}  // namespace
}  // namespace citybridge::gateway
