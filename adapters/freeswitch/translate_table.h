#pragma once
// The functions behind Translator's table. Shared by its source files only.
#include "adapters/freeswitch/translate.h"

namespace citybridge::freeswitch {

struct EventContext {
    const Event& event;
    WallTime at;
    std::vector<PbxSignal>& out;

    std::string text(std::string_view header) const { return std::string(event.value(header)); }
    std::string channel() const { return text("Unique-ID"); }
    void say(std::string channel, SignalBody body) const { say_at(at, std::move(channel), std::move(body)); }
    void say_at(WallTime when, std::string channel, SignalBody body) const {
        out.push_back({when, std::move(channel), {}, std::move(body)});
    }
};

struct Handlers {
    using Function = void (*)(Translator&, const EventContext&);
    using Remembered = Translator::Remembered;

    // nullptr: the event is not translated.
    static Function find(std::string_view event_name);

    // Channels.
    static void create(Translator&, const EventContext&);
    static void progress(Translator&, const EventContext&);
    static void answer(Translator&, const EventContext&);
    static void hangup(Translator&, const EventContext&);
    static void hangup_complete(Translator&, const EventContext&);
    static void renamed(Translator&, const EventContext&);
    static void execute(Translator&, const EventContext&);
    static void record_start(Translator&, const EventContext&);
    static void record_stop(Translator&, const EventContext&);
    static void api(Translator&, const EventContext&);

    // Who is with whom.
    static void bridge(Translator&, const EventContext&);
    static void together(Translator&, const EventContext&, const std::string& one, const std::string& other);
    static bool is_early(Translator&, const EventContext&, const std::string& one, const std::string& other);
    static void early_answered(Translator&, const EventContext&, const std::string& channel);
    static void missed_bridge(Translator&, const EventContext&);
    static void unbridge(Translator&, const EventContext&);
    static void park(Translator&, const EventContext&);
    static void unpark(Translator&, const EventContext&);
    static void hold(Translator&, const EventContext&);
    static void unhold(Translator&, const EventContext&);
    static void conference(Translator&, const EventContext&);
    static void enter_room(Translator&, const EventContext&, const std::string& channel, const std::string& room);
    static void valet(Translator&, const EventContext&);

    // CUSTOM: queues and agents, conferences, parking, surveys.
    static void custom(Translator&, const EventContext&);
    static void callcenter(Translator&, const EventContext&);
    static void member_event(Translator&, const EventContext&, std::string_view action);
    static void called_by_queue(Translator&, const EventContext&, const std::string& phone);

    // Steps shared by them.
    static void dialled(Translator&, const EventContext&, const std::string& from, const std::string& target,
                        const std::string& number, WallTime at);
    static void enter(Translator&, const EventContext&, const std::string& channel, const std::string& bridge,
                      BridgeKind kind, const std::string& name, WallTime at);
    static void leave(Translator&, const EventContext&, const std::string& channel);
    static void transferred(Translator&, const EventContext&, const std::string& by);
    static void say_hangup(Translator&, const EventContext&, const std::string& channel, WallTime at);
    static void bind(Translator&, const EventContext&, const std::string& one, const std::string& other);
    static void rejoin(Translator&, const EventContext&, const std::string& agent, const std::string& other);
    static void queue_left(Translator&, const EventContext&, const std::string& channel, bool abandoned);
    static void tell_members(Translator&, const EventContext&, std::string_view agent);
};

// The bridge of two channels: the same name from either side and from a snapshot.
std::string bridge_of_two(std::string_view one, std::string_view other);
std::string conference_bridge(std::string_view room);
std::string park_bridge(std::string_view channel);

}  // namespace citybridge::freeswitch
