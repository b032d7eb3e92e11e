#include "core/node/live_strand.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <algorithm>

#include "core/node/live_ask.h"

namespace citybridge {
namespace {

constexpr Millis kLiveIdle{1'000};
constexpr std::size_t kEndedKept = 1'000;

}  // namespace

LiveStrand::LiveStrand(std::size_t queue_bound, prometheus::Registry& metrics)
    : queue_bound_(queue_bound), metrics_(metrics) {}

LiveStrand::~LiveStrand() { stop(); }

void LiveStrand::add_pbx(calls::CallSettings settings, PbxAdapter* adapter) {
    const std::string name = settings.pbx;
    if (adapter != nullptr) settings.actions = adapter->call_actions();
    sides_[name] = Side{std::make_unique<calls::CallBook>(std::move(settings)), adapter};
    links_down_.push_back(name);
}

void LiveStrand::subscribe(std::function<void(const EventPtr&)> listener) { listeners_.push_back(std::move(listener)); }

void LiveStrand::start() {
    std::lock_guard lock(mutex_);
    running_ = true;
    thread_ = std::thread([this] { run(); });
}

void LiveStrand::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    waiting_.notify_all();
    if (thread_.joinable()) thread_.join();
}

bool LiveStrand::signal(std::string_view pbx, std::span<PbxSignal> signals) {
    const auto side = sides_.find(pbx);
    if (side == sides_.end()) return false;
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() + signals.size() > queue_bound_) {
            metrics_.refused_signals.Increment(static_cast<double>(signals.size()));
            return false;
        }
        for (PbxSignal& signal : signals) queue_.push_back({&side->second, std::move(signal)});
        if (queue_.size() > longest_queue_) {
            longest_queue_ = queue_.size();
            metrics_.longest_queue.Set(static_cast<double>(longest_queue_));
        }
    }
    waiting_.notify_one();
    return true;
}

bool LiveStrand::post(Request request) {
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= queue_bound_) return false;
        queue_.push_back({nullptr, std::move(request)});
    }
    waiting_.notify_one();
    return true;
}

bool LiveStrand::announce(std::vector<Event> events) {
    return post([this, events = std::move(events)]() mutable { publish(events, system_now().wall); });
}

std::vector<std::string> LiveStrand::links_down() const {
    std::lock_guard lock(mutex_);
    return links_down_;
}

void LiveStrand::run() {
    std::deque<Item> batch;
    for (;;) {
        std::optional<MonoTime> deadline = commands_.next_deadline();
        for (const auto& [name, side] : sides_)
            if (const auto next = side.book->next_deadline(); next && (!deadline || *next < *deadline)) deadline = next;
        {
            std::unique_lock lock(mutex_);
            const Millis wait = deadline ? std::clamp(*deadline - system_now().mono, Millis{0}, kLiveIdle) : kLiveIdle;
            waiting_.wait_for(lock, wait, [this] { return !queue_.empty() || stopping_; });
            if (queue_.empty() && stopping_) break;
            batch.swap(queue_);
        }
        const Now now = system_now();
        for (Item& item : batch) handle(item, now);
        batch.clear();
        if (desktop_news_come_.exchange(false)) take_desktop_news(now);
        for (auto& [name, side] : sides_) side.book->tick(now, scratch_);
        publish(scratch_, now.wall);
        for (auto& [name, side] : sides_) look_after_agents(side, now);
        finish_commands(commands_.expire(now.mono, [this](const PendingCommand& command) { return fate_of(command); }));
    }
    finish_commands(commands_.end_all("node_stopped"));
}

void LiveStrand::handle(Item& item, Now now) {
    if (auto* request = std::get_if<Request>(&item.what)) return (*request)();
    const auto& signal = std::get<PbxSignal>(item.what);
    item.side->book->apply(signal, now, scratch_);
    publish(scratch_, signal.at);
    metrics_.signals.Increment();
}

void LiveStrand::remember(const Event& event) {
    if (const auto* change = std::get_if<ContactChanged>(&event)) {
        if (change->what == ContactChanged::What::started) metrics_.contacts_live.Increment();
        if (change->what == ContactChanged::What::merged) metrics_.contacts_live.Decrement();
        if (change->what != ContactChanged::What::ended) return;
        metrics_.contacts_live.Decrement();
        metrics_.contacts_ended.Increment();
        ended_.push_back(change->contact);
        if (ended_.size() > kEndedKept) ended_.pop_front();
    }
    if (const auto* link = std::get_if<PbxLinkChanged>(&event)) {
        metrics_.link(link->pbx, link->up);
        if (link->up) commands_.link_restored(link->pbx, system_now().mono);
        std::lock_guard lock(mutex_);
        std::erase(links_down_, link->pbx);
        if (!link->up) links_down_.push_back(link->pbx);
    }
}

void LiveStrand::publish(std::vector<Event>& events, WallTime at) {
    for (Event& event : events) {
        remember(event);
        const EventPtr shared = std::make_shared<const EventEnvelope>(EventEnvelope{++sequence_, at, std::move(event)});
        for (const auto& listener : listeners_) listener(shared);
    }
    if (!events.empty()) metrics_.events.Increment(static_cast<double>(events.size()));
    events.clear();
    if (!commands_.waits_for_signals()) return;
    finish_commands(commands_.settle([this](const PendingCommand& command) { return fate_of(command); }));
}

void LiveStrand::finish_commands(std::vector<CommandFinished> finished) {
    if (finished.empty()) return;
    std::vector<Event> events;
    for (CommandFinished& each : finished) events.emplace_back(std::move(each));
    publish(events, system_now().wall);
}

Result<LiveSnapshot> LiveStrand::snapshot() {
    return ask<LiveSnapshot>([this]() -> Result<LiveSnapshot> {
        LiveSnapshot out;
        out.sequence = sequence_;
        for (const auto& [name, side] : sides_) {
            for (ContactPtr& contact : side.book->contacts()) out.contacts.push_back(std::move(contact));
            for (AgentPtr& agent : side.book->agents()) out.agents.push_back(std::move(agent));
        }
        out.ended.assign(ended_.begin(), ended_.end());
        return out;
    });
}

}  // namespace citybridge
