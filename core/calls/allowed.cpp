#include "core/calls/allowed.h"

#include <algorithm>

namespace citybridge::calls {
namespace {

struct Situation {
    bool talking;
    bool held_by_agent;
    bool consulting;
    bool recorded;
    bool muted;
    bool unmuted;
};

bool is_possible(CallAction action, const Situation& now) {
    switch (action) {
        case CallAction::hangup: return true;
        case CallAction::hold: return now.talking && !now.held_by_agent && !now.consulting;
        case CallAction::retrieve: return now.talking && now.held_by_agent;
        case CallAction::transfer:
        case CallAction::consult:
        case CallAction::park: return now.talking && !now.consulting;
        case CallAction::conference: return now.talking;
        case CallAction::attended_transfer:
        case CallAction::cancel_consult: return now.consulting;
        case CallAction::record: return now.talking && !now.recorded;
        case CallAction::stop_recording: return now.recorded;
        case CallAction::mute_recording: return now.unmuted;
        case CallAction::unmute_recording: return now.muted;
    }
    return false;
}

}  // namespace

std::vector<std::string> allowed_now(const ContactRecord& record, const std::vector<CallAction>& actions,
                                     bool consulting) {
    std::vector<std::string> words;
    if (record.view.ended_at || actions.empty()) return words;
    Situation now{};
    now.talking = record.talk_since.has_value();
    now.consulting = consulting;
    now.held_by_agent = std::any_of(record.open_holds.begin(), record.open_holds.end(), [&](const OpenHold& open) {
        return record.view.holds[open.index].by == HoldBy::agent;
    });
    now.recorded = !record.open_recordings.empty();
    for (const OpenRecording& open : record.open_recordings)
        (record.view.recordings[open.index].state == Recording::State::muted ? now.muted : now.unmuted) = true;
    words.reserve(actions.size());
    for (const CallAction action : actions)
        if (is_possible(action, now)) words.emplace_back(to_string(action));
    return words;
}

}  // namespace citybridge::calls
