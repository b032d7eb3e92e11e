// An SMS plugin as a node loads it, for tests in other languages. Argument: the
// folder of the plugins. On standard input one JSON object a line; the first is
// {"library", "settings"}, then
//   {"deliver": [{"id", "to", "text"}]}    each answered by {"reply": id, "outcome", "code", "external_id"}
//   {"accept": {"headers": {}, "body"}}    answered by {"accepted": {...}} or {"refused": code}
//   {"take": "ok" or an error's code}      what the node says to messages of the plugin from now on; {"taking": ...}
// Unasked: {"started": true}, {"taken": {"id", "type", "data"}}; what is logged goes to standard error.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/host/plugin_set.h"

namespace {

using namespace citybridge;
using Json = nlohmann::ordered_json;

void say(const Json& line) {
    static std::mutex mutex;
    const std::scoped_lock lock(mutex);
    std::cout << line.dump() << std::endl;
}

class Courier {
public:
    Courier(const std::string& plugin_dir, const Json& order) : plugins_(options(plugin_dir)) {
        PluginConfig config{order.at("library").get<std::string>(), "sms", {"order", 1, 1}, {{"order", 1, 1}, {}}};
        for (const auto& [name, value] : order.at("settings").items())
            config.settings.settings.push_back({name, value.get<std::string>(), {"order", 1, 1}});
        Problems problems;
        plugins_.load({config}, problems);
        if (!problems.empty()) throw std::runtime_error(to_string(problems.front()));
        if (const auto started = plugins_.start(); !started) throw std::runtime_error(started.error().detail);
        offered_ = plugins_.find("sms");
        say({{"started", true}});
    }
    void stop() { plugins_.stop(); }

    void obey(const Json& order) {
        if (order.contains("deliver"))
            for (const auto& each : order["deliver"]) deliver(each);
        if (order.contains("accept")) accept(order["accept"]);
        if (order.contains("take")) {
            {
                const std::scoped_lock lock(mutex_);
                answer_ = order["take"].get<std::string>();
            }
            say({{"taking", order["take"]}});
        }
    }

private:
    HostOptions options(const std::string& plugin_dir) {
        HostOptions out;
        out.city = "beijing";
        out.plugin_dir = plugin_dir;
        out.logger = spdlog::stderr_logger_mt("courier");
        out.inbound = [this](const InboundMessage& message, const std::function<void(Result<>)>& done) {
            say({{"taken", {{"id", message.id}, {"type", message.type}, {"data", message.data}}}});
            const std::scoped_lock lock(mutex_);
            if (answer_ == "ok")
                done(ok());
            else
                done(Error{answer_, ""});
        };
        return out;
    }
    void deliver(const Json& each) {
        OutboxRecord message;
        message.id = each.at("id").get<std::string>();
        message.payload = Json{{"channel", "sms"}, {"to", each.at("to")}, {"text", each.at("text")}}.dump();
        offered_.outbound->deliver(message, [id = message.id](const DeliveryReply& reply) {
            say({{"reply", id},
                 {"outcome", to_string(reply.outcome)},
                 {"code", reply.code},
                 {"detail", reply.detail},
                 {"external_id", reply.external_id}});
        });
    }
    void accept(const Json& request) {
        HeaderList headers;
        for (const auto& [name, value] : request.at("headers").items())
            headers.emplace_back(name, value.get<std::string>());
        const auto taken = offered_.inbound->accept(headers, request.at("body").get<std::string>(), system_now().wall);
        if (taken)
            say({{"accepted", {{"id", taken->id}, {"type", taken->type}, {"data", taken->data}}}});
        else
            say({{"refused", taken.error().code}});
    }

    std::mutex mutex_;
    std::string answer_ = "ok";  // guarded by mutex_
    PluginSet plugins_;
    Capabilities offered_;
};

}  // namespace

int main(int, char** argv) {
    std::string line;
    try {
        if (!std::getline(std::cin, line)) return 1;
        Courier courier(argv[1], Json::parse(line));
        while (std::getline(std::cin, line)) courier.obey(Json::parse(line));
        courier.stop();
    } catch (const std::exception& failure) {
        say({{"failure", failure.what()}});
        return 1;
    }
}
