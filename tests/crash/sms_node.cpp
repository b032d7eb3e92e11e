#include "tests/crash/sms_node.h"

#include <fstream>
#include <stdexcept>
#include <thread>

#include "core/gateway/passwords.h"

namespace citybridge::crash {
namespace {

using Json = nlohmann::json;

constexpr Millis kUpWithin{20'000};
constexpr Millis kLongest{30'000};

std::string user_element(const std::string& name, const std::string& role) {
    return "<user name=\"" + name + "\" role=\"" + role + "\" password_hash=\"" +
           gateway::hash_password(name, {16, 1, 1}) + "\"" +
           (role == "agent" ? " agent=\"SIP/1001\" device=\"SIP/1001\"" : "") + "/>";
}

}  // namespace

SmsNode::SmsNode(const Setup& setup) { write_configuration(setup); }

void SmsNode::write_configuration(const Setup& setup) const {
    std::ofstream(folder_ / "node.xml")
        << "<citybridge city=\"beijing\"><listen port=\"0\"/><store path=\"node.db\"/><desk sms=\"sms\""
        << setup.more_desk << "/><users>" << user_element("agent1", "agent") << user_element("chief", "supervisor")
        << user_element("admin", "admin") << "</users><plugin library=\"erp_orders\" name=\"rules\"/>"
        << setup.more_plugins << "<plugin library=\"sms_http\" name=\"sms\"><url>" << gateway_.url("/send")
        << "</url><send_as>json</send_as><body>{\"id\": \"{id}\", \"to\": \"{to}\", \"text\": "
           "\"{text}\"}</body><repeats>"
        << setup.repeats
        << "</repeats><retry_schedule>50ms, 50ms, 50ms, 1h</retry_schedule><far_timeout_ms>100</far_timeout_ms>"
           "</plugin></citybridge>";
}

void SmsNode::start() {
    daemon_ = std::make_unique<Daemon>(folder_ / "node.xml", folder_ / (std::to_string(++life_) + ".log"));
    port_ = daemon_->wait_port(kUpWithin);
    tokens_.clear();
    if (port_ == 0) throw std::runtime_error("the node does not come up: " + daemon_->log());
}

test::Reply SmsNode::ask(const std::string& method, const std::string& target, const std::string& user,
                         const Json& body, const std::string& headers) {
    std::string& token = tokens_[user];
    if (token.empty())
        token = test::Client(port_)
                    .ask("POST", "/v1/session", {}, Json{{"name", user}, {"password", user}}.dump())
                    .json()
                    .value("token", "");
    return test::Client(port_).ask(method, target, token, body.is_null() ? std::optional<std::string>() : body.dump(),
                                   headers);
}

std::string SmsNode::outbox_state(const std::string& message) {
    return ask("GET", "/v1/admin/outbox/" + message, "admin").json().value("state", "");
}

std::vector<Sms> SmsNode::received() const {
    std::vector<Sms> out;
    for (const test::ReceivedRequest& request : gateway_.requests()) {
        const Json body = Json::parse(request.body, nullptr, false);
        if (body.is_object()) out.push_back({body.value("id", ""), body.value("to", ""), body.value("text", "")});
    }
    return out;
}

bool eventually(const std::function<bool()>& condition) {
    const MonoTime until = system_now().mono + kLongest;
    while (system_now().mono < until) {
        if (condition()) return true;
        std::this_thread::sleep_for(Millis{10});
    }
    return condition();
}

}  // namespace citybridge::crash
