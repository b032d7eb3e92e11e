#include "bench/call_script.h"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string_view>

#include "bench/pbx_filter.h"

namespace citybridge::bench {
namespace {

// What the recording calls the parties.
constexpr std::string_view kCallerChannel = "SIP/trunk-sip-00000005";
constexpr std::string_view kCallerId = "1795289756.15";
constexpr std::string_view kCallerNumber = "13522224444";
constexpr std::string_view kPhoneChannel = "SIP/1001-00000006";
constexpr std::string_view kPhoneId = "1795289758.16";
constexpr std::string_view kAgent = "1001";

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string numbered(const char* format, std::uint64_t number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), format, static_cast<unsigned long long>(number));
    return text.data();
}

struct Names {
    std::string caller_channel, caller_id, customer, phone_channel, phone_id, agent;
};

// The longer names first: the agent's number is part of his channel's name.
std::string renamed(const std::string& text, const Names& names) {
    const std::array<std::pair<std::string_view, std::string_view>, 6> swaps{{{kCallerChannel, names.caller_channel},
                                                                              {kCallerId, names.caller_id},
                                                                              {kCallerNumber, names.customer},
                                                                              {kPhoneChannel, names.phone_channel},
                                                                              {kPhoneId, names.phone_id},
                                                                              {kAgent, names.agent}}};
    std::string out;
    out.reserve(text.size() + 64);
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = std::string_view(text).substr(at);
        std::size_t taken = 0;
        // Names begin with "S" or a digit; everything else is copied without a look at the table.
        if (rest.front() == 'S' || rest.front() == '1')
            for (const auto& [from, to] : swaps) {
                if (!rest.starts_with(from)) continue;
                out += to;
                taken = from.size();
                break;
            }
        if (taken == 0) out += rest.front();
        at += taken == 0 ? 1 : taken;
    }
    return out;
}

}  // namespace

CallScript::CallScript(const std::string& recording) {
    bool begun = false;
    for (const std::string& message : filtered_as_asterisk_does(recording)) {
        if (!message.starts_with("Event: ")) continue;
        begun = begun || (message.starts_with("Event: Newchannel") && has(message, kCallerId));
        if (!begun || message.starts_with("Event: SuccessfulAuth")) continue;
        ++events_;
        const bool rings = message.starts_with("Event: Newstate") && has(message, kPhoneId) &&
                           has(message, "ChannelStateDesc: Ringing");
        std::string& part = rings ? ringing_ : ringing_.empty() ? before_ : after_;
        part += message;
    }
    if (ringing_.empty() || !has(before_, "Event: AgentCalled") || !has(after_, "Event: QueueCallerAbandon"))
        throw std::runtime_error("not the recording of a caller who gives up while one phone rings");
}

CallTexts CallScript::call(std::uint64_t number, int agent) const {
    Names names;
    names.agent = std::to_string(agent);
    names.caller_channel = numbered("SIP/trunk-sip-%08llx", 2 * number);
    names.caller_id = numbered("1795300000.%llu", 2 * number);
    names.customer = numbered("139%08llu", number % 100'000'000);
    names.phone_channel = "SIP/" + names.agent + numbered("-%08llx", 2 * number + 1);
    names.phone_id = numbered("1795300000.%llu", 2 * number + 1);
    return {renamed(before_, names), renamed(ringing_, names), renamed(after_, names), names.customer};
}

}  // namespace citybridge::bench
