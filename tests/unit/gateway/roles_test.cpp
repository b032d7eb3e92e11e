// Access: every route with every role. The expectation is written down here,
// route by route, and not taken from the table it checks.
#include <algorithm>

#include "core/gateway/router.h"
#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

using Roles = GatewayTest;

struct Access {
    std::string method, pattern;
    std::string allowed;  // letters: a t s q A e n; * everybody, also without log-in
};

const std::vector<Access> kAccess{
    {"GET", "/healthz", "*"},
    {"GET", "/readyz", "*"},
    {"GET", "/metrics", "*"},
    {"GET", "/openapi.json", "*"},
    {"POST", "/v1/session", "*"},
    {"GET", "/v1/session", "atsqAen"},
    {"DELETE", "/v1/session", "atsqA"},
    {"GET", "/v1/stream", "atsqAe"},
    {"GET", "/v1/contacts", "atsqAe"},
    {"GET", "/v1/contacts/{id}", "atsqAe"},
    {"POST", "/v1/contacts/{id}/hangup", "atsA"},
    // Of his own calls; leaders reach into those of others, and contact_actions_test says how far.
    {"POST", "/v1/contacts/{id}/hold", "atsA"},
    {"POST", "/v1/contacts/{id}/retrieve", "atsA"},
    {"POST", "/v1/contacts/{id}/transfer", "atsA"},
    {"POST", "/v1/contacts/{id}/consult", "atsA"},
    {"POST", "/v1/contacts/{id}/conference", "atsA"},
    {"POST", "/v1/contacts/{id}/record", "atsA"},
    {"POST", "/v1/contacts/{id}/park", "atsA"},
    // A voice belongs to people; whose it must be besides is tested in recordings_test.cpp.
    {"GET", "/v1/contacts/{id}/recordings", "atsqA"},
    {"GET", "/v1/contacts/{id}/recordings/{recording}", "atsqA"},
    {"GET", "/v1/agents", "atsqA"},
    {"GET", "/v1/agents/{id}", "atsqA"},
    {"PUT", "/v1/agents/{id}/state", "atsA"},
    {"POST", "/v1/calls", "atsA"},
    {"GET", "/v1/commands/{id}", "atsA"},
    // Customers and work orders: who talks to customers writes, quality only reads. The ERP opens and moves orders, and
    // reads no other person's data than what an order holds.
    {"GET", "/v1/customers", "atsqA"},
    {"POST", "/v1/customers", "atsA"},
    {"GET", "/v1/customers/{id}", "atsqA"},
    {"PATCH", "/v1/customers/{id}", "atsA"},
    {"DELETE", "/v1/customers/{id}", "A"},
    {"GET", "/v1/customers/{id}/export", "A"},
    {"POST", "/v1/customers/{id}/merge", "tsA"},
    {"GET", "/v1/customers/{id}/history", "atsqA"},
    {"POST", "/v1/orders/bulk", "atsA"},
    // Files of an order: who works on it adds them, quality looks.
    {"GET", "/v1/orders/{id}/attachments", "atsqAe"},
    {"POST", "/v1/orders/{id}/attachments", "atsAe"},
    {"GET", "/v1/orders/{id}/attachments/{attachment}", "atsqAe"},
    {"DELETE", "/v1/orders/{id}/attachments/{attachment}", "atsA"},
    // Lists are kept by who leads and called by who talks.
    {"GET", "/v1/outgoing", "atsqA"},
    {"POST", "/v1/outgoing", "tsA"},
    {"GET", "/v1/outgoing/sample", "tsqA"},
    {"GET", "/v1/outgoing/{id}", "atsqA"},
    {"POST", "/v1/outgoing/{id}/close", "tsA"},
    {"GET", "/v1/outgoing/{id}/entries", "atsqA"},
    {"POST", "/v1/outgoing/{id}/entries", "tsA"},
    {"POST", "/v1/outgoing/{id}/next", "ats"},
    {"POST", "/v1/outgoing/entries/{id}/result", "ats"},
    {"POST", "/v1/outgoing/entries/{id}/release", "ats"},
    {"GET", "/v1/orders", "atsqAe"},
    {"POST", "/v1/orders", "atsAe"},
    {"GET", "/v1/orders/{id}", "atsqAe"},
    {"GET", "/v1/orders/{id}/history", "atsqAe"},
    {"POST", "/v1/orders/{id}/notes", "atsAe"},
    {"POST", "/v1/orders/{id}/{action}", "atsAe"},
    // The centre's own papers: everybody reads and asks, team leads and above decide; what each may see and do of one
    // paper is tested in papers_test.cpp and with the desk.
    {"GET", "/v1/dispositions", "atsqA"},
    {"GET", "/v1/dispositions/missing", "atsqA"},
    {"GET", "/v1/dispositions/counts", "tsqA"},
    {"PUT", "/v1/contacts/{id}/disposition", "atsA"},
    {"GET", "/v1/knowledge/search", "atsqA"},
    {"GET", "/v1/knowledge/articles", "atsqA"},
    {"POST", "/v1/knowledge/articles", "atsqA"},
    {"GET", "/v1/knowledge/articles/{id}", "atsqA"},
    {"POST", "/v1/knowledge/articles/{id}/{action}", "atsqA"},
    {"GET", "/v1/knowledge/questions", "atsqA"},
    {"POST", "/v1/knowledge/questions", "atsqA"},
    {"GET", "/v1/knowledge/questions/{id}", "atsqA"},
    {"POST", "/v1/knowledge/questions/{id}/{action}", "atsqA"},
    {"GET", "/v1/notices", "atsqA"},
    {"POST", "/v1/notices", "tsA"},
    {"GET", "/v1/notices/{id}", "atsqA"},
    {"GET", "/v1/notices/{id}/readers", "tsqA"},
    {"POST", "/v1/notices/{id}/{action}", "atsqA"},
    {"GET", "/v1/skills", "atsqA"},
    {"POST", "/v1/skills", "tsA"},
    {"DELETE", "/v1/skills/{user}/{skill}", "tsA"},
    {"GET", "/v1/shifts", "atsqA"},
    {"POST", "/v1/shifts", "tsA"},
    {"GET", "/v1/shifts/{id}", "atsqA"},
    {"POST", "/v1/shifts/{id}/{action}", "atsA"},
    {"GET", "/v1/help", "atsqA"},
    {"POST", "/v1/help", "atsA"},
    // Who approves words to say is a matter of groups; agents and others find none of them.
    {"GET", "/v1/scripts", "atsqA"},
    {"GET", "/v1/scripts/{id}", "atsqA"},
    {"POST", "/v1/scripts/{id}/{action}", "atsqA"},
    {"GET", "/v1/help/{id}", "atsqA"},
    {"POST", "/v1/help/{id}/{action}", "atsA"},
    // A report says itself who may read it, and an agent reads himself: tested with a whole node. Who leads and the
    // quality staff score.
    {"GET", "/v1/reports", "atsqA"},
    {"GET", "/v1/reports/{name}", "atsqA"},
    {"GET", "/v1/reports/{name}/runs", "atsqA"},
    {"GET", "/v1/quality/forms", "atsqA"},
    {"GET", "/v1/contacts/{id}/scores", "atsqA"},
    {"POST", "/v1/contacts/{id}/scores", "tsqA"},
    // Business time and the kinds of orders are no secrets; who answers for the hours switches them.
    {"GET", "/v1/calendars", "atsqAe"},
    {"GET", "/v1/calendars/{name}", "atsqAe"},
    {"GET", "/v1/admin/calendars/{name}/override", "sA"},
    {"PUT", "/v1/admin/calendars/{name}/override", "sA"},
    {"GET", "/v1/flows", "atsqAe"},
    {"GET", "/v1/flows/{kind}", "atsqAe"},
    {"GET", "/v1/flows/{kind}/versions", "tsA"},
    // What open orders go by changes for everybody who works on them.
    {"POST", "/v1/flows/{kind}/migration", "sA"},
    {"GET", "/v1/tellings", "atsqA"},
    // Signed, not logged in.
    {"POST", "/v1/hooks/{connector}", "*"},
    {"GET", "/v1/hooks/{connector}", "*"},
    // Who talks to callers verifies them; whose verification it must be besides is tested with a whole node. Only who
    // answers for the centre gives a number a new budget, or takes an address off the blacklist.
    {"POST", "/v1/verifications", "atsA"},
    {"GET", "/v1/verifications", "atsA"},
    {"GET", "/v1/verifications/{id}", "atsA"},
    {"POST", "/v1/verifications/{id}/check", "atsA"},
    {"POST", "/v1/verifications/{id}/resend", "atsA"},
    {"POST", "/v1/verifications/{id}/unlock", "sA"},
    {"GET", "/v1/admin/blocked", "sA"},
    {"POST", "/v1/admin/blocked", "sA"},
    {"POST", "/v1/messages/preview", "atsqA"},
    // Words of one's own need more than the role of the route: that is the desk's.
    {"POST", "/v1/messages", "atsA"},
    {"GET", "/v1/messages", "atsqA"},
    {"GET", "/v1/messages/{id}", "atsqA"},
    // Deliveries are looked after by who answers for them; users and plugins by the administrator alone.
    {"GET", "/v1/admin/outbox", "sA"},
    {"GET", "/v1/admin/outbox/{id}", "sA"},
    {"POST", "/v1/admin/outbox/{id}/replay", "sA"},
    {"POST", "/v1/admin/outbox/{id}/cancel", "sA"},
    {"GET", "/v1/admin/dead-letters", "sA"},
    {"POST", "/v1/admin/dead-letters/replay", "sA"},
    // Callbacks between cities: as with orders; who leads is asked of the act.
    {"GET", "/v1/cities", "atsqA"},
    {"GET", "/v1/cities/{id}/promise", "atsqA"},
    {"GET", "/v1/callbacks", "atsqA"},
    {"POST", "/v1/callbacks", "atsA"},
    {"GET", "/v1/callbacks/{id}", "atsqA"},
    {"POST", "/v1/callbacks/{id}/{action}", "atsA"},
    // Of his own call, by the city's rule.
    {"POST", "/v1/contacts/{id}/transfer-to-city", "atsA"},
    {"GET", "/v1/transfers", "atsqA"},
    {"GET", "/v1/transfers/{id}", "atsqA"},
    {"GET", "/v1/admin/destinations", "sA"},
    {"PUT", "/v1/admin/destinations/{name}/state", "sA"},
    {"GET", "/v1/admin/plugins", "A"},
    {"POST", "/v1/admin/config/reload", "A"},
    {"GET", "/v1/admin/users", "A"},
    {"POST", "/v1/admin/users", "A"},
    {"PATCH", "/v1/admin/users/{name}", "A"},
    {"DELETE", "/v1/admin/users/{name}", "A"},
    {"DELETE", "/v1/admin/users/{name}/sessions", "A"},
};

const std::vector<std::pair<char, std::string>> kUsers{{'a', "agent1"},  {'t', "team_lead"}, {'s', "supervisor"},
                                                       {'q', "quality"}, {'A', "admin"},     {'e', "erp"},
                                                       {'n', "node"}};

// Every {parameter} names something that does not exist.
std::string target_of(std::string pattern) {
    for (std::size_t at = pattern.find('{'); at != std::string::npos; at = pattern.find('{'))
        pattern.replace(at, pattern.find('}') - at + 1, "nothing");
    return pattern;
}

TEST_F(Roles, the_expectation_names_every_route) {
    ASSERT_EQ(kAccess.size(), gateway::routes().size());
    for (const auto& route : gateway::routes())
        EXPECT_TRUE(std::any_of(kAccess.begin(), kAccess.end(), [&](const Access& access) {
            return access.method == route.method && access.pattern == route.pattern;
        })) << route.pattern;
}

TEST_F(Roles, every_route_admits_exactly_its_roles) {
    start();
    for (const auto& [letter, name] : kUsers) {
        for (const Access& access : kAccess) {
            const std::string token = log_in(name);
            const Reply reply = ask(access.method, target_of(access.pattern), token);
            const bool allowed = access.allowed == "*" || access.allowed.find(letter) != std::string::npos;
            EXPECT_EQ(reply.status == 403, !allowed)
                << name << " " << access.method << " " << access.pattern << " -> " << reply.status;
            EXPECT_NE(reply.status, 401) << name << " " << access.pattern;
            if (!allowed) {
                EXPECT_EQ(reply.code(), "auth.forbidden");
            }
        }
    }
}

TEST_F(Roles, without_a_valid_token_nothing_but_the_open_routes_answers) {
    start();
    for (const Access& access : kAccess) {
        for (const std::string& header :
             {std::string(), std::string("Authorization: Bearer wrong\r\n"), std::string("Authorization: Bearer \r\n"),
              std::string("Authorization: Basic YWRtaW46YWRtaW4=\r\n"), std::string("Authorization: Bearer\r\n")}) {
            const Reply reply = ask(access.method, target_of(access.pattern), {}, {}, header);
            EXPECT_EQ(reply.status == 401, access.allowed != "*") << access.pattern << " " << header;
            if (access.allowed != "*") {
                EXPECT_EQ(reply.headers.count("www-authenticate"), 1U);
            }
        }
    }
}

TEST_F(Roles, a_token_in_the_query_is_not_accepted) {
    start();
    EXPECT_EQ(ask("GET", "/v1/agents?access_token=" + log_in("admin")).status, 401);
}

TEST_F(Roles, other_methods_are_405_with_allow) {
    start();
    const Reply reply = ask("PATCH", "/v1/session", log_in("admin"));
    EXPECT_EQ(reply.status, 405);
    EXPECT_EQ(reply.headers.at("allow"), "POST, GET, HEAD, DELETE");
    for (const std::string path : {"/", "/v1", "/v1/", "/v1/contacts/", "/v1/contacts//hangup", "/V1/contacts",
                                   "/v1/contacts/a/b", "/healthz/", "/v1/contacts/%zz", "/../etc/passwd"})
        EXPECT_EQ(ask("GET", path, log_in("admin")).status, 404) << path;
}

TEST_F(Roles, every_answer_carries_date_and_security_headers) {
    start();
    for (const std::string path : {"/healthz", "/nothing", "/v1/agents"}) {
        const Reply reply = ask("GET", path);
        EXPECT_EQ(reply.headers.at("x-content-type-options"), "nosniff");
        EXPECT_EQ(reply.headers.at("cache-control"), "no-store");
        EXPECT_TRUE(reply.headers.at("date").ends_with(" GMT"));
    }
}

}  // namespace
}  // namespace citybridge::test
