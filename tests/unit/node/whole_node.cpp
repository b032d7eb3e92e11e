#include "tests/unit/node/whole_node.h"

#include <openssl/hmac.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "core/api/file_bytes.h"
#include "core/gateway/crypto.h"
#include "core/gateway/passwords.h"

namespace citybridge::test {
namespace {

namespace fs = std::filesystem;
constexpr Millis kLongest{30'000};
const std::string kHookKey = "0123456789abcdef0123456789abcdef";

std::string text_of(const fs::path& path) { return file_bytes(path).value_or(""); }

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

std::string user_element(const std::string& name, const std::string& role, const std::string& agent = {}) {
    std::string out = "    <user name=\"" + name + "\" role=\"" + role + "\"";
    if (!agent.empty()) out += " agent=\"" + agent + "\" device=\"" + agent + "\"";
    if (role == "erp") return out + " token_hash=\"" + gateway::sha256_hex(name + "-token") + "\"/>\n";
    return out + " password_hash=\"" + gateway::hash_password(name, {16, 1, 1}) + "\"/>\n";
}

std::string hmac_base64(const std::string& text) {
    unsigned char digest[32];
    unsigned int length = 0;
    HMAC(EVP_sha256(), kHookKey.data(), static_cast<int>(kHookKey.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &length);
    return gateway::to_base64({reinterpret_cast<const char*>(digest), length});
}

}  // namespace

WholeNode::WholeNode() {
    std::string name = (fs::temp_directory_path() / "citybridge-node-XXXXXX").string();
    folder_ = mkdtemp(name.data());
}

WholeNode::~WholeNode() {
    end();
    fs::remove_all(folder_);
}

std::string WholeNode::write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
}

std::string WholeNode::erp_element() const {
    return "  <plugin library=\"erp_rest\" name=\"erp\"><url>" + erp_.url("/erp") +
           "</url><repeats>dedupes</repeats><retry_schedule>" + setup_.retry_schedule + "</retry_schedule></plugin>\n";
}

void WholeNode::write_configuration() const {
    const fs::path shipped = fs::path(CITYBRIDGE_SOURCE_DIR) / "config/flows/sales_lead.xml";
    fs::create_directories(folder_ + "/flows");
    write("flows/sales_lead.xml",
          replaced(text_of(shipped), "after=\"2h\"", "after=\"" + setup_.follow_up_after + "\""));
    for (const std::string& flow : setup_.more_flows)
        write("flows/" + flow + ".xml", text_of(fs::path(CITYBRIDGE_SOURCE_DIR) / "config/flows" / (flow + ".xml")));
    write("calendar.xml", setup_.calendar);
    write("hooks.secret", "whsec_" + gateway::to_base64(kHookKey));
    write("node.xml",
          "<citybridge city=\"" + setup_.city +
              "\">\n"
              "  <listen port=\"0\"/>\n"
              "  <store path=\"node.db\" busy_timeout_ms=\"" +
              setup_.busy_timeout_ms +
              "\"/>\n"
              "  <desk flows=\"flows\" calendar=\"calendar.xml\" directory=\"" +
              (setup_.directory.empty() ? CITYBRIDGE_SOURCE_DIR "/config/directory" : setup_.directory) + "\"" +
              setup_.more_desk +
              "/>\n"
              "  <users>\n" +
              user_element("agent1", "agent", "SIM/1001") + user_element("agent2", "agent", "SIM/1002") +
              user_element("lead", "team_lead") + user_element("chief", "supervisor") +
              user_element("quality", "quality") + user_element("admin", "admin") + user_element("erp", "erp") +
              "  </users>\n"
              "  <plugin library=\"simulator\" name=\"pbx1\"><speed>50</speed><agents>4</agents>"
              "<callers_per_minute>" +
              std::to_string(setup_.callers_per_minute) +
              "</callers_per_minute><internal_per_hour>0</internal_per_hour>" + setup_.pbx_settings +
              "</plugin>\n"
              "  <plugin library=\"erp_orders\" name=\"rules\"><customer_leads_need></customer_leads_need></plugin>\n" +
              (setup_.with_erp ? erp_element() : "") +
              "  <plugin library=\"webhook\" name=\"erp_hooks\">"
              "<receive_secret>${file:hooks.secret}</receive_secret></plugin>\n" +
              setup_.more_plugins + setup_.more_sections + "</citybridge>\n");
}

void WholeNode::begin() {
    write_configuration();
    Problems problems;
    const NodeConfig config = load_config(folder_ + "/node.xml", problems);
    if (!problems.empty()) throw std::runtime_error(to_string(problems.front()));
    node_ = Node::make(config, std::string(CITYBRIDGE_BINARY_DIR) + "/lib/plugins", problems);
    if (!problems.empty()) throw std::runtime_error(to_string(problems.front()));
    const Result<> started = node_->start();
    if (!started) throw std::runtime_error(started.error().code + ": " + started.error().detail);
    if (!eventually([&] { return ask("GET", "/readyz", "").status == 200; }))
        throw std::runtime_error("the node does not become ready");
}

void WholeNode::end() {
    if (node_ != nullptr) node_->stop();
    node_.reset();
    tokens_.clear();
}

void WholeNode::restart() {
    end();
    begin();
}

std::string WholeNode::token_of(const std::string& user) {
    if (user.empty()) return {};
    if (user == "erp") return "erp-token";
    std::string& token = tokens_[user];
    if (token.empty()) {
        const std::string body = nlohmann::json{{"name", user}, {"password", user}}.dump();
        token = Client(node_->port()).ask("POST", "/v1/session", {}, body).json().value("token", "");
    }
    return token;
}

Reply WholeNode::ask(const std::string& method, const std::string& target, const std::string& user,
                     const nlohmann::json& body, const std::string& headers) {
    const auto text = body.is_null() ? std::optional<std::string>{} : body.dump();
    return Client(node_->port()).ask(method, target, token_of(user), text, headers);
}

std::unique_ptr<StreamClient> WholeNode::stream_of(const std::string& user) {
    auto stream = std::make_unique<StreamClient>(node_->port());
    EXPECT_EQ(stream->connect(token_of(user)).status, 101);
    EXPECT_EQ(stream->next().value("type", ""), "snapshot");
    return stream;
}

nlohmann::json WholeNode::next_of(StreamClient& stream, const std::string& type) {
    for (;;) {
        nlohmann::json frame = stream.next();
        if (!frame.is_object()) return nullptr;
        if (frame.value("type", "") == type) return frame;
    }
}

bool WholeNode::eventually(const std::function<bool()>& condition) {
    const MonoTime until = system_now().mono + kLongest;
    while (system_now().mono < until) {
        if (condition()) return true;
        std::this_thread::sleep_for(Millis{10});
    }
    return condition();
}

nlohmann::json WholeNode::open_order(const std::string& user, const std::string& phone) {
    const Reply reply =
        ask("POST", "/v1/orders", user, {{"kind", "sales_lead"}, {"phone", phone}, {"fields", {{"lead_kind", "buy"}}}});
    EXPECT_EQ(reply.status, 201) << reply.body;
    return reply.json();
}

nlohmann::json WholeNode::history(const std::string& id) {
    return ask("GET", "/v1/orders/" + id + "/history").json()["items"];
}

bool WholeNode::wait_for_state(const std::string& message, const std::string& state) {
    return eventually([&] { return ask("GET", "/v1/admin/outbox/" + message).json().value("state", "") == state; });
}

Reply WholeNode::hook(const std::string& id, const nlohmann::json& message, const std::string& connector) {
    const std::string body = message.dump();
    const std::string at =
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(system_now().wall.time_since_epoch()).count());
    return Client(node_->port())
        .ask("POST", "/v1/hooks/" + connector, {}, body,
             "webhook-id: " + id + "\r\nwebhook-timestamp: " + at + "\r\nwebhook-signature: v1," +
                 hmac_base64(id + "." + at + "." + body) + "\r\n");
}

std::size_t WholeNode::erp_requests(const std::string& path) const {
    std::size_t count = 0;
    for (const ReceivedRequest& request : erp_.requests()) count += request.target == path;
    return count;
}

}  // namespace citybridge::test
