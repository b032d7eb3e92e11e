#include <algorithm>

#include "adapters/asterisk/translate_table.h"
#include "adapters/asterisk/words.h"

namespace citybridge::asterisk {
namespace {

std::string place_of(const Message& event) {
    return std::string(event.get("Exten")).append("@").append(event.get("Context"));
}

// A feature code is waited for a moment: another key might follow.
constexpr Millis kFeatureBegins{250};

}  // namespace

signal::ChannelStarted Translator::channel(const Message& item) const {
    const std::string_view name = item.get("Channel");
    signal::ChannelStarted out;
    out.device = device_of(name);
    out.number = known(item.get("CallerIDNum"));
    out.name = text(unescaped(item.get("CallerIDName")));
    out.state = channel_state(item.get("ChannelState"));
    out.internal_helper = is_helper(name);
    // "Local/3001@agents-00000001;1" and ";2" are two ends of one wire.
    if (const std::size_t half = name.rfind(';'); out.internal_helper && half != std::string_view::npos)
        out.helper_pair = name.substr(0, half);
    return out;
}

void Handlers::newchannel(Translator& self, const EventContext& context) {
    signal::ChannelStarted body = self.channel(context.event);
    // A channel the PBX makes to ring somebody starts at "s": nobody dialled that.
    const std::string_view exten = context.event.get("Exten");
    if (exten != "s") body.dialled = exten;
    context.out.push_back(about_channel(context, std::move(body)));
}

void Handlers::newstate(Translator&, const EventContext& context) {
    context.out.push_back(
        about_channel(context, signal::ChannelStateChanged{channel_state(context.event.get("ChannelState"))}));
}

void Handlers::new_callerid(Translator& self, const EventContext& context) {
    signal::ChannelPartyChanged body;
    body.number = known(context.event.get("CallerIDNum"));
    body.name = self.text(unescaped(context.event.get("CallerIDName")));
    context.out.push_back(about_channel(context, std::move(body)));
}

// Only what the server-side filter lets through is used (filter.h): a contact
// must look the same whether the PBX accepted the filter or not.
void Handlers::newexten(Translator&, const EventContext& context) {
    if (application(context.event.get("Application")) != Application::voicemail) return;
    const std::string_view exten = context.event.get("Extension");
    if (is_number(exten)) {
        signal::ChannelPartyChanged where;
        where.dialled = exten;
        context.out.push_back(about_channel(context, std::move(where)));
    }
    context.out.push_back(about_channel(context, signal::ApplicationEntered{Application::voicemail}));
}

void Handlers::hangup(Translator& self, const EventContext& context) {
    PbxSignal ended = about_channel(context, signal::ChannelEnded{to_int(context.event.get("Cause"))});
    self.channels_.erase(ended.channel);
    context.out.push_back(std::move(ended));
}

void Handlers::hangup_request(Translator& self, const EventContext& context) {
    PbxSignal request = about_channel(context, signal::HangupRequested{});
    if (const int cause = to_int(context.event.get("Cause")); cause != 0) self.remember(request.channel).cause = cause;
    context.out.push_back(std::move(request));
}

void Handlers::dial_begin(Translator&, const EventContext& context) {
    const Message& event = context.event;
    // What the party dialled is the extension it is at; the dial string is what the
    // dialplan made of it (another prefix, a trunk's address).
    const std::string_view exten = event.get("Exten");
    const std::string_view number = is_number(exten) ? exten : number_in(event.get("DialString"));
    PbxSignal dial =
        about_channel(context, signal::DialStarted{std::string(known(event.get("DestUniqueid"))), std::string(number)});
    // A dial made for a command has no calling channel.
    if (dial.group.empty()) dial.group = known(event.get("DestLinkedid"));
    context.out.push_back(std::move(dial));
}

void Handlers::dial_end(Translator& self, const EventContext& context) {
    const Message& event = context.event;
    const std::string_view target = known(event.get("DestUniqueid"));
    DialResult result = dial_result(event.get("DialStatus"));
    const auto* before = self.remembered(target);
    const bool refusal = result == DialResult::busy || result == DialResult::failed;
    const int cause = before != nullptr ? before->cause : 0;
    if (refusal && cause == kCauseRejected) result = DialResult::rejected;
    // The first end counts: a phone that rang out is reported again as cancelled.
    auto& dial_end = self.remember(target).dial_end;
    if (!dial_end) dial_end = result;
    PbxSignal end = about_channel(context, signal::DialEnded{std::string(target), result, cause});
    if (end.group.empty()) end.group = known(event.get("DestLinkedid"));
    context.out.push_back(std::move(end));
}

void Handlers::bridge_enter(Translator& self, const EventContext& context) {
    const Message& event = context.event;
    signal::BridgeEntered body;
    body.bridge = event.get("BridgeUniqueid");
    body.kind = bridge_kind(event.get("BridgeType"), event.get("BridgeTechnology"), event.get("BridgeCreator"));
    body.replaces = known(event.get("SwapUniqueid"));
    if (const auto room = self.rooms_.find(body.bridge); room != self.rooms_.end())
        body.name = room->second;
    else if (body.kind == BridgeKind::conference)
        body.name = self.text(event.get("BridgeName"));
    PbxSignal entered = about_channel(context, std::move(body));
    if (!entered.channel.empty()) self.remember(entered.channel).place = place_of(event);
    context.out.push_back(std::move(entered));
}

// A channel stays where it is in the dialplan while it is in a bridge, unless a command or a transfer sends it away.
void Handlers::bridge_leave(Translator& self, const EventContext& context) {
    const std::string_view exten = context.event.get("Exten");
    if (const auto* before = self.remembered(known(context.event.get("Uniqueid"))); before != nullptr) {
        const bool sent_away = !before->place.empty() && before->place != place_of(context.event);
        if (sent_away && is_number(exten)) {
            signal::ChannelPartyChanged where;
            where.dialled = exten;
            context.out.push_back(about_channel(context, std::move(where)));
        }
    }
    context.out.push_back(about_channel(context, signal::BridgeLeft{std::string(context.event.get("BridgeUniqueid"))}));
}

void Handlers::key_pressed(Translator& self, const EventContext& context) {
    const std::string channel(known(context.event.get("Uniqueid")));
    if (!channel.empty()) self.remember(channel).key_at = context.at;
}

void Handlers::hold(Translator& self, const EventContext& context) {
    // A feature code's last key, and the PBX plays music to the other side: nobody pressed hold.
    const auto* before = self.remembered(known(context.event.get("Uniqueid")));
    if (before != nullptr && before->key_at && context.at - *before->key_at <= kFeatureBegins) return;
    context.out.push_back(about_channel(context, signal::HoldChanged{true}));
}

void Handlers::unhold(Translator&, const EventContext& context) {
    context.out.push_back(about_channel(context, signal::HoldChanged{false}));
}

void Handlers::user_event(Translator& self, const EventContext& context) {
    const Message& event = context.event;
    const TranslatorSettings& settings = self.settings_;
    const std::string_view name = event.get("UserEvent");
    const bool survey =
        std::find(settings.survey_events.begin(), settings.survey_events.end(), name) != settings.survey_events.end();
    if (!survey && name != "IvrDigit") return;
    PbxSignal about = about_channel(context, signal::AttributeSet{});
    // Raised by a manager action it has no channel block of its own.
    if (about.channel.empty()) about.channel = known(event.get(settings.survey_call_field));
    if (about.channel.empty()) return;
    if (survey) {
        about.body = signal::SurveyAnswered{self.text(event.get(settings.survey_score_field))};
    } else {
        about.body = signal::AttributeSet{"ivr_digit", self.text(event.get("Digit"))};
    }
    context.out.push_back(std::move(about));
}

}  // namespace citybridge::asterisk
