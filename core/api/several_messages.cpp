#include "core/api/several_messages.h"

#include <utility>

namespace citybridge {
namespace {

// A sender's own types have no blank.
constexpr const char* kSeveral = "several messages";

}  // namespace

InboundMessage pack_messages(std::vector<InboundMessage> messages) {
    if (messages.size() == 1) return std::move(messages.front());
    InboundMessage out;
    out.source = messages.front().source;
    out.id = messages.front().id;
    out.sent_at = messages.front().sent_at;
    out.type = kSeveral;
    out.data = nlohmann::ordered_json::array();
    for (InboundMessage& each : messages)
        out.data.push_back(
            {{"id", std::move(each.id)}, {"type", std::move(each.type)}, {"data", std::move(each.data)}});
    return out;
}

std::vector<InboundMessage> unpack_messages(InboundMessage message) {
    if (message.type != kSeveral) return {std::move(message)};
    std::vector<InboundMessage> out;
    if (!message.data.is_array()) return out;
    for (auto& each : message.data) {
        const auto text = [&](const char* name) {
            return each.is_object() && each.contains(name) && each[name].is_string() ? each[name].get<std::string>()
                                                                                     : std::string();
        };
        InboundMessage one;
        one.source = message.source;
        one.id = text("id");
        one.sent_at = message.sent_at;
        one.type = text("type");
        if (one.id.empty() || one.type.empty() || one.type == kSeveral || !each.contains("data")) return {};
        one.data = std::move(each["data"]);
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace citybridge
