#include "tests/sim/dial_world.h"

#include <algorithm>
#include <utility>

namespace citybridge::sim {

std::vector<std::string> DialWorld::run() {
    connected();
    say(greeting(), Millis{0});
    run_for(Millis{2'000});
    if (!ready()) lies_.emplace_back("the session is not ready");
    if (links_.loses && random_() % 2 == 0) {
        cut_at_ = now_.mono + Millis{random_() % 12'000};
        back_at_ = *cut_at_ + Millis{500 + random_() % 70'000};
    }
    dial();
    run_for(Millis{200'000});
    stop();
    pump();
    judge();
    return std::move(lies_);
}

void DialWorld::dial() {
    send_dial([this](CommandReply reply) { told(std::move(reply)); });
    pump();
}

void DialWorld::told(CommandReply reply) {
    if (adapter_ == Adapter::takes_silence_for_success && reply.outcome == CommandOutcome::unknown)
        reply.outcome = CommandOutcome::succeeded;
    if (adapter_ == Adapter::dials_again && reply.outcome == CommandOutcome::unknown && !again_) {
        again_ = true;
        dial_again_ = true;
        return;
    }
    if (reply_) lies_.emplace_back("told twice");
    const bool answers = phone_ == Phone::answers && rung_ > 0;
    if (reply.outcome == CommandOutcome::succeeded && !is_up()) lies_.emplace_back("succeeded, but nobody answered");
    if (reply.outcome == CommandOutcome::failed && answers) lies_.emplace_back("failed, but the phone was answered");
    reply_ = std::move(reply);
}

void DialWorld::judge() {
    if (rung_ > 1) lies_.push_back("the phone was rung " + std::to_string(rung_) + " times");
    if (!reply_) {
        lies_.emplace_back("never told");
    } else if (!links_.loses && reply_->outcome == CommandOutcome::unknown) {
        lies_.emplace_back("unknown, though the PBX said everything");
    }
}

void DialWorld::say(std::string bytes, Millis after) {
    const MonoTime at = std::max(now_.mono + after, wire_.empty() ? now_.mono : wire_.back().at);
    wire_.push_back({at, std::move(bytes)});
}

void DialWorld::say_answer(const std::string& bytes, Millis after) {
    const auto fate = links_.loses ? random_() % 5 : 4;
    if (fate == 0) return;
    say(bytes, fate == 1 ? after + Millis{random_() % 40'000} : after);
}

void DialWorld::run_for(Millis time) {
    const MonoTime end = now_.mono + time;
    while (now_.mono < end) {
        const Millis step = std::max(Millis{5}, next_moment(end) - now_.mono);
        now_.mono += step;
        now_.wall += step;
        turn_link();
        while (!planned_.empty() && planned_.front().at <= now_.mono) {
            const Said said = std::move(planned_.front());
            planned_.pop_front();
            if (!linked_) continue;
            said.answer ? say_answer(said.bytes, Millis{0}) : say(said.bytes, Millis{0});
        }
        while (linked_ && !wire_.empty() && wire_.front().at <= now_.mono) {
            const Said said = std::move(wire_.front());
            wire_.pop_front();
            bytes(said.bytes);
            pump();
        }
        if (const auto due = deadline(); due && *due <= now_.mono) tick();
        pump();
        if (std::exchange(dial_again_, false)) dial();
    }
}

// Nothing happens before.
MonoTime DialWorld::next_moment(MonoTime end) const {
    MonoTime next = end;
    if (!planned_.empty()) next = std::min(next, planned_.front().at);
    if (linked_ && !wire_.empty()) next = std::min(next, wire_.front().at);
    if (const auto due = deadline()) next = std::min(next, *due);
    if (linked_ && cut_at_) next = std::min(next, *cut_at_);
    if (!linked_) next = std::min(next, *back_at_);
    return next;
}

void DialWorld::turn_link() {
    if (linked_ && cut_at_ && *cut_at_ <= now_.mono) {
        linked_ = false;
        cut_at_.reset();
        wire_.clear();
        closed({"link.closed", "cut"});
    }
    if (!linked_ && *back_at_ <= now_.mono) {
        linked_ = true;
        connected();
        say(greeting(), Millis{0});
    }
}

void DialWorld::pump() {
    Taken out = take();
    for (auto& [done, reply] : out.completed) done(std::move(reply));
    std::string_view text = out.write;
    for (std::size_t end = text.find(end_of_command()); end != std::string_view::npos;
         end = text.find(end_of_command())) {
        if (linked_) act(text.substr(0, end + end_of_command().size() / 2));
        text.remove_prefix(end + end_of_command().size());
    }
    if (!out.close) return;
    closed(*out.close);
    wire_.clear();
    linked_ = false;
    back_at_ = now_.mono + Millis{500};
}

}  // namespace citybridge::sim
