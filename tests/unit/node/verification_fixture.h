#pragma once
// A whole node that verifies callers: the gateway of short messages is a receiver on loopback that keeps what it got.
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {

class VerifyingNode : public WholeNode {
protected:
    using Json = nlohmann::json;

    VerifyingNode();

    // More settings of the rules, and of the gateway.
    void set_up(const std::string& rules, const std::string& gateway = {});

    std::string make_customer(const std::string& number);
    Json open_change(const std::string& number);
    Reply start(const std::string& customer, const std::string& order = {}, const std::string& user = "agent1",
                const std::string& purpose = "data_change");
    Reply check(const std::string& id, const std::string& code, const std::string& user = "agent1",
                const std::string& headers = {});
    Reply step(const std::string& id, const std::string& what, const Json& body = nullptr,
               const std::string& user = "agent1");
    // What the gateway has got so far for this verification, the oldest first.
    std::vector<Json> messages(const std::string& id);
    // Of its newest message; waits for it.
    std::string code_of(const std::string& id, std::size_t message = 1);
    static std::string other_than(const std::string& code) { return code == "000000" ? "000001" : "000000"; }
    std::vector<std::string> actions(const std::string& order);
    static std::string id_of(const Reply& reply) { return reply.json().value("id", ""); }
    Reply report(const std::string& id, const Json& data);

    std::string gateway_more_;
};

}  // namespace citybridge::test
