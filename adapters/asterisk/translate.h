#pragma once
// Events of the manager stream to signals. One function per event in a table
// looked up by the event's name; events that say nothing about a contact are
// not looked into. Not thread-safe; one per PBX.
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/asterisk/framer.h"
#include "core/api/signals.h"

namespace citybridge::asterisk {

struct TranslatorSettings {
    std::vector<std::string> survey_events{"Satisfaction"};  // UserEvents that carry a survey's answer
    std::string survey_score_field = "Score";
    std::string survey_call_field = "CallUniqueid";  // the call, when the event was raised for no channel
    std::string charset = "GB18030";                 // of names that are not UTF-8
};

class Translator {
public:
    explicit Translator(TranslatorSettings settings) : settings_(std::move(settings)) {}

    // Appends what the event says. `arrival` is used where the PBX gives no time.
    void translate(const Message& event, WallTime arrival, std::vector<PbxSignal>& out);

    // The items of list answers, which speak of the same things.
    signal::ChannelStarted channel(const Message& item) const;
    signal::MemberChanged queue_member(const Message& item);
    std::optional<signal::MemberChanged> device(const Message& item) const;

    // What a queue calls a member to what we call the agent, and back: the phone
    // behind a Local interface if the PBX names it.
    std::string agent_of(std::string_view interface) const;
    std::string interface_of(std::string_view agent) const;

    // The link is new: channels that were remembered may have ended unseen.
    void forget_channels() {
        channels_.clear();
        rooms_.clear();
        moving_.clear();
    }

private:
    friend struct Handlers;

    // What must be known of an earlier event to say a later one right.
    // Erased with the channel's Hangup.
    struct Remembered {
        bool abandoned = false;              // QueueCallerAbandon came, its QueueCallerLeave says nothing new
        int cause = 0;                       // why its party asked for the end (Q.850); 0: not told
        std::optional<DialResult> dial_end;  // how ringing it ended
        std::optional<WallTime> key_at;      // when its party pressed a key last
        std::string recording;               // the file named last; the start of a recording does not name it
        std::string place;                   // in the dialplan, when it entered its bridge
    };

    // A queue member that is dialled through a Local channel.
    struct LocalMember {
        std::string interface;  // as the queue knows it
        std::string agent;
    };

    std::string text(std::string_view bytes) const;
    Remembered& remember(std::string_view channel);
    const Remembered* remembered(std::string_view channel) const;
    void learn_interface(const Message& event, std::string_view interface_key);

    TranslatorSettings settings_;
    std::unordered_map<std::string, Remembered> channels_;
    std::unordered_map<std::string, LocalMember> members_;  // by interface without options
    std::unordered_map<std::string, std::string> rooms_;    // conference by bridge
    std::unordered_map<std::string, std::string> moving_;   // channel names on their way to another channel: its id
};

}  // namespace citybridge::asterisk
