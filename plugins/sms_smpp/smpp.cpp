#include "plugins/sms_smpp/smpp.h"

#include <algorithm>
#include <random>
#include <utility>

namespace citybridge::sms_smpp {
namespace {

std::uint64_t random_seed() {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

}  // namespace

void SmppPlugin::configure(const RawSettings& settings, Problems& problems) {
    config_ = read_config(settings, problems);
    config_.session.instance = std::string(host_.instance());
}

Result<> SmppPlugin::start() {
    session_.emplace(config_.session, random_seed());
    connect();
    return ok();
}

void SmppPlugin::stop(Millis) {
    stopped_ = true;
    for (const TimerId timer : {tick_timer_, connect_timer_, retire_timer_}) host_.lane().cancel(timer);
    if (session_) {
        session_->stop();
        const Output last = session_->take_output();
        if (link_ && !last.write.empty()) link_->send(last.write);
    }
    ++generation_;
    link_.reset();
    retired_.reset();
}

Capabilities SmppPlugin::offers() {
    Capabilities offered;
    offered.outbound = this;
    return offered;
}

void SmppPlugin::deliver(const OutboxRecord& message, DeliveryDone done) {
    {
        const std::scoped_lock lock(mutex_);
        arrivals_.push_back({message, std::move(done)});
        if (std::exchange(posted_, true)) return;
    }
    if (host_.lane().post([this] { take_arrivals(); })) return;
    // Nothing was sent, so the outcome is certain. After stop() the messages stay pending without an answer.
    for (Arrival& each : arrivals())
        if (!stopped_)
            each.done({DeliveryOutcome::not_done, "smpp.busy", "the plugin's lane is full", {}, std::nullopt});
}

std::vector<SmppPlugin::Arrival> SmppPlugin::arrivals() {
    const std::scoped_lock lock(mutex_);
    posted_ = false;
    return std::exchange(arrivals_, {});
}

void SmppPlugin::take_arrivals() {
    for (Arrival& each : arrivals()) {
        if (stopped_ || !session_) continue;
        auto prepared = prepare(each.message, config_.message);
        if (prepared) {
            session_->submit(std::move(*prepared), std::move(each.done), host_.lane().now());
        } else {
            const Error& why = prepared.error();
            each.done({DeliveryOutcome::refused, why.code, why.detail, {}, std::nullopt});
        }
    }
    if (!stopped_ && session_) act();
}

void SmppPlugin::find(const OutboxRecord&, FindDone done) {
    const FindReply reply{FindReply::Outcome::failed,
                          "smpp.not_findable",
                          "a message centre cannot be asked for a message by our id",
                          {}};
    const bool posted = host_.lane().post([this, done, reply] {
        if (!stopped_) done(reply);
    });
    if (!posted && !stopped_) done(reply);
}

void SmppPlugin::connect() {
    LinkCallbacks callbacks;
    // A link that was given up may still call until it is destroyed.
    const auto mine = ++generation_;
    callbacks.opened = [this, mine] {
        if (mine != generation_) return;
        session_->on_connected(host_.lane().now());
        act();
    };
    callbacks.received = [this, mine](std::string_view bytes) {
        if (mine != generation_) return;
        session_->on_bytes(bytes, host_.lane().now());
        act();
    };
    callbacks.closed = [this, mine](const Error& why) {
        if (mine == generation_) drop(why);
    };
    link_ = host_.lane().connect(config_.link, std::move(callbacks));
}

// Carries out what the session wants.
void SmppPlugin::act() {
    Output output = session_->take_output();
    if (link_ && !output.write.empty()) link_->send(output.write);
    for (const LogLine& line : output.log) host_.log(line.level, line.code, line.text);
    for (Completion& each : output.completed) each.done(std::move(each.reply));
    for (Offered& each : output.offered) {
        host_.take(std::move(each.message), [this, number = each.number](const Result<>& answer) {
            if (stopped_) return;
            session_->taken(number, answer, host_.lane().now());
            act();
        });
    }
    if (output.close) return drop(*output.close);
    arm();
}

void SmppPlugin::drop(const Error& why) {
    retire_link();
    const Millis wait = session_->on_closed(why, host_.lane().now());
    host_.lane().cancel(connect_timer_);
    connect_timer_ = host_.lane().after(wait, [this] { connect(); });
    act();
}

// This may run inside one of the link's own callbacks, so it is destroyed later.
void SmppPlugin::retire_link() {
    ++generation_;
    if (!link_) return;
    retired_ = std::move(link_);
    host_.lane().cancel(retire_timer_);
    retire_timer_ = host_.lane().after(Millis(0), [this] { retired_.reset(); });
}

void SmppPlugin::arm() {
    host_.lane().cancel(tick_timer_);
    tick_timer_ = 0;
    const auto deadline = session_->next_deadline();
    if (!deadline) return;
    const Millis wait = std::max(*deadline - host_.lane().now().mono, Millis(0));
    tick_timer_ = host_.lane().after(wait, [this] {
        session_->on_tick(host_.lane().now());
        act();
    });
}

}  // namespace citybridge::sms_smpp
