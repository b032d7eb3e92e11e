#pragma once
// The functions behind Translator's table. Shared by its source files only.
#include "adapters/asterisk/translate.h"

namespace citybridge::asterisk {

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
    static void hold(Translator&, const EventContext&);
    static void unhold(Translator&, const EventContext&);
    static void user_event(Translator&, const EventContext&);

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
};

}  // namespace citybridge::asterisk
