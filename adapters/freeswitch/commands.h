#pragma once
// Commands as text. A blank, quote or line break in what comes from outside
// would start an argument or a command of its own, so such a value is refused.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/result.h"

namespace citybridge::freeswitch {

struct CommandSettings {
    std::string context = "default";  // of the dialplan, where numbers are dialled
    std::string domain;               // of users and callcenter agents; empty: FreeSWITCH's own
    std::string dial_prefix;          // put before an outside number
    std::string caller_id;            // shown to who is dialled; empty: what the dialplan says
    std::string recording_folder;     // on the PBX's disk; empty: no recording
    std::string park_extension;       // empty: no parking
    std::string conference_profile = "default";
    std::string hold_music = "local_stream://moh";  // while an agent consults; empty: silence
    std::vector<std::string> queues;                // an agent logs in to, if the command names none
};

// "api uuid_kill X" as it is sent.
std::string sent(std::string_view command);

class CommandWriter {
public:
    explicit CommandWriter(CommandSettings settings) : settings_(std::move(settings)) {}

    std::vector<CallAction> call_actions() const;

    // `originate` of a click to dial, without `bgapi`. Error: freeswitch.bad_value.
    Result<std::string> dial(const DialCommand& command, std::string_view channel) const;

    // api commands in order, each after the one before succeeded; one that
    // begins with "bgapi" is only started. Errors: freeswitch.bad_value, freeswitch.not_supported.
    // `recordings`: files being written for the customer's channel, the latest last.
    Result<std::vector<std::string>> call(const CallCommand& command, const std::vector<std::string>& recordings) const;

    // `agent`: the callcenter's full name.
    Result<std::vector<std::string>> agent_state(const AgentStateCommand& command, std::string_view agent) const;

private:
    Result<std::vector<std::string>> record(const CallCommand& command, const std::vector<std::string>& files) const;
    std::vector<std::string> consult(const CallCommand& command) const;
    std::vector<std::string> conference(const CallCommand& command) const;
    std::string endpoint(std::string_view number) const;

    CommandSettings settings_;
};

// Set on an agent's channel when his consultation ended without him taking it further.
inline constexpr std::string_view kConsultVariable = "citybridge_consult";

}  // namespace citybridge::freeswitch
