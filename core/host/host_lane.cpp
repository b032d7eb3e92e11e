#include "core/host/host_lane.h"

#include <pthread.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "core/api/quiet_thread.h"
#include "core/host/lane_connection.h"
#include "core/host/resolver.h"

namespace citybridge {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} * 1024;

class LinkHandle final : public Link {
public:
    explicit LinkHandle(std::shared_ptr<LaneConnection> connection) : connection_(std::move(connection)) {}
    LinkHandle(const LinkHandle&) = delete;
    LinkHandle& operator=(const LinkHandle&) = delete;
    ~LinkHandle() override { connection_->close_quietly(); }
    void send(std::string_view bytes) override { connection_->send(bytes); }

private:
    std::shared_ptr<LaneConnection> connection_;
};

}  // namespace

struct HostLane::Step {
    enum class State { waiting, running, done, given_up };
    std::function<void()> work;
    State state = State::waiting;  // guarded by the lane's mutex
};

HostLane::HostLane(LaneOptions options)
    : options_(std::move(options)), resolver_(std::make_unique<Resolver>()), read_buffer_(kReadBytes) {}

HostLane::~HostLane() = default;

std::shared_ptr<HostLane> HostLane::start(LaneOptions options) {
    std::shared_ptr<HostLane> lane(new HostLane(std::move(options)));
    // The id is needed by the first step already, so the lane's own thread writes it.
    lane->thread_ = quiet_thread(lane->options_.name, [lane] {
        lane->thread_id_ = std::this_thread::get_id();
        lane->loop();
    });
    return lane;
}

bool HostLane::post(std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_ || tasks_.size() >= options_.max_tasks) return false;
        tasks_.push_back(std::move(task));
        if (tasks_.size() > 1) return true;  // somebody before us has woken it
    }
    waits_.wake();
    return true;
}

TimerId HostLane::after(Millis delay, std::function<void()> task) {
    check_thread("after");
    if (quiet_) return 0;
    if (timers_.size() >= options_.max_timers)
        throw std::length_error("more than " + std::to_string(options_.max_timers) + " timers on one lane");
    return timers_.add(now().mono + delay, std::move(task));
}

void HostLane::cancel(TimerId timer) {
    check_thread("cancel");
    timers_.cancel(timer);
}

std::unique_ptr<Link> HostLane::connect(const LinkOptions& options, LinkCallbacks callbacks) {
    check_thread("connect");
    const auto id = next_connection_++;
    auto connection = std::make_shared<LaneConnection>(*this, id, options, std::move(callbacks));
    auto handle = std::make_unique<LinkHandle>(connection);
    if (quiet_) {
        connection->close_quietly();
        return handle;
    }
    connections_.emplace(id, connection);
    connection->begin();
    return handle;
}

bool HostLane::run(std::function<void()> work, Millis timeout) {
    const auto step = std::make_shared<Step>();
    step->work = std::move(work);
    std::unique_lock lock(mutex_);
    if (ending_) return false;
    steps_.push_back(step);
    waits_.wake();
    changed_.wait_for(lock, timeout, [&] { return step->state == Step::State::done || ended_; });
    if (step->state == Step::State::waiting) step->state = Step::State::given_up;
    return step->state == Step::State::done;
}

void HostLane::quiesce() {
    check_thread("quiesce");
    quiet_ = true;
    timers_.clear();
    while (!connections_.empty()) {
        const auto connection = connections_.begin()->second;
        connection->close_quietly();
    }
    std::vector<std::function<void()>> dropped;  // destroyed outside the lock: it is plugin code
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(tasks_);
}

bool HostLane::finish(Millis grace) {
    std::unique_lock lock(mutex_);
    closed_ = true;
    ending_ = true;
    waits_.wake();
    const bool came_back = changed_.wait_for(lock, grace, [&] { return ended_; });
    lock.unlock();
    if (!thread_.joinable()) return came_back;
    if (came_back)
        thread_.join();
    else
        thread_.detach();
    return came_back;
}

void HostLane::loop() {
    while (true) {
        run_steps();
        run_timers();
        run_tasks();
        {
            const std::lock_guard lock(mutex_);
            if (ending_ && steps_.empty()) break;
        }
        run_links();
    }
    quiesce();
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
}

void HostLane::run_steps() {
    std::unique_lock lock(mutex_);
    while (!steps_.empty()) {
        const auto step = steps_.front();
        steps_.pop_front();
        if (step->state == Step::State::given_up) continue;
        step->state = Step::State::running;
        lock.unlock();
        contained(step->work);
        step->work = nullptr;
        lock.lock();
        step->state = Step::State::done;
        changed_.notify_all();
    }
}

void HostLane::run_timers() {
    const MonoTime now_mono = now().mono;
    const TimerId before = timers_.next_id();
    while (const auto task = timers_.pop_due(now_mono, before)) guarded(*task);
}

void HostLane::run_tasks() {
    {
        const std::lock_guard lock(mutex_);
        running_tasks_.swap(tasks_);
    }
    for (auto& task : running_tasks_) {
        guarded(task);
        task = nullptr;  // what it holds is let go in order, not at the end of the batch
    }
    running_tasks_.clear();
}

void HostLane::run_links() {
    for (const auto& event : waits_.wait(wait_ms())) {
        const auto found = connections_.find(event.data.u64);
        if (found == connections_.end()) continue;  // closed by an earlier callback of this round
        const auto connection = found->second;
        contained([&] { connection->ready(event.events); });
    }
}

// A post that comes after this look has set the wake descriptor: the wait returns at once.
int HostLane::wait_ms() {
    const auto due = timers_.next_due();
    if (!due) return -1;
    const auto left = (*due - now().mono).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

void HostLane::told(std::string_view what) {
    if (options_.on_exception) options_.on_exception(what);
}

void HostLane::check_thread(const char* what) const {
    if (thread_id_.load(std::memory_order_relaxed) == std::this_thread::get_id()) return;
    throw std::logic_error(std::string("Lane::") + what + " called from another thread; post() a task instead");
}

Result<> HostLane::lookup(std::uint64_t connection, const std::string& host, std::uint16_t port) {
    return resolver_->lookup(host, port, [weak = weak_from_this(), connection](Result<Addresses> answer) {
        const auto lane = weak.lock();
        if (!lane) return;
        const std::lock_guard lock(lane->mutex_);
        if (lane->closed_) return;
        // Past the bound of posted tasks: the number of lookups has its own bound.
        lane->tasks_.emplace_back([self = lane.get(), connection, answer = std::move(answer)]() mutable {
            const auto found = self->connections_.find(connection);
            if (found != self->connections_.end()) found->second->resolved(std::move(answer));
        });
        lane->waits_.wake();
    });
}

std::shared_ptr<LaneConnection> HostLane::forget(std::uint64_t connection) {
    const auto found = connections_.find(connection);
    if (found == connections_.end()) return nullptr;
    auto owner = std::move(found->second);
    connections_.erase(found);
    return owner;
}

}  // namespace citybridge
