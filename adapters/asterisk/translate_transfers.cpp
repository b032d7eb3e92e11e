// Calls given away, parked, joined by a third, listened to or recorded.
#include "adapters/asterisk/framer.h"
#include "adapters/asterisk/translate_table.h"
#include "adapters/asterisk/words.h"

namespace citybridge::asterisk {
namespace {

constexpr std::size_t kMaxRooms = 10'000;
constexpr std::size_t kMaxMoving = 1'000;

TransferResult transfer_result(std::string_view word) {
    return equal_ignoring_case(word, "Success") ? TransferResult::completed : TransferResult::failed;
}

// Items of a list answer look like these events, but answer somebody's question.
bool is_list_item(const Message& event) { return !event.get("ActionID").empty() && event.get("Privilege").empty(); }

std::string id_of(const Message& event, std::string_view key) { return std::string(known(event.get(key))); }

}  // namespace

void Handlers::blind_transfer(Translator&, const EventContext& context) {
    const Message& event = context.event;
    signal::Transferred body;
    body.kind = TransferKind::blind;
    body.result = transfer_result(event.get("Result"));
    body.to = event.get("Extension");
    body.moved = id_of(event, "TransfereeUniqueid");
    context.out.push_back(about_role(context, "Transferer", std::move(body)));
}

// Two calls of the transferer become one. Which of his channels had the customer
// is not said, only which call was first; the call book knows.
void Handlers::attended_transfer(Translator&, const EventContext& context) {
    const Message& event = context.event;
    const std::string_view destination = event.get("DestType");
    signal::Transferred body;
    body.kind = equal_ignoring_case(destination, "Threeway") ? TransferKind::conference : TransferKind::attended;
    body.result =
        equal_ignoring_case(destination, "Fail") ? TransferResult::failed : transfer_result(event.get("Result"));
    body.moved = id_of(event, "TransfereeUniqueid");
    body.target = id_of(event, "TransferTargetUniqueid");
    // To a phone that still rings: who it is, the call book knows.
    const std::string_view application = event.get("DestApp");
    const bool rings = equal_ignoring_case(application, "Dial") || equal_ignoring_case(application, "AppDial");
    if (equal_ignoring_case(destination, "App") && !rings) body.to = application;
    context.out.push_back(about_role(context, "OrigTransferer", std::move(body)));
}

void Handlers::parked_call(Translator&, const EventContext& context) {
    if (is_list_item(context.event)) return;
    signal::Parked body{std::string(context.event.get("ParkingSpace")), id_of(context.event, "ParkerUniqueid"),
                        id_of(context.event, "ParkerDialString")};
    context.out.push_back(about_role(context, "Parkee", std::move(body)));
}

void Handlers::unparked_call(Translator&, const EventContext& context) {
    context.out.push_back(about_role(context, "Parkee", signal::Unparked{id_of(context.event, "RetrieverUniqueid")}));
}

void Handlers::parked_call_over(Translator&, const EventContext& context) {
    context.out.push_back(about_role(context, "Parkee", signal::Unparked{}));
}

void Handlers::conference_start(Translator& self, const EventContext& context) {
    if (self.rooms_.size() >= kMaxRooms) self.rooms_.clear();
    self.rooms_.insert_or_assign(std::string(context.event.get("BridgeUniqueid")),
                                 self.text(context.event.get("Conference")));
}

// Names a room that was there before the link, where its bridge has no name.
void Handlers::conference_join(Translator& self, const EventContext& context) {
    const std::string bridge(context.event.get("BridgeUniqueid"));
    if (bridge.empty() || self.rooms_.contains(bridge)) return;
    if (!known(context.event.get("BridgeName")).empty()) return;
    conference_start(self, context);
    signal::BridgeEntered body{bridge, BridgeKind::conference, {}};
    body.name = self.rooms_[bridge];
    context.out.push_back(about_channel(context, std::move(body)));
}

void Handlers::conference_end(Translator& self, const EventContext& context) {
    self.rooms_.erase(std::string(context.event.get("BridgeUniqueid")));
}

void Handlers::var_set(Translator& self, const EventContext& context) {
    const Message& event = context.event;
    const std::string_view channel = known(event.get("Uniqueid"));
    if (event.get("Variable") != kRecordingVariable || channel.empty() || channel == "none") return;
    self.remember(channel).recording = event.get("Value");
}

void Handlers::monitor_start(Translator& self, const EventContext& context) {
    PbxSignal started = about_channel(context, signal::RecordingChanged{RecordingStep::started, {}});
    if (const auto* before = self.remembered(started.channel))
        std::get<signal::RecordingChanged>(started.body).file = before->recording;
    context.out.push_back(std::move(started));
}

void Handlers::monitor_stop(Translator&, const EventContext& context) {
    context.out.push_back(about_channel(context, signal::RecordingChanged{RecordingStep::stopped, {}}));
}

// Both directions or one: what one side says in private is not recorded either way.
void Handlers::monitor_mute(Translator&, const EventContext& context) {
    const bool on = to_int(context.event.get("State")) != 0;
    const RecordingStep step = on ? RecordingStep::muted : RecordingStep::unmuted;
    context.out.push_back(about_channel(context, signal::RecordingChanged{step, {}}));
}

void Handlers::spy_start(Translator&, const EventContext& context) {
    context.out.push_back(
        about_role(context, "Spyer", signal::ListeningStarted{id_of(context.event, "SpyeeUniqueid")}));
}

void Handlers::spy_stop(Translator&, const EventContext& context) {
    context.out.push_back(about_role(context, "Spyer", signal::ListeningStopped{}));
}

// A masquerade: the connection of one channel goes on in another. Asterisk tells
// it as three renames: the moving channel's name gets "<MASQ>", the other channel
// gets that name, and what is left of the first becomes a "<ZOMBIE>" and hangs up.
void Handlers::rename(Translator& self, const EventContext& context) {
    constexpr std::string_view kMoving = "<MASQ>";
    const Message& event = context.event;
    const std::string_view fresh = event.get("Newname");
    const std::string id = id_of(event, "Uniqueid");
    if (id.empty()) return;
    if (fresh.ends_with(kMoving)) {
        if (self.moving_.size() >= kMaxMoving) self.moving_.clear();
        self.moving_.insert_or_assign(std::string(fresh.substr(0, fresh.size() - kMoving.size())), id);
        return;
    }
    const auto moving = self.moving_.find(std::string(fresh));
    if (moving == self.moving_.end()) return;
    const std::string from = moving->second;
    self.moving_.erase(moving);
    if (from == id) return;
    context.out.push_back({context.at, from, std::string(known(event.get("Linkedid"))), signal::ChannelRenamed{id}});
}

}  // namespace citybridge::asterisk
