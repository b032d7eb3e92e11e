// The plugin as a node loads it, with the node's HTTP client, for tests in
// other languages. Argument: the folder of the plugins. On standard input one
// JSON object per line: {"settings": {...}, "messages": [{"id", "payload"}]}.
// All messages go out at once; one line comes back: {"problems": []} or
// {"replies": [{"outcome", "code", "detail"}]}, in the messages' order.
#include <deque>
#include <future>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/host/plugin_set.h"

namespace {

using namespace citybridge;
using Json = nlohmann::ordered_json;

constexpr auto kPatience = std::chrono::seconds(60);

Json reply_json(const DeliveryReply& reply) {
    return {{"outcome", to_string(reply.outcome)}, {"code", reply.code}, {"detail", reply.detail}};
}

Json carry(const std::string& plugin_dir, const Json& order) {
    HostOptions options;
    options.city = "beijing";
    options.plugin_dir = plugin_dir;
    PluginConfig config{"webhook", "erp", {"order", 1, 1}, {{"order", 1, 1}, {}}};
    for (const auto& [name, value] : order.at("settings").items())
        config.settings.settings.push_back({name, value.get<std::string>(), {"order", 1, 1}});

    std::deque<std::promise<DeliveryReply>> promises;  // outlives the plugins, which answer into it
    PluginSet plugins(options);
    Problems problems;
    plugins.load({config}, problems);
    if (!problems.empty()) {
        Json told = Json::array();
        for (const Problem& problem : problems) told.push_back(to_string(problem));
        return {{"problems", std::move(told)}};
    }
    if (const auto started = plugins.start(); !started) throw std::runtime_error(started.error().detail);
    for (const auto& each : order.at("messages")) {
        OutboxRecord message;
        message.id = each.at("id").get<std::string>();
        message.payload = each.at("payload").get<std::string>();
        auto& promise = promises.emplace_back();
        plugins.find("erp").outbound->deliver(message,
                                              [&promise](const DeliveryReply& reply) { promise.set_value(reply); });
    }
    Json replies = Json::array();
    for (auto& promise : promises) {
        auto future = promise.get_future();
        if (future.wait_for(kPatience) != std::future_status::ready) throw std::runtime_error("a message got no reply");
        replies.push_back(reply_json(future.get()));
    }
    plugins.stop();
    return {{"replies", std::move(replies)}};
}

}  // namespace

int main(int, char** argv) {
    std::string line;
    while (std::getline(std::cin, line)) {
        try {
            std::cout << carry(argv[1], Json::parse(line)).dump() << std::endl;
        } catch (const std::exception& failure) {
            std::cout << Json{{"failure", failure.what()}}.dump() << std::endl;
        }
    }
}
