// Which actions of the manager a command is made of.
#include <array>

#include "adapters/asterisk/call_commands.h"
#include "adapters/asterisk/number.h"

namespace citybridge::asterisk {
namespace {

// A PBX waits this long for each further key of a number that might go on.
constexpr Millis kDigitWait{3'000};

struct Refusal {
    std::string_view text;  // part of what the manager says
    std::string_view reason;
};
// The first that fits. Words of Asterisk's own sources differ between its modules.
constexpr std::array kRefusals{
    Refusal{"Permission denied", "not_permitted"},
    Refusal{"not permitted", "not_permitted"},
    Refusal{"Forbidden", "not_permitted"},
    Refusal{"No such channel", "no_such_call"},
    Refusal{"hannel does not exist", "no_such_call"},
    Refusal{"hannel specified does not exist", "no_such_call"},
    Refusal{"nonexistent channel", "no_such_call"},
    Refusal{"hannel not up", "no_such_call"},
    Refusal{"Transfer invalid", "no_such_call"},
    Refusal{"Extension does not exist", "no_such_number"},
    Refusal{"Interface not found", "no_such_agent"},
    Refusal{"Member not dynamic", "not_permitted"},
};

}  // namespace

std::string reason_of_refusal(std::string_view message) {
    for (const Refusal& refusal : kRefusals) {
        if (message.find(refusal.text) != std::string_view::npos) return std::string(refusal.reason);
    }
    return "failed";
}

bool is_unknown_action(std::string_view message) { return message.starts_with("Invalid/unknown command"); }

// These are fed to the PBX like keys pressed on the agent's phone, so its answer says little.
bool CallCommands::by_keys(const CallCommand& command) {
    switch (command.action) {
        case CallAction::consult:
        case CallAction::cancel_consult:
        case CallAction::attended_transfer: return true;
        case CallAction::conference: return !command.consult_channel.empty();
        default: return false;
    }
}

std::size_t CallCommands::steps_of(const CallCommand& command) const {
    const bool keys = command.action == CallAction::conference && by_keys(command);
    return keys ? settings_.threeway_code.size() : 1;
}

Millis CallCommands::patience(const CallCommand& command) const {
    return settings_.reply_timeout + (command.action == CallAction::consult ? kDigitWait : Millis(0));
}

std::string CallCommands::number(const CallCommand& command) const {
    return with_prefix(settings_.prefix, settings_.internal_digits, command.to);
}

Action CallCommands::action_for(const Running& running) const {
    const CallCommand& command = running.command;
    const auto make = [&](std::string_view name) { return Action(name, running.action_id); };
    const std::string& agent = command.agent_channel;
    const std::string& customer = command.customer_channel;
    switch (command.action) {
        case CallAction::transfer:
            return make("BlindTransfer")
                .add("Channel", agent)
                .add("Context", settings_.context)
                .add("Exten", number(command));
        case CallAction::consult:
            return make("Atxfer").add("Channel", agent).add("Context", settings_.context).add("Exten", number(command));
        case CallAction::cancel_consult: return make("CancelAtxfer").add("Channel", agent);
        // An agent who leaves his consultation completes the transfer, whatever keys features.conf names for it.
        case CallAction::attended_transfer: return make("Hangup").add("Channel", agent).add("Cause", "16");
        case CallAction::conference: {
            if (by_keys(command))
                return make("PlayDTMF")
                    .add("Channel", agent)
                    .add("Digit", settings_.threeway_code.substr(running.step, 1))
                    .add("Receive", "true");
            const std::string room = room_of(command.command_id);
            Action redirect = make("Redirect");
            redirect.add("Channel", customer).add("ExtraChannel", agent);
            redirect.add("Context", settings_.conference_context).add("Exten", room).add("Priority", "1");
            redirect.add("ExtraContext", settings_.conference_context)
                .add("ExtraExten", room)
                .add("ExtraPriority", "1");
            return redirect;
        }
        // On the customer's channel, so that it goes on through transfers; "b": only while somebody hears him.
        case CallAction::record: {
            const std::string folder = settings_.recording_folder.empty() ? "" : settings_.recording_folder + "/";
            return make("MixMonitor")
                .add("Channel", customer)
                .add("File", folder + command.recording + "." + settings_.recording_format)
                .add("options", "b");
        }
        case CallAction::stop_recording: return make("StopMixMonitor").add("Channel", customer);
        case CallAction::mute_recording:
        case CallAction::unmute_recording:
            return make("MixMonitorMute")
                .add("Channel", customer)
                .add("Direction", "both")
                .add("State", command.action == CallAction::mute_recording ? "1" : "0");
        case CallAction::park:
            return make("Park")
                .add("Channel", customer)
                .add("TimeoutChannel", agent)
                .add("Timeout", std::to_string(settings_.park_timeout.count()))
                .add_unless_empty("Parkinglot", settings_.parking_lot);
        // Takes a channel's name or its Uniqueid. 16: normal clearing, else the far side is told nothing.
        case CallAction::hangup: return make("Hangup").add("Channel", agent).add("Cause", "16");
        case CallAction::hold:
        case CallAction::retrieve: break;
    }
    return make("Ping");  // never sent: offers() and refusal() keep these out
}

}  // namespace citybridge::asterisk
