#include "adapters/asterisk/dial.h"

#include <algorithm>
#include <utility>

#include "adapters/asterisk/action.h"
#include "adapters/asterisk/call_commands.h"
#include "adapters/asterisk/number.h"
#include "adapters/asterisk/words.h"

namespace citybridge::asterisk {
namespace {

// Asterisk gives up ringing by itself at the Timeout we send; its answer comes soon after.
constexpr Millis kAnswerMargin{5'000};
// OriginateResponse may come just before the Hangup that tells more of the reason.
constexpr Millis kEndingWait{500};

// Reason of OriginateResponse: AST_CONTROL_* of the last thing heard.
std::string reason_of_failure(int reason) {
    switch (reason) {
        case 0: return "unreachable";  // unregistered, unknown endpoint or technology
        case 3: return "no_answer";    // still ringing at the time-out
        case 5: return "busy";
        default: return "failed";  // 1 hung up, 8 congestion
    }
}

std::string reason_of_cause(int cause) {
    switch (cause) {
        case 17: return "busy";
        case 18:
        case 19: return "no_answer";
        case 20: return "unreachable";
        case kCauseRejected: return "rejected";
        default: return "failed";
    }
}

}  // namespace

Result<std::string> DialBook::start(const DialCommand& command, std::string_view action_id, CommandDone done, Now now) {
    const std::string number = with_prefix(settings_.prefix, settings_.internal_digits, command.number);
    return start_into(command, settings_.context, number, action_id, std::move(done), now);
}

Result<std::string> DialBook::start_into(const DialCommand& command, std::string_view context,
                                         std::string_view extension, std::string_view action_id, CommandDone done,
                                         Now now) {
    Dial dial;
    dial.action_id = action_id;
    dial.channel = "cti-" + command.command_id;
    dial.done = std::move(done);
    dial.deadline = now.mono + settings_.reply_timeout;
    dial.answer_deadline = now.mono + command.ring_timeout + kAnswerMargin;
    Action action("Originate", action_id);
    action.add("Channel", command.device)
        .add("Context", context)
        .add("Exten", extension)
        .add("Priority", "1")
        .add("Timeout", std::to_string(command.ring_timeout.count()))
        .add_unless_empty("CallerID", settings_.caller_id)
        .add("Async", "true")
        .add("ChannelId", dial.channel);
    // A Local channel is a pair; its second half needs an id of its own.
    if (is_helper(command.device)) action.add("OtherChannelId", dial.channel + "-2");
    auto text = action.text();
    if (text && (command.device.empty() || command.number.empty()))
        text = Error{"asterisk.bad_value", "a dial command needs a device and a number"};
    if (!text) {
        finish(dial, CommandOutcome::failed, "failed");
        return text;
    }
    dials_.push_back(std::move(dial));
    return text;
}

DialBook::Dial* DialBook::by_action(std::string_view action_id) {
    for (Dial& dial : dials_) {
        if (dial.action_id == action_id) return &dial;
    }
    return nullptr;
}

void DialBook::finish(Dial& dial, CommandOutcome outcome, std::string reason) {
    const bool made = outcome == CommandOutcome::succeeded;
    completed_.push_back({std::move(dial.done), {outcome, std::move(reason), made ? dial.channel : std::string()}});
    dial.state = State::done;
}

void DialBook::sweep() {
    std::erase_if(dials_, [](const Dial& dial) { return dial.state == State::done; });
}

bool DialBook::on_response(const Message& response, Now) {
    Dial* dial = by_action(response.get("ActionID"));
    if (dial == nullptr) return false;
    if (!equal_ignoring_case(response.name(), "Success")) {
        finish(*dial, CommandOutcome::failed, reason_of_refusal(response.get("Message")));
        sweep();
    } else if (dial->state == State::sent) {
        dial->state = State::ringing;
        dial->deadline = dial->answer_deadline;
    }
    return true;
}

bool DialBook::on_originate_response(const Message& event, Now now) {
    Dial* dial = by_action(event.get("ActionID"));
    if (dial == nullptr) return false;
    if (equal_ignoring_case(event.get("Response"), "Success")) {
        if (const auto id = known(event.get("Uniqueid")); !id.empty()) dial->channel = id;
        finish(*dial, CommandOutcome::succeeded, {});
    } else if (dial->cause == kCauseRejected) {
        finish(*dial, CommandOutcome::failed, "rejected");
    } else if (dial->exists && !dial->cause) {
        dial->state = State::ending;
        dial->deadline = now.mono + kEndingWait;
        dial->reason = reason_of_failure(to_int(event.get("Reason")));
    } else {
        finish(*dial, CommandOutcome::failed, reason_of_failure(to_int(event.get("Reason"))));
    }
    sweep();
    return true;
}

void DialBook::observe(const Message& event, Now) {
    const std::string_view name = event.name();
    if (name != "Newchannel" && name != "Newstate" && name != "Hangup") return;
    const std::string_view channel = event.get("Uniqueid");
    const auto found =
        std::find_if(dials_.begin(), dials_.end(), [&](const Dial& dial) { return dial.channel == channel; });
    if (found == dials_.end()) return;
    found->exists = true;
    if (channel_state(event.get("ChannelState")) == ChannelState::up) found->up = true;
    if (name != "Hangup") return;
    found->cause = to_int(event.get("Cause"));
    if (found->state != State::ending) return;
    finish(*found, CommandOutcome::failed, found->cause == kCauseRejected ? "rejected" : found->reason);
    sweep();
}

void DialBook::expire(Dial& dial, Now now) {
    switch (dial.state) {
        case State::sent:
        case State::ringing:
            dial.state = State::looking;
            dial.deadline = now.mono + 2 * settings_.reply_timeout;
            return;
        case State::ending: finish(dial, CommandOutcome::failed, dial.reason); return;
        case State::looking: conclude(dial, nullptr, "timeout", now); return;
        case State::adrift: finish(dial, CommandOutcome::unknown, "link_down"); return;
        case State::done: return;
    }
}

bool DialBook::on_tick(Now now) {
    bool look = false;
    for (Dial& dial : dials_) {
        if (dial.deadline > now.mono) continue;
        expire(dial, now);
        look = look || dial.state == State::looking;
    }
    sweep();
    return look;
}

// What the list of channels, and what was seen before, allow to say.
void DialBook::conclude(Dial& dial, const signal::SnapshotChannel* found, std::string_view missing_reason, Now now) {
    if (dial.up || (found != nullptr && found->started.state == ChannelState::up)) {
        finish(dial, CommandOutcome::succeeded, {});
    } else if (dial.cause) {
        finish(dial, CommandOutcome::failed, reason_of_cause(*dial.cause));
    } else if (found != nullptr && now.mono < dial.answer_deadline) {
        dial.state = State::ringing;  // its OriginateResponse is still to come
        dial.deadline = dial.answer_deadline;
    } else {
        finish(dial, CommandOutcome::unknown, std::string(missing_reason));
    }
}

namespace {

const signal::SnapshotChannel* find_channel(std::span<const signal::SnapshotChannel> channels, std::string_view id) {
    const auto found = std::find_if(channels.begin(), channels.end(), [&](const auto& c) { return c.id == id; });
    return found != channels.end() ? &*found : nullptr;
}

}  // namespace

void DialBook::on_channels(std::optional<std::span<const signal::SnapshotChannel>> channels, Now now) {
    for (Dial& dial : dials_) {
        if (dial.state != State::looking) continue;
        conclude(dial, channels ? find_channel(*channels, dial.channel) : nullptr, "timeout", now);
    }
    sweep();
}

void DialBook::on_link_down(Now now) {
    for (Dial& dial : dials_) {
        if (dial.state == State::adrift) continue;
        if (dial.state == State::ending) {
            finish(dial, CommandOutcome::failed, dial.reason);
            continue;
        }
        dial.state = State::adrift;
        dial.deadline = now.mono + kAdriftWait;
    }
    sweep();
}

void DialBook::on_snapshot(std::span<const signal::SnapshotChannel> channels, Now now) {
    for (Dial& dial : dials_) {
        if (dial.state == State::adrift) conclude(dial, find_channel(channels, dial.channel), "link_down", now);
    }
    sweep();
}

void DialBook::stop() {
    for (Dial& dial : dials_) finish(dial, CommandOutcome::unknown, "link_down");
    sweep();
}

std::optional<MonoTime> DialBook::next_deadline() const {
    std::optional<MonoTime> next;
    for (const Dial& dial : dials_) next = std::min(next.value_or(dial.deadline), dial.deadline);
    return next;
}

std::vector<Completion> DialBook::take_completed() { return std::exchange(completed_, {}); }

}  // namespace citybridge::asterisk
