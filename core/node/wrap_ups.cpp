#include "core/node/wrap_ups.h"

#include <spdlog/spdlog.h>

#include "core/api/model_json.h"

namespace citybridge {
namespace {

constexpr std::size_t kMostLooks = 10'000;
constexpr std::size_t kMostTold = 50;

std::string missing_text(const store::MissingDisposition& row, WallTime left_at) {
    const WrapUpRecord& wrap_up = row.wrap_up;
    return dump(
        {{"contact", wrap_up.contact},
         {"agent", wrap_up.agent},
         {"queue", wrap_up.queue.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(wrap_up.queue)},
         {"started_at", to_rfc3339(wrap_up.started_at)},
         {"ended_at", to_rfc3339(wrap_up.ended_at)},
         {"left_at", to_rfc3339(left_at)}});
}

}  // namespace

WrapUpWatch::WrapUpWatch(store::Readers& readers, std::shared_ptr<const desk::CentreBox> centre, Note note,
                         Publish publish, Millis settle)
    : readers_(readers),
      centre_(std::move(centre)),
      note_(std::move(note)),
      publish_(std::move(publish)),
      settle_(settle) {}

void WrapUpWatch::start() {
    thread_ = std::thread([this] { run(); });
}

void WrapUpWatch::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    waiting_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void WrapUpWatch::heard(const EventPtr& event) {
    const auto* changed = std::get_if<AgentChanged>(&event->event);
    if (changed == nullptr) return;
    const Agent& agent = *changed->agent;
    const AgentPresence before = std::exchange(presence_[agent.id], agent.state);
    const bool busy =
        before == AgentPresence::talking || before == AgentPresence::holding || before == AgentPresence::wrap_up;
    if (agent.state != AgentPresence::ready || !busy || !centre_->get()->disposition_required) return;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || looks_.size() >= kMostLooks) return;
        looks_.push_back({agent.id, event->at, system_now().mono + settle_});
    }
    waiting_.notify_one();
}

void WrapUpWatch::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (looks_.empty()) {
            waiting_.wait(lock);
            continue;
        }
        const Millis wait = looks_.front().due - system_now().mono;
        if (wait > Millis{0}) {
            waiting_.wait_for(lock, wait);
            continue;
        }
        const Look next = std::move(looks_.front());
        looks_.pop_front();
        lock.unlock();
        look(next);
        lock.lock();
    }
}

void WrapUpWatch::look(const Look& look) const {
    const auto centre = centre_->get();
    const auto rows =
        readers_.papers().missing_dispositions({look.agent, look.at - centre->disposition_within, kMostTold});
    if (!rows) {
        spdlog::warn("{} {} (dispositions of agent {})", rows.error().code, rows.error().detail, look.agent);
        return;
    }
    Changes changes;
    std::vector<Event> events;
    for (const store::MissingDisposition& row : *rows) {
        // Told once; and not of a conversation that ended after he was made ready.
        if (row.left_at || row.wrap_up.ended_at > look.at) continue;
        changes.papers.marks.push_back({row.wrap_up.contact, look.agent, "left", look.at, 1, Fields::object()});
        events.emplace_back(
            PaperChanged{"disposition.missing", row.wrap_up.contact, {}, {}, false, missing_text(row, look.at)});
    }
    if (events.empty()) return;
    note_(std::move(changes));
    publish_(std::move(events));
}

}  // namespace citybridge
