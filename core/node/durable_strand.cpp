#include "core/node/durable_strand.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>

#include "core/api/records_json.h"
#include "core/gateway/crypto.h"
#include "core/store/verification_reader.h"

namespace citybridge {
namespace {

constexpr Millis kDurableIdle{1'000};
constexpr Millis kDead{60'000};
constexpr Millis kForgetEvery{60'000};
constexpr std::size_t kForgetRows = 2'000;
// Committing takes about this long, so waiting for the callers of the last batch to come back costs little.
constexpr std::chrono::microseconds kGather{400};
constexpr std::size_t kMany = 32;

// Few callers share one commit: syncing costs more than waiting for all of them. Many are taken in two halves by
// turns, so that one half comes back while the other is decided and written.
std::size_t worth_waiting_for(std::size_t last_batch, std::size_t others) {
    return last_batch < kMany ? last_batch : (last_batch + others) / 2;
}

Error outcome_unknown() {
    return {"store.outcome_unknown",
            "the store did not answer in time; the request may have been carried out: repeat it with the same "
            "Idempotency-Key to learn it"};
}

Error busy() { return {"node.busy", "too much waits for the durable strand; nothing was done: try again in a moment"}; }

reports::GroupOf group_of(std::shared_ptr<PeopleBook> people) {
    return [people = std::move(people)](const std::string& agent) { return people->group_of(agent); };
}

constexpr Millis kSignOfLife{10'000};

desk::Request own_request(std::string id, decltype(desk::Request::what) what) {
    return {std::move(id), {"system", "system", {}}, std::move(what)};
}

}  // namespace

DurableStrand::DurableStrand(DurableSettings settings, desk::Desk desk, std::unique_ptr<store::Store> store,
                             std::unique_ptr<store::Readers> readers, Publish publish, prometheus::Registry& metrics)
    : settings_(std::move(settings)),
      desk_(std::move(desk)),
      store_(std::move(store)),
      readers_(std::move(readers)),
      publish_(std::move(publish)),
      metrics_(metrics),
      facts_(
          settings_.subscribers, settings_.generation, [this] { wake(); }, settings_.city, group_of(settings_.people)),
      agents_(group_of(settings_.people)),
      lanes_([this] { wake(); }),
      links_(metrics),
      pulse_(desk_.cities(), settings_.city, settings_.generation),
      business_time_(desk_, *store_, *readers_, metrics),
      migrations_(desk_, *store_, *readers_),
      catch_up_(*store_, *readers_),
      recurring_(desk_, settings_.last_alive),
      scripts_(desk_),
      cover_(
          desk_,
          [people = settings_.people](const std::string& agent) { return people->groups_of(agent); }, metrics) {
    agents_.start(settings_.open_intervals, settings_.last_alive, system_now().wall);
    lanes_.render_with([this](store::Store& rows, const OutboxRecord& message) { return rendered(rows, message); });
}

Result<> DurableStrand::load_blocked() {
    constexpr std::size_t kPage = 5'000;
    store::BlockedQuery query;
    query.limit = kPage;
    for (;;) {
        const auto page = store::blocked_addresses(*readers_, query);
        if (!page) return page.error();
        people_.load_blocked(*page);
        if (page->size() < kPage) return ok();
        query.after_address = page->back().address;
        query.after_channel = page->back().channel;
    }
}

DurableStrand::~DurableStrand() { stop(); }

void DurableStrand::add_destination(const std::string& name, OutboundConnector* connector) {
    lanes_.add(name, connector);
    links_.add(name, connector);
    pulse_.add(name, connector);
}

Result<> DurableStrand::start() {
    const auto seq = store_->last_outbox_seq();
    if (!seq) return seq.error();
    next_seq_ = *seq + 1;
    if (auto started = lanes_.start(*store_); !started) return started;
    const auto skills = readers_->papers().skills({});
    if (!skills) return skills.error();
    people_.load_skills(*skills);
    if (auto loaded = load_blocked(); !loaded) return loaded;
    if (auto started = scripts_.start(readers_->papers()); !started) return started;
    if (auto started = business_time_.start(); !started) return started;
    if (auto started = migrations_.start(); !started) return started;
    if (auto started = catch_up_.start(); !started) return started;
    // Commands of a process that died: nobody waits for their answer any more, and nobody is dialled again.
    auto unfinished = store_->unfinished_commands();
    if (!unfinished) return unfinished.error();
    Changes ended;
    for (CommandRecord& command : *unfinished) {
        // Whoever watches these goes on: what the other city expects outlives a restart.
        if (command.kind == relay::kTransferOut || command.kind == relay::kTransferIn) continue;
        command.state = to_string(CommandOutcome::unknown);
        command.reason = "node_restarted";
        command.updated_at = system_now().wall;
        ended.commands.push_back(std::move(command));
    }
    if (!ended.empty()) again_.push_back(OwnStep{std::move(ended)});
    if (auto started = start_callbacks(); !started) return started;
    const auto answered = store_->meta(kCitiesAnsweredMeta);
    if (!answered) return answered.error();
    pulse_.remember(*answered);
    const std::lock_guard lock(mutex_);
    running_ = true;
    beat_ = system_now().mono;
    thread_ = std::thread([this] { run(); });
    return ok();
}

void DurableStrand::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    waiting_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void DurableStrand::wake() {
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    waiting_.notify_one();
}

bool DurableStrand::enqueue(DurableInput input) {
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || !running_ || queue_.size() >= settings_.queue_bound) return false;
        queue_.push_back(std::move(input));
        wake = queue_.size() >= notify_at_;
    }
    if (wake) waiting_.notify_one();
    return true;
}

Result<DurableAnswer> DurableStrand::ask(ClientStep step) {
    const auto answer = std::make_shared<std::promise<Result<DurableAnswer>>>();
    auto future = answer->get_future();
    step.done = [answer](Result<DurableAnswer> result) { answer->set_value(std::move(result)); };
    if (!enqueue(std::move(step))) return busy();
    if (future.wait_for(settings_.answer_timeout) == std::future_status::ready) return future.get();
    return outcome_unknown();
}

Result<DurableAnswer> DurableStrand::submit(desk::Request request, std::optional<RequestKey> key) {
    return ask({std::move(request), {}, std::move(key), {}});
}

// All wait in the queue together, so that they share commits.
std::vector<Result<DurableAnswer>> DurableStrand::submit_all(
    std::vector<std::pair<desk::Request, std::optional<RequestKey>>> steps) {
    std::vector<std::future<Result<DurableAnswer>>> waiting;
    for (auto& [request, key] : steps) {
        const auto answer = std::make_shared<std::promise<Result<DurableAnswer>>>();
        waiting.push_back(answer->get_future());
        ClientStep step{std::move(request), {}, std::move(key), {}};
        step.done = [answer](Result<DurableAnswer> result) { answer->set_value(std::move(result)); };
        if (!enqueue(std::move(step))) answer->set_value(busy());
    }
    const auto until = std::chrono::steady_clock::now() + settings_.answer_timeout;
    std::vector<Result<DurableAnswer>> out;
    for (auto& each : waiting) {
        if (each.wait_until(until) == std::future_status::ready)
            out.push_back(each.get());
        else
            out.push_back(outcome_unknown());
    }
    return out;
}

Result<DurableAnswer> DurableStrand::record(Changes changes, desk::Reply reply, std::optional<RequestKey> key) {
    return ask({std::move(changes), std::move(reply), std::move(key), {}});
}

// The way of a webhook's message, without a caller that waits.
void DurableStrand::take(InboundMessage message, std::function<void(Result<>)> done) {
    // A sign of life: nothing is to be kept of it.
    if (message.type == kCityPulse) return done(ok());
    const WallTime now = system_now().wall;
    // What came so long ago would not be known as a repetition any more (P3).
    if (message.sent_at != WallTime{} && message.sent_at < now - settings_.retention.inbox)
        return done(Error{"hook.too_old", "message " + message.id + " of " + message.source +
                                              " is older than this node remembers messages; it is refused"});
    ClientStep step;
    const std::string source = message.source;
    step.what =
        desk::Request{gateway::uuid_v7(now), {"erp:" + source, "erp", {}}, desk::TakeInbound{std::move(message)}};
    step.done = [done](Result<DurableAnswer> result) { done(result ? ok() : Result<>(result.error())); };
    if (!enqueue(std::move(step))) done(busy());
}

Result<DurableAnswer> DurableStrand::act(const OutboxAct& act) { return ask({act, {}, {}, {}}); }

void DurableStrand::note(Changes changes) {
    if (!enqueue(OwnStep{std::move(changes)})) metrics_.dropped();
}

std::string DurableStrand::store_trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_ ? trouble_->code + ": " + trouble_->detail : std::string();
}

bool DurableStrand::alive() { return system_now().mono - beat_.load() < kDead; }

Millis DurableStrand::longest_wait(Now now) const {
    Millis wait = kDurableIdle;
    if (const auto next = lanes_.next_deadline()) wait = std::min(wait, std::max(Millis{0}, *next - now.mono));
    if (const auto next = deadlines_.wait(now.wall)) wait = std::min(wait, *next);
    if (const auto next = callbacks_.wait(now.wall)) wait = std::min(wait, *next);
    if (store_retry_at_) return std::clamp(*store_retry_at_ - now.mono, Millis{1}, kDurableIdle);
    for (const auto& next : {business_time_.wait(now), migrations_.wait(now), catch_up_.wait(now)})
        if (next) wait = std::min(wait, *next);
    return again_.empty() && !lanes_.decisions_wait() ? wait : Millis{0};
}

// False: stopped, and nothing is left to do.
bool DurableStrand::wait_for_work() {
    const Millis wait = longest_wait(system_now());
    std::unique_lock lock(mutex_);
    waiting_.wait_for(lock, wait, [this] { return !queue_.empty() || !questions_.empty() || woken_ || stopping_; });
    // Callers of the last batch come back one by one: a commit for the first of them alone would
    // make the others wait for two. Nor is the strand woken by each of them.
    if (last_batch_ > 1 && !stopping_ && !queue_.empty()) {
        notify_at_ = worth_waiting_for(last_batch_, others_);
        waiting_.wait_for(lock, kGather, [this] { return queue_.size() >= notify_at_ || stopping_; });
        notify_at_ = 1;
    }
    woken_ = false;
    return !stopping_ || !queue_.empty();
}

void DurableStrand::run() {
    while (wait_for_work()) {
        const Now now = system_now();
        beat_ = now.mono;
        std::deque<Question> questions;
        {
            const std::lock_guard lock(mutex_);
            questions.swap(questions_);
        }
        for (const Question& question : questions) question();
        if (auto inputs = take_batch(now); !inputs.empty()) process(std::move(inputs), now);
        if (!store_retry_at_) {
            if (auto pumped = lanes_.pump(*store_, system_now()); !pumped) set_trouble(pumped.error());
            house_keeping(now);
        }
    }
    // What connectors answered last, and what waited for the store: one more try each.
    store_retry_at_.reset();
    const Now now = system_now();
    agents_.stop(now.wall);
    for (auto last = take_batch(now); !last.empty(); last = take_batch(now)) {
        process(std::move(last), now);
        if (store_retry_at_) break;
    }
    std::deque<Question> questions;
    {
        const std::lock_guard lock(mutex_);
        running_ = false;
        questions.swap(questions_);
    }
    for (const Question& question : questions) question();
}

std::vector<DurableInput> DurableStrand::take_batch(Now now) {
    std::vector<DurableInput> out;
    const bool usable = store_usable(now);
    if (usable) {
        while (!again_.empty() && out.size() < settings_.max_batch) {
            out.push_back(std::move(again_.front()));
            again_.pop_front();
        }
        for (ProgressStep& step : lanes_.take_answers(now)) out.push_back(std::move(step));
        for (Changes& changes : facts_.take(settings_.max_batch)) out.push_back(OwnStep{std::move(changes)});
        if (Changes changes = agents_.take(); !changes.empty()) out.push_back(OwnStep{std::move(changes)});
        take_due(out, now);
        for (DurableInput& input : business_time_.take(now)) out.push_back(std::move(input));
        for (DurableInput& input : migrations_.take(now)) out.push_back(std::move(input));
        for (DurableInput& input : catch_up_.take(now)) out.push_back(std::move(input));
        for (DurableInput& input : recurring_.take(now)) out.push_back(std::move(input));
        for (DurableInput& input : scripts_.take()) out.push_back(std::move(input));
    }
    const std::lock_guard lock(mutex_);
    std::size_t taken = 0;
    const std::size_t most = std::min(std::max(worth_waiting_for(last_batch_, others_), kMany), settings_.max_batch);
    while (!queue_.empty() && taken < most) {
        out.push_back(std::move(queue_.front()));
        queue_.pop_front();
        ++taken;
    }
    last_batch_ = taken;
    return out;
}

void DurableStrand::take_due(std::vector<DurableInput>& inputs, Now now) {
    if (deadlines_.wants_load(now.mono)) {
        const auto rows = store_->open_deadlines(DeadlineWatch::horizon(now.wall), DeadlineWatch::kLoad);
        if (rows)
            deadlines_.loaded(*rows, now);
        else
            deadlines_.load_failed(now.mono);
    }
    if (callbacks_.wants_load(now.mono)) {
        const auto rows =
            store::read_due_callbacks(*readers_, now.wall + CallbackWatch::kHorizon, CallbackWatch::kLoad);
        if (rows)
            callbacks_.loaded(*rows, now);
        else
            callbacks_.load_failed(now.mono);
    }
    for (const std::string& id : callbacks_.take_due(now.wall))
        inputs.push_back(OwnStep{own_request("due." + id, desk::StepCallback{relay::CallbackDue{id}})});
    for (const DeadlineRecord& row : deadlines_.take_due(now.wall))
        inputs.push_back(OwnStep{own_request(row.order + '.' + row.name + '.' + std::to_string(row.n),
                                             desk::DeadlineReached{row.order, row.name, row.n})});
}

void DurableStrand::house_keeping(Now now) {
    for (const std::string& name : lanes_.take_disabled()) {
        spdlog::warn("destination.disabled {} wants nothing more (410); enable it when that was a mistake", name);
        if (auto kept = lanes_.keep_disabled(*store_, name, true); !kept)
            spdlog::error("{} {}", kept.error().code, kept.error().detail);
    }
    if (now.mono >= next_sign_of_life_) {
        next_sign_of_life_ = now.mono + kSignOfLife;
        if (auto kept = store_->set_meta(kAliveAtMeta, std::to_string(epoch_ms(now.wall))); !kept)
            spdlog::warn("{} {}", kept.error().code, kept.error().detail);
    }
    pulse_.beat(now);
    keep_answered(now);
    count_callbacks(now);
    if (auto events = cover_.take(now); !events.empty()) publish_(std::move(events));
    if (now.mono < next_forget_) return;
    next_forget_ = now.mono + kForgetEvery;
    for (const relay::DestinationStatus& status : lanes_.relay().status()) metrics_.destination(status);
    business_time_.tell(now);
    if (const auto forgotten = store_->forget(settings_.retention, now.wall, kForgetRows); !forgotten)
        spdlog::warn("{} {}", forgotten.error().code, forgotten.error().detail);
    else if (*forgotten >= kForgetRows)
        next_forget_ = now.mono + kDurableIdle;
}

}  // namespace citybridge
