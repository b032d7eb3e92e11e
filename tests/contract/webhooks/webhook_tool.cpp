// The plugin's signing and judging for tests in other languages: one JSON
// object per line in, one per line out.
//   {"do": "sign", "secrets": ["whsec_..."], "id", "body", "at": seconds}  ->  {"headers": {...}, "body"}
//   {"do": "accept", "secrets", "headers": {...}, "body", "at"}  ->  {"code": "" or why not, "id", "type", "data"}
// A body may be given as "body_base64" instead, for bytes that are no text.
#include <openssl/evp.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "plugins/webhook/incoming.h"
#include "plugins/webhook/outgoing.h"

namespace {

using namespace citybridge;
using Json = nlohmann::ordered_json;

std::string decoded(const std::string& base64) {
    std::string out(base64.size() / 4 * 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()));
    if (size < 0) throw std::runtime_error("body_base64 is not base64");
    const auto padding = static_cast<std::size_t>(std::count(base64.begin(), base64.end(), '='));
    out.resize(static_cast<std::size_t>(size) - padding);
    return out;
}

std::string body_of(const Json& order) {
    if (order.contains("body_base64")) return decoded(order["body_base64"].get<std::string>());
    return order.at("body").get<std::string>();
}

std::vector<webhook::SigningKey> keys_of(const Json& order) {
    std::vector<webhook::SigningKey> keys;
    for (const auto& secret : order.at("secrets")) {
        auto key = webhook::SigningKey::parse(secret.get<std::string>());
        if (!key) throw std::runtime_error(key.error().detail);
        keys.push_back(std::move(*key));
    }
    return keys;
}

WallTime time_of(const Json& order) { return WallTime(std::chrono::seconds(order.at("at").get<std::int64_t>())); }

Json sign(const Json& order) {
    webhook::Destination destination;
    destination.keys = keys_of(order);
    OutboxRecord message;
    message.id = order.at("id").get<std::string>();
    message.payload = body_of(order);
    const auto request = webhook::make_request(destination, message, time_of(order));
    if (!request) throw std::runtime_error(request.error().detail);
    Json headers = Json::object();
    for (const auto& [name, value] : request->headers) headers[name] = value;
    return {{"headers", std::move(headers)}};
}

Json accept(const Json& order) {
    HeaderList headers;
    for (const auto& [name, value] : order.at("headers").items()) headers.emplace_back(name, value.get<std::string>());
    const webhook::Receiver receiver("erp", keys_of(order), std::chrono::seconds(300));
    const auto message = receiver.accept(headers, body_of(order), time_of(order));
    if (!message) return {{"code", message.error().code}};
    return {{"code", ""}, {"id", message->id}, {"type", message->type}, {"data", message->data}};
}

}  // namespace

int main() {
    std::string line;
    while (std::getline(std::cin, line)) try {
            const Json order = Json::parse(line);
            std::cout << (order.at("do") == "sign" ? sign(order) : accept(order)).dump() << std::endl;
        } catch (const std::exception& failure) {
            std::cout << Json{{"failure", failure.what()}}.dump() << std::endl;
        }
}
