#pragma once
// The functions behind Translator's table. Shared by its source files only.
#include "adapters/asterisk/translate.h"

namespace citybridge::asterisk {

// Set on a channel just before it is recorded: the only place that names the file.
inline constexpr std::string_view kRecordingVariable = "MIXMONITOR_FILENAME";

struct EventContext {
    const Message& event;
    WallTime at;
    std::vector<PbxSignal>& out;
};

struct Handlers {
    using Function = void (*)(Translator&, const EventContext&);

    // nullptr: the event is not translated.
    static Function find(std::string_view event_name);

    // Calls: channels, dialling, bridges.
    static void newchannel(Translator&, const EventContext&);
    static void newstate(Translator&, const EventContext&);
    static void new_callerid(Translator&, const EventContext&);
    static void newexten(Translator&, const EventContext&);
    static void hangup(Translator&, const EventContext&);
    static void hangup_request(Translator&, const EventContext&);
    static void dial_begin(Translator&, const EventContext&);
    static void dial_end(Translator&, const EventContext&);
    static void bridge_enter(Translator&, const EventContext&);
    static void bridge_leave(Translator&, const EventContext&);
    static void key_pressed(Translator&, const EventContext&);
    static void hold(Translator&, const EventContext&);
    static void unhold(Translator&, const EventContext&);
    static void user_event(Translator&, const EventContext&);

    // Calls given away, parked, joined, listened to, recorded.
    static void blind_transfer(Translator&, const EventContext&);
    static void attended_transfer(Translator&, const EventContext&);
    static void parked_call(Translator&, const EventContext&);
    static void unparked_call(Translator&, const EventContext&);
    static void parked_call_over(Translator&, const EventContext&);
    static void conference_start(Translator&, const EventContext&);
    static void conference_join(Translator&, const EventContext&);
    static void conference_end(Translator&, const EventContext&);
    static void var_set(Translator&, const EventContext&);
    static void monitor_start(Translator&, const EventContext&);
    static void monitor_stop(Translator&, const EventContext&);
    static void monitor_mute(Translator&, const EventContext&);
    static void spy_start(Translator&, const EventContext&);
    static void spy_stop(Translator&, const EventContext&);
    static void rename(Translator&, const EventContext&);

    // Queues and their members.
    static void caller_join(Translator&, const EventContext&);
    static void caller_leave(Translator&, const EventContext&);
    static void caller_abandon(Translator&, const EventContext&);
    static void agent_called(Translator&, const EventContext&);
    static void agent_ring_no_answer(Translator&, const EventContext&);
    static void agent_connect(Translator&, const EventContext&);
    static void member_changed(Translator&, const EventContext&);
    static void member_removed(Translator&, const EventContext&);
    static void device_state(Translator&, const EventContext&);

    // An envelope about the event's own channel, with Linkedid read anew.
    static PbxSignal about_channel(const EventContext&, SignalBody body);
    // The same of a channel whose keys begin with `role`: "Parkee", "Transferer", ...
    static PbxSignal about_role(const EventContext&, std::string_view role, SignalBody body);
};

}  // namespace citybridge::asterisk
