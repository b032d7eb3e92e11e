#include "core/node/live_strand.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <algorithm>
#include <atomic>
#include <future>

namespace citybridge {
namespace {

constexpr Millis kAskTimeout{1'000};
constexpr Millis kIdle{1'000};
// Longer than any adapter's own time-out: this one only catches an adapter
// that breaks its promise to answer exactly once.
constexpr Millis kCommandTimeout{120'000};
constexpr std::size_t kEndedKept = 1'000;

Error busy() {
    return {"node.busy",
            "the live strand did not answer within a second; try again, and look at /metrics if it persists"};
}

}  // namespace

LiveStrand::LiveStrand(std::size_t queue_bound, prometheus::Registry& metrics)
    : queue_bound_(queue_bound), metrics_(metrics) {}

LiveStrand::~LiveStrand() { stop(); }

void LiveStrand::add_pbx(calls::CallSettings settings, PbxAdapter* adapter) {
    const std::string name = settings.pbx;
    if (adapter != nullptr) settings.commands = adapter->contact_commands();
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
            const Millis wait = deadline ? std::clamp(*deadline - system_now().mono, Millis{0}, kIdle) : kIdle;
            waiting_.wait_for(lock, wait, [this] { return !queue_.empty() || stopping_; });
            if (queue_.empty() && stopping_) break;
            batch.swap(queue_);
        }
        const Now now = system_now();
        for (Item& item : batch) handle(item, now);
        batch.clear();
        for (auto& [name, side] : sides_) side.book->tick(now, scratch_);
        publish(scratch_, now.wall);
        finish_commands(commands_.expire(now.mono));
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
    if (!commands_.waits_for_contact()) return;
    finish_commands(commands_.settle([this](const PendingCommand& command) {
        const calls::CallBook& book = *sides_.find(command.pbx)->second.book;
        const ContactPtr contact = book.contact_of_channel(command.channel);
        return CommandTracker::ChannelFate{book.has_channel(command.channel), contact ? contact->id : std::string{}};
    }));
}

void LiveStrand::finish_commands(std::vector<CommandFinished> finished) {
    if (finished.empty()) return;
    std::vector<Event> events;
    for (CommandFinished& each : finished) events.emplace_back(std::move(each));
    publish(events, system_now().wall);
}

// `node.busy` promises that the question was not and will not be carried out:
// whoever asked may ask again without anybody's phone ringing twice.
template <class T>
Result<T> LiveStrand::ask(std::function<Result<T>()> question) {
    struct Asked {
        std::promise<Result<T>> answer;
        std::atomic<bool> taken{false};  // by the strand, or given up: whoever is first
    };
    const auto asked = std::make_shared<Asked>();
    auto future = asked->answer.get_future();
    const bool posted = post([asked, question = std::move(question)] {
        if (!asked->taken.exchange(true)) asked->answer.set_value(question());
    });
    if (!posted) return busy();
    const bool answered = future.wait_for(kAskTimeout) == std::future_status::ready;
    if (!answered && !asked->taken.exchange(true)) return busy();
    return future.get();
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

LiveStrand::Side* LiveStrand::side_of_agent(const std::string& agent) {
    for (auto& [name, side] : sides_)
        if (side.book->agent(agent) != nullptr) return &side;
    return nullptr;
}

LiveStrand::Side* LiveStrand::side_of_contact(const std::string& contact) {
    for (auto& [name, side] : sides_)
        if (!side.book->hangup_channel(contact, {}).empty()) return &side;
    return nullptr;
}

// Runs on the adapter's lane; the result is decided on the strand. A strand
// that is too full to take it leaves the command to its deadline: unknown.
void LiveStrand::command_done(const std::string& command_id, const CommandReply& reply) {
    post([this, command_id, reply] {
        if (auto finished = commands_.replied(command_id, reply)) finish_commands({std::move(*finished)});
        std::vector<Event> none;
        publish(none, system_now().wall);  // a dial's contact may exist already
    });
}

Result<LiveStrand::Side*> LiveStrand::dialling_side(const std::string& agent) {
    Side* side = side_of_agent(agent);
    if (side == nullptr || side->adapter == nullptr) return Error{"agent.unknown", "no PBX knows the agent " + agent};
    if (!side->book->link_up()) return Error{"pbx.link_down", "the PBX cannot be reached; the call was not made"};
    return side;
}

Result<> LiveStrand::may_dial(const std::string& agent) {
    return ask<std::monostate>([this, agent]() -> Result<> {
        const auto side = dialling_side(agent);
        return side ? ok() : Result<>(side.error());
    });
}

Result<> LiveStrand::dial(const DialOrder& order) {
    return ask<std::monostate>([this, order]() -> Result<> {
        const auto found = dialling_side(order.agent);
        if (!found) return found.error();
        Side* side = *found;
        const AgentPtr agent = side->book->agent(order.agent);
        commands_.begin(
            {order.command_id, order.user, side->book->pbx(), true, {}, {}, system_now().mono + kCommandTimeout});
        DialCommand command{order.command_id, agent->device, order.number};
        side->adapter->dial(command,
                            [this, id = order.command_id](const CommandReply& reply) { command_done(id, reply); });
        return ok();
    });
}

Result<> LiveStrand::hangup(const HangupOrder& order) {
    return ask<std::monostate>([this, order]() -> Result<> {
        Side* side = side_of_contact(order.contact_id);
        if (side == nullptr) {
            const bool ended = std::any_of(ended_.begin(), ended_.end(),
                                           [&](const ContactPtr& contact) { return contact->id == order.contact_id; });
            if (ended) return Error{"contact.ended", "this contact has ended already"};
            return Error{"contact.unknown", "no contact has this id"};
        }
        if (side->adapter == nullptr || !side->book->link_up())
            return Error{"pbx.link_down", "the PBX cannot be reached; nothing was hung up"};
        commands_.begin({order.command_id,
                         order.user,
                         side->book->pbx(),
                         false,
                         {},
                         order.contact_id,
                         system_now().mono + kCommandTimeout});
        side->book->hangup_commanded(order.contact_id);
        side->adapter->hangup(side->book->hangup_channel(order.contact_id, order.agent),
                              [this, id = order.command_id](const CommandReply& reply) { command_done(id, reply); });
        return ok();
    });
}

Result<> LiveStrand::set_agent_state(const AgentStateOrder& order) {
    return ask<std::monostate>([this, order]() -> Result<> {
        Side* side = side_of_agent(order.agent);
        if (side == nullptr || side->adapter == nullptr)
            return Error{"agent.unknown", "no PBX knows the agent " + order.agent};
        if (!side->book->link_up())
            return Error{"pbx.link_down", "the PBX cannot be reached; the state was not changed"};
        const AgentPtr agent = side->book->agent(order.agent);
        commands_.begin(
            {order.command_id, order.user, side->book->pbx(), false, {}, {}, system_now().mono + kCommandTimeout});
        side->adapter->set_agent_state(
            {agent->id, agent->device, order.ready, order.reason},
            [this, id = order.command_id](const CommandReply& reply) { command_done(id, reply); });
        return ok();
    });
}

}  // namespace citybridge
