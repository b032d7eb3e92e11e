// The plugin as a node loads it, for tests in other languages. Arguments: the
// folder of the plugins. The first line on standard input is the settings, a
// JSON object; every further one an order:
//   {"do": "deliver", "id", "order", "payload", "at"}   a mail
//   {"do": "take", "answer": "ok" | "later" | "never" | "silent"}   how messages are taken from now on
//   {"do": "stop"}
// One JSON object per line comes back as things happen: {"problems"}, {"ready"},
// {"reply"}, {"taking"}, {"taken"}, {"stopped"}. The log goes to standard error.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/host/plugin_set.h"

namespace {

using namespace citybridge;
using Json = nlohmann::ordered_json;

std::mutex output;

void say(const Json& what) {
    const std::lock_guard lock(output);
    std::cout << what.dump() << std::endl;
}

class Node {
public:
    void take(InboundMessage message, const std::function<void(Result<>)>& done) {
        say({{"taken",
              {{"source", message.source}, {"id", message.id}, {"type", message.type}, {"data", message.data}}}});
        const std::lock_guard lock(mutex_);
        if (answer_ == "ok") done(ok());
        if (answer_ == "later") done(Error{"node.busy", "not now"});
        if (answer_ == "never") done(Error{"hook.not_understood", "no"});
    }
    void set_answer(std::string answer) {
        const std::lock_guard lock(mutex_);
        answer_ = std::move(answer);
    }

private:
    std::mutex mutex_;
    std::string answer_ = "ok";
};

void deliver(PluginSet& plugins, const Json& order) {
    OutboxRecord message;
    message.id = order.at("id").get<std::string>();
    message.order = message.key = order.at("order").get<std::string>();
    message.destination = "mail";
    message.kind = "tell_email";
    message.payload = order.at("payload").dump();
    message.created_at = WallTime{std::chrono::seconds(order.at("at").get<std::int64_t>())};
    plugins.find("mail").outbound->deliver(message, [id = message.id](const DeliveryReply& reply) {
        say({{"reply",
              {{"id", id},
               {"outcome", to_string(reply.outcome)},
               {"code", reply.code},
               {"detail", reply.detail},
               {"external_id", reply.external_id},
               {"retry_after_ms", reply.retry_after ? reply.retry_after->count() : -1}}}});
    });
}

void run(const std::string& plugin_dir) {
    std::string line;
    std::getline(std::cin, line);
    Node node;
    HostOptions options;
    options.city = "beijing";
    options.plugin_dir = plugin_dir;
    options.logger = std::make_shared<spdlog::logger>("log", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    options.inbound = [&node](InboundMessage message, const std::function<void(Result<>)>& done) {
        node.take(std::move(message), done);
    };
    PluginConfig config{"email", "mail", {"order", 1, 1}, {{"order", 1, 1}, {}}};
    const Json given = Json::parse(line);
    for (const auto& [name, value] : given.items())
        config.settings.settings.push_back({name, value.get<std::string>(), {"order", 1, 1}});
    PluginSet plugins(options);
    Problems problems;
    plugins.load({config}, problems);
    Json told = Json::array();
    for (const Problem& problem : problems) told.push_back(to_string(problem));
    if (!told.empty()) return say({{"problems", std::move(told)}});
    if (const auto started = plugins.start(); !started) throw std::runtime_error(started.error().detail);
    say({{"ready", true}});
    while (std::getline(std::cin, line)) {
        const Json order = Json::parse(line);
        const std::string what = order.at("do");
        if (what == "deliver") deliver(plugins, order);
        if (what == "take") {
            node.set_answer(order.at("answer"));
            say({{"taking", order.at("answer")}});
        }
        if (what == "stop") break;
    }
    plugins.stop();
    say({{"stopped", true}});
}

}  // namespace

int main(int, char** argv) {
    try {
        run(argv[1]);
    } catch (const std::exception& failure) {
        say({{"failure", failure.what()}});
        return 1;
    }
}
