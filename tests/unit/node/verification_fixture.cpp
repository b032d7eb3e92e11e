#include "tests/unit/node/verification_fixture.h"

#include <regex>

namespace citybridge::test {

VerifyingNode::VerifyingNode() {
    setup_.more_flows = {"data_change"};
    setup_.more_desk = " sms=\"sms\" sms_signature=\"安居客服\"";
    set_up("<send_gap_seconds>0</send_gap_seconds>");
}

void VerifyingNode::set_up(const std::string& rules, const std::string& gateway) {
    setup_.more_plugins =
        "  <plugin library=\"sms_verification\" name=\"codes\">"
        "<key>0123456789abcdef0123456789abcdef0123456789abcdef</key>" +
        rules +
        "</plugin>\n"
        "  <plugin library=\"webhook\" name=\"sms\"><url>" +
        erp_.url("/sms") +
        "</url><secret>whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=</secret>"
        "<receive_secret>${file:hooks.secret}</receive_secret>"
        "<events></events><retry_schedule>20ms, 20ms, 20ms, 1h</retry_schedule>" +
        gateway + "</plugin>\n";
}

std::string VerifyingNode::make_customer(const std::string& number) {
    const Reply made = ask("POST", "/v1/customers", "agent1", {{"name", "陈女士"}, {"numbers", {number}}});
    EXPECT_EQ(made.status, 201) << made.body;
    return id_of(made);
}

nlohmann::json VerifyingNode::open_change(const std::string& number) {
    const Reply made = ask("POST", "/v1/orders", "agent1",
                           {{"kind", "data_change"},
                            {"phone", number},
                            {"fields", {{"subject", "customer"}, {"item", "email"}, {"new_value", "a@example.com"}}}});
    EXPECT_EQ(made.status, 201) << made.body;
    return made.json();
}

Reply VerifyingNode::start(const std::string& customer, const std::string& order, const std::string& user,
                           const std::string& purpose) {
    Json body{{"purpose", purpose}};
    if (!customer.empty()) body["customer"] = customer;
    if (!order.empty()) body["order"] = order;
    return ask("POST", "/v1/verifications", user, body);
}

Reply VerifyingNode::check(const std::string& id, const std::string& code, const std::string& user,
                           const std::string& headers) {
    return ask("POST", "/v1/verifications/" + id + "/check", user, {{"code", code}}, headers);
}

Reply VerifyingNode::step(const std::string& id, const std::string& what, const Json& body, const std::string& user) {
    return ask("POST", "/v1/verifications/" + id + "/" + what, user, body);
}

std::vector<nlohmann::json> VerifyingNode::messages(const std::string& id) {
    std::vector<Json> out;
    for (const ReceivedRequest& request : erp_.requests())
        if (request.target == "/sms" && request.header("webhook-id").starts_with(id + "."))
            out.push_back(Json::parse(request.body, nullptr, false));
    return out;
}

std::string VerifyingNode::code_of(const std::string& id, std::size_t message) {
    EXPECT_TRUE(eventually([&] { return messages(id).size() >= message; })) << "no message with a code came";
    const auto all = messages(id);
    if (all.size() < message) return {};
    const std::string text = all[message - 1].value("text", "");
    std::smatch found;
    EXPECT_TRUE(std::regex_search(text, found, std::regex("[0-9]{6}"))) << text;
    return found.empty() ? std::string() : found.str();
}

std::vector<std::string> VerifyingNode::actions(const std::string& order) {
    std::vector<std::string> out;
    for (const Json& entry : history(order)) out.push_back(entry["action"]);
    return out;
}

Reply VerifyingNode::report(const std::string& id, const Json& data) {
    return hook(id, {{"type", "sms.report"}, {"timestamp", to_rfc3339(system_now().wall)}, {"data", data}}, "sms");
}

}  // namespace citybridge::test
