#include "adapters/freeswitch/commands.h"

#include <algorithm>

#include "adapters/freeswitch/translate.h"
#include "adapters/freeswitch/words.h"

namespace citybridge::freeswitch {
namespace {

using Commands = std::vector<std::string>;

Error bad_value(std::string_view what) {
    return Error{"freeswitch.bad_value", "the " + std::string(what) +
                                             " is missing or holds a character that means something to FreeSWITCH; "
                                             "nothing was sent"};
}

std::string seconds(Millis time) {
    return std::to_string(std::max<Millis::rep>(1, std::chrono::ceil<std::chrono::seconds>(time).count()));
}

// Room of a three-way call: short, since people see it on their phones.
std::string room_of(std::string_view command_id) { return "cb-" + uuid_of(command_id).substr(0, 8); }

}  // namespace

std::string sent(std::string_view command) { return std::string(command) + "\n\n"; }

std::vector<CallAction> CommandWriter::call_actions() const {
    using enum CallAction;
    std::vector<CallAction> out{hangup,         hold,      retrieve, transfer, consult, attended_transfer,
                                cancel_consult, conference};
    if (!settings_.recording_folder.empty())
        out.insert(out.end(), {record, stop_recording, mute_recording, unmute_recording});
    if (!settings_.park_extension.empty()) out.push_back(park);
    return out;
}

std::string CommandWriter::endpoint(std::string_view number) const {
    if (number.find('/') != std::string_view::npos) return std::string(number);
    if (!is_extension(number))
        return "loopback/" + settings_.dial_prefix + std::string(number) + "/" + settings_.context;
    const std::string at = settings_.domain.empty() ? std::string() : "@" + settings_.domain;
    return "user/" + std::string(number) + at;
}

Result<std::string> CommandWriter::dial(const DialCommand& command, std::string_view channel) const {
    if (!is_plain_word(command.device)) return bad_value("device");
    if (!is_plain_word(command.number)) return bad_value("number");
    const std::string number = is_extension(command.number) ? command.number : settings_.dial_prefix + command.number;
    std::string phone = command.device;
    if (phone.find('/') == std::string::npos) {
        const bool whole = settings_.domain.empty() || phone.find('@') != std::string::npos;
        phone = "user/" + phone + (whole ? std::string() : "@" + settings_.domain);
    }
    std::string variables = "origination_uuid=" + std::string(channel);
    // Without it a phone's early media counts as its answer.
    variables += ",ignore_early_media=true,originate_timeout=" + seconds(command.ring_timeout);
    variables += ",origination_caller_id_number=" + command.number;
    if (!settings_.caller_id.empty()) variables += ",effective_caller_id_number=" + settings_.caller_id;
    return "originate {" + variables + "}" + phone + " " + number + " XML " + settings_.context;
}

Result<Commands> CommandWriter::record(const CallCommand& command, const Commands& files) const {
    const std::string& channel = command.customer_channel;
    if (command.action == CallAction::record) {
        if (!is_plain_word(command.recording) || command.recording.find_first_of("/.") != std::string::npos)
            return bad_value("name of the recording");
        const std::string file = settings_.recording_folder + "/" + command.recording + ".wav";
        return Commands{"uuid_record " + channel + " start " + file};
    }
    if (files.empty()) return Error{"freeswitch.no_recording", "this call is not being recorded"};
    const std::string_view verb = command.action == CallAction::stop_recording   ? "stop"
                                  : command.action == CallAction::mute_recording ? "mask"
                                                                                 : "unmask";
    Commands out;
    for (const std::string& file : files)
        out.push_back("uuid_record " + channel + " " + std::string(verb) + " " + file);
    return out;
}

// Not att_xfer, which lost the customer in 3 of 20 tries (FACTS): both are
// parked, the customer hears music, and the agent's channel dials by itself, so
// that he hears the phone ring. If nothing comes of it his channel says so and parks.
Commands CommandWriter::consult(const CallCommand& command) const {
    Commands out{"uuid_transfer " + command.customer_channel + " -both park inline"};
    if (!settings_.hold_music.empty())
        out.push_back("uuid_broadcast " + command.customer_channel + " " + settings_.hold_music + " aleg");
    out.push_back(
        "uuid_transfer " + command.agent_channel +
        " set:continue_on_fail=true,set:hangup_after_bridge=false,set:call_timeout=" + seconds(command.ring_timeout) +
        ",bridge:" + endpoint(command.to) + ",set:" + std::string(kConsultVariable) + "=over,park inline");
    return out;
}

Commands CommandWriter::conference(const CallCommand& command) const {
    const std::string room = room_of(command.command_id) + "@" + settings_.conference_profile;
    const std::string go = " conference:" + room + " inline";
    if (!command.consult_channel.empty())
        return {"uuid_transfer " + command.agent_channel + " -both" + go,
                "uuid_transfer " + command.customer_channel + go};
    return {"uuid_transfer " + command.customer_channel + " -both" + go,
            "bgapi originate {" + std::string(kDialledForVariable) + "=" + command.agent_channel +
                ",ignore_early_media=true,originate_timeout=" + seconds(command.ring_timeout) + "}" +
                endpoint(command.to) + " &conference(" + room + ")"};
}

Result<Commands> CommandWriter::call(const CallCommand& command, const Commands& recordings) const {
    const auto actions = call_actions();
    if (std::find(actions.begin(), actions.end(), command.action) == actions.end())
        return Error{"freeswitch.not_supported", "this is not possible with the settings of this PBX"};
    const std::string& customer = command.customer_channel;
    const std::string& agent = command.agent_channel;
    if (!is_plain_word(customer) || !is_plain_word(agent)) return bad_value("channel");
    const bool needs_number = command.action == CallAction::transfer || command.action == CallAction::consult ||
                              (command.action == CallAction::conference && command.consult_channel.empty());
    if (needs_number && !is_plain_word(command.to)) return bad_value("number");
    const std::string to = is_extension(command.to) ? command.to : settings_.dial_prefix + command.to;
    switch (command.action) {
        case CallAction::hangup: return Commands{"uuid_kill " + agent};
        // Named is the agent's own leg: his phone is told, and the other side hears music.
        case CallAction::hold: return Commands{"uuid_hold " + agent};
        case CallAction::retrieve: return Commands{"uuid_hold off " + agent};
        case CallAction::transfer:
            return Commands{"uuid_transfer " + customer + " " + to + " XML " + settings_.context};
        case CallAction::consult: return consult(command);
        case CallAction::attended_transfer:
            if (!is_plain_word(command.consult_channel)) return bad_value("consulted channel");
            return Commands{"uuid_bridge " + customer + " " + command.consult_channel, "uuid_kill " + agent};
        case CallAction::cancel_consult: return Commands{"uuid_bridge " + customer + " " + agent};
        case CallAction::conference: return conference(command);
        case CallAction::park:
            return Commands{"uuid_transfer " + customer + " " + settings_.park_extension + " XML " + settings_.context};
        case CallAction::record:
        case CallAction::stop_recording:
        case CallAction::mute_recording:
        case CallAction::unmute_recording: return record(command, recordings);
    }
    return Error{"freeswitch.not_supported", "no such action"};
}

Result<Commands> CommandWriter::agent_state(const AgentStateCommand& command, std::string_view agent) const {
    if (!is_plain_word(agent)) return bad_value("agent");
    const std::string name(agent);
    const std::string set = "callcenter_config agent set status " + name;
    const auto& queues = command.queues.empty() ? settings_.queues : command.queues;
    for (const std::string& queue : queues) {
        if (!is_plain_word(queue)) return bad_value("queue");
    }
    Commands out;
    switch (command.wish) {
        case AgentWish::ready:
            return Commands{set + " 'Available'", "callcenter_config agent set state " + name + " Waiting"};
        case AgentWish::not_ready: return Commands{set + " 'On Break'"};
        case AgentWish::log_in:
            for (const std::string& queue : queues)
                out.push_back("callcenter_config tier add " + queue + " " + name + " 1 1");
            out.push_back(set + " 'Available'");
            return out;
        case AgentWish::log_out:
            // Out of some queues he stays at work in the others.
            for (const std::string& queue : command.queues)
                out.push_back("callcenter_config tier del " + queue + " " + name);
            if (command.queues.empty()) out.push_back(set + " 'Logged Out'");
            return out;
    }
    return out;
}

}  // namespace citybridge::freeswitch
