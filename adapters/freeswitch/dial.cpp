#include "adapters/freeswitch/dial.h"

#include <algorithm>
#include <utility>

#include "adapters/freeswitch/words.h"

namespace citybridge::freeswitch {
namespace {

// FreeSWITCH gives up ringing by itself at originate_timeout; its job ends soon after.
constexpr Millis kAnswerMargin{5'000};

// "-ERR USER_BUSY\n"
std::string_view cause_in(std::string_view body) {
    constexpr std::string_view kError = "-ERR ";
    if (!body.starts_with(kError)) return {};
    const std::string_view rest = body.substr(kError.size());
    return rest.substr(0, rest.find_first_of("\r\n"));
}

}  // namespace

void DialBook::start(std::string channel, std::string job, Millis ring_timeout, CommandDone done, Now now) {
    Dial dial;
    dial.channel = std::move(channel);
    dial.job = std::move(job);
    dial.done = std::move(done);
    dial.last_moment = now.mono + ring_timeout + kAnswerMargin;
    dial.deadline = dial.last_moment;
    dials_.push_back(std::move(dial));
}

void DialBook::finish(Dial& dial, CommandOutcome outcome, std::string reason) {
    const bool made = outcome == CommandOutcome::succeeded;
    completed_.push_back({std::move(dial.done), {outcome, std::move(reason), made ? dial.channel : std::string()}});
    dial.state = State::done;
}

void DialBook::sweep() {
    std::erase_if(dials_, [](const Dial& dial) { return dial.state == State::done; });
}

void DialBook::refused(std::string_view job) {
    for (Dial& dial : dials_) {
        if (dial.job == job) finish(dial, CommandOutcome::failed, "failed");
    }
    sweep();
}

// The event goes to every connection that listens, also to one made after the
// job began; jobs of others are not ours.
void DialBook::on_job(const Event& event) {
    const std::string job(event.value("Job-UUID"));
    for (Dial& dial : dials_) {
        if (dial.job != job) continue;
        if (event.body().starts_with("+OK")) {
            finish(dial, CommandOutcome::succeeded, {});
        } else {
            finish(dial, CommandOutcome::failed, reason_of_cause(cause_in(event.body())));
        }
    }
    sweep();
}

void DialBook::observe(const Event& event) {
    const std::string_view name = event.name();
    if (name == "BACKGROUND_JOB") return on_job(event);
    const bool answered = name == "CHANNEL_ANSWER";
    const bool ended = name == "CHANNEL_HANGUP" || name == "CHANNEL_HANGUP_COMPLETE";
    if (!answered && !ended) return;
    const std::string channel(event.value("Unique-ID"));
    for (Dial& dial : dials_) {
        if (dial.channel != channel) continue;
        if (answered) dial.up = true;
        if (ended) dial.cause = event.value("Hangup-Cause");
        // Whatever became of its job: the phone was answered, or it was not.
        if (dial.state == State::waiting) continue;
        if (dial.up) {
            finish(dial, CommandOutcome::succeeded, {});
        } else {
            finish(dial, CommandOutcome::failed, reason_of_cause(dial.cause));
        }
    }
    sweep();
}

std::vector<std::string> DialBook::on_tick(Now now) {
    std::vector<std::string> look;
    for (Dial& dial : dials_) {
        if (dial.deadline > now.mono) continue;
        switch (dial.state) {
            case State::waiting:
                if (dial.up || !dial.cause.empty()) {
                    conclude(dial, false, "timeout", now);
                    break;
                }
                dial.state = State::looking;
                dial.deadline = now.mono + 2 * reply_timeout_;
                look.push_back(dial.channel);
                break;
            case State::looking: finish(dial, CommandOutcome::unknown, "timeout"); break;
            case State::adrift: finish(dial, CommandOutcome::unknown, "link_down"); break;
            case State::done: break;
        }
    }
    sweep();
    return look;
}

// What was seen of the channel, and whether it is there, allow to say.
void DialBook::conclude(Dial& dial, bool exists, std::string_view missing_reason, Now now) {
    if (dial.up) {
        finish(dial, CommandOutcome::succeeded, {});
    } else if (!dial.cause.empty()) {
        finish(dial, CommandOutcome::failed, reason_of_cause(dial.cause));
    } else if (exists && now.mono < dial.last_moment + 2 * reply_timeout_) {
        // It still rings: its answer or its end is to come.
        dial.state = State::looking;
        dial.deadline = std::max(dial.last_moment, now.mono + reply_timeout_);
    } else {
        finish(dial, CommandOutcome::unknown, std::string(missing_reason));
    }
}

void DialBook::on_exists(std::string_view channel, std::optional<bool> exists, Now now) {
    for (Dial& dial : dials_) {
        if (dial.state == State::looking && dial.channel == channel)
            conclude(dial, exists.value_or(false), "timeout", now);
    }
    sweep();
}

void DialBook::on_link_down(Now now) {
    for (Dial& dial : dials_) {
        if (dial.state == State::adrift) continue;
        dial.state = State::adrift;
        dial.deadline = now.mono + kAdriftWait;
    }
}

void DialBook::on_snapshot(std::span<const signal::SnapshotChannel> channels, Now now) {
    for (Dial& dial : dials_) {
        if (dial.state != State::adrift) continue;
        const auto found =
            std::find_if(channels.begin(), channels.end(), [&](const auto& c) { return c.id == dial.channel; });
        if (found != channels.end() && found->started.state == ChannelState::up) dial.up = true;
        conclude(dial, found != channels.end(), "link_down", now);
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

}  // namespace citybridge::freeswitch
