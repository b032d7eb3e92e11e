// Loading and committing one batch.
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <thread>

#include "core/desk/message_reports.h"
#include "core/node/durable_pending.h"

namespace citybridge {
namespace {

constexpr std::size_t kAgainBound = 100'000;

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

void append(Wanted& to, const Wanted& from) {
    append(to.orders, from.orders);
    append(to.external, from.external);
    append(to.customers, from.customers);
    append(to.numbers, from.numbers);
    append(to.outbox, from.outbox);
    append(to.inbox, from.inbox);
    append(to.idempotency, from.idempotency);
    append(to.commands, from.commands);
    append(to.users, from.users);
    append(to.of_customer, from.of_customer);
    append(to.turns, from.turns);
    to.people = to.people || from.people;
    append(to.desk.attachments, from.desk.attachments);
    append(to.desk.outgoing_lists, from.desk.outgoing_lists);
    append(to.desk.outgoing_entries, from.desk.outgoing_entries);
    append(to.desk.outgoing_next, from.desk.outgoing_next);
    append(to.papers.ids, from.papers.ids);
    append(to.papers.marks, from.papers.marks);
    append(to.papers.dispositions, from.papers.dispositions);
    append(to.callback.callbacks, from.callback.callbacks);
    append(to.callback.cities, from.callback.cities);
    append(to.callback.open_of, from.callback.open_of);
    append(to.callback.ended_of, from.callback.ended_of);
    to.callback.assigned = to.callback.assigned || from.callback.assigned;
    append(to.verification.verifications, from.verification.verifications);
    append(to.verification.budgets, from.verification.budgets);
    append(to.verification.blocked, from.verification.blocked);
    append(to.verification.outbox_by_far, from.verification.outbox_by_far);
    append(to.written.messages, from.written.messages);
    append(to.written.budgets, from.written.budgets);
}

Wanted wanted_of(const Changes& changes) {
    Wanted out;
    for (const CommandRecord& command : changes.commands) out.commands.push_back(command.id);
    return out;
}

const desk::Request* request_in(const DurableInput& input) {
    const auto* client = std::get_if<ClientStep>(&input);
    const auto* own = std::get_if<OwnStep>(&input);
    return client ? std::get_if<desk::Request>(&client->what) : own ? std::get_if<desk::Request>(&own->what) : nullptr;
}

bool erases(const DurableInput& input) {
    const desk::Request* request = request_in(input);
    return request != nullptr && std::holds_alternative<desk::EraseCustomer>(request->what);
}

bool is_report(const desk::Request* request) {
    const auto* taken = request == nullptr ? nullptr : std::get_if<desk::TakeInbound>(&request->what);
    return taken != nullptr && desk::is_report(taken->message);
}

}  // namespace

bool DurableStrand::store_usable(Now now) {
    if (!store_retry_at_) return true;
    if (now.mono < *store_retry_at_) return false;
    if (auto connected = store_->reconnect(); !connected) {
        set_trouble(connected.error());
        return false;
    }
    store_retry_at_.reset();
    return true;
}

void DurableStrand::set_trouble(const Error& why) {
    store_retry_at_ = system_now().mono + settings_.retry;
    metrics_.store_up.Set(0);
    const std::lock_guard lock(mutex_);
    if (trouble_ != why) spdlog::error("{} {}", why.code, why.detail);
    trouble_ = why;
}

// Erasing is a commit of its own: what is decided beside it comes from rows as they were before, is written after it,
// and would bring back what was erased.
void DurableStrand::process(std::vector<DurableInput> inputs, Now now) {
    const auto erasure = std::find_if(inputs.begin(), inputs.end(), erases);
    if (erasure == inputs.end() || inputs.size() == 1) return process_together(std::move(inputs), now);
    const auto split = [&](auto from, auto to) {
        std::vector<DurableInput> part(std::make_move_iterator(from), std::make_move_iterator(to));
        if (!part.empty()) process(std::move(part), now);
    };
    split(inputs.begin(), erasure);
    split(erasure, std::next(erasure));
    split(std::next(erasure), inputs.end());
}

void DurableStrand::process_together(std::vector<DurableInput> inputs, Now now) {
    if (!store_retry_at_) return process_alone(inputs, now);
    Error why{"store.unavailable", "the store is away"};
    {
        const std::lock_guard lock(mutex_);
        if (trouble_) why = *trouble_;
    }
    store_refused(inputs, why, now, false);
}

// One commit for all of them. A batch whose rows are refused is split, so that only the bad step is told so.
void DurableStrand::process_alone(std::vector<DurableInput>& inputs, Now now) {
    Wanted wanted;
    const auto ask_for = Overloaded{[&](const ClientStep& step) {
                                        if (step.key) wanted.idempotency.emplace_back(step.key->user, step.key->key);
                                        if (const auto* request = std::get_if<desk::Request>(&step.what))
                                            append(wanted, desk_.needs(*request));
                                        if (const auto* changes = std::get_if<Changes>(&step.what))
                                            append(wanted, wanted_of(*changes));
                                        if (const auto* act = std::get_if<OutboxAct>(&step.what))
                                            wanted.outbox.push_back(act->id);
                                    },
                                    [&](const ProgressStep& step) {
                                        if (!step.tell_desk) return;
                                        // One decided without being sent: its row first, what the desk needs for it
                                        // later.
                                        if (step.message.id.empty()) wanted.outbox.push_back(step.progress.id);
                                        append(wanted, desk_.needs(ended_request(step.message)));
                                    },
                                    [&](const OwnStep& step) {
                                        if (const auto* request = std::get_if<desk::Request>(&step.what))
                                            append(wanted, desk_.needs(*request));
                                        if (const auto* changes = std::get_if<Changes>(&step.what))
                                            append(wanted, wanted_of(*changes));
                                    }};
    for (const DurableInput& input : inputs) std::visit(ask_for, input);
    const MonoTime began = system_now().mono;
    if (const std::uint64_t version = settings_.people->version(); version != people_.configured())
        people_.configure(settings_.people->configured(), version);
    wanted.people = wanted.people && !people_.loaded();
    Batch batch(&people_);
    if (auto filled = load(wanted, inputs, batch); !filled) return store_refused(inputs, filled.error(), now, true);
    std::vector<Pending> decided = decide(inputs, batch, now);
    Changes changes = batch.release();
    number_outbox(changes);
    reports::add_order_facts(changes, desk_.flows());
    reports::add_callback_facts(changes);
    const store::CommitOutcome outcome =
        changes.empty() ? store::CommitOutcome{store::Commit::done, {}} : commit(changes, now);
    metrics_.commit_s.Observe(static_cast<double>((system_now().mono - began).count()) / 1000.0);
    if (outcome.commit == store::Commit::done) {
        people_.committed(changes, batch.open_deltas());
        return committed(decided, changes, now);
    }
    people_.forget();
    if (outcome.commit == store::Commit::unknown) return left_unknown(inputs, outcome.error);
    if (outcome.error.code != "store.rejected") return store_refused(inputs, outcome.error, now, true);
    if (inputs.size() == 1) return rejected(inputs.front(), outcome.error);
    for (DurableInput& input : inputs) {
        std::vector<DurableInput> one;
        one.push_back(std::move(input));
        process(std::move(one), now);
    }
}

// By rounds: some rows are known to be needed only when others are seen.
Result<> DurableStrand::load(const Wanted& wanted, const std::vector<DurableInput>& inputs, Batch& batch) {
    auto first = store_->load(wanted);
    if (!first) return first.error();
    if (wanted.people) people_.load(first->users, first->open_orders);
    batch.fill(std::move(*first));
    Wanted next;
    for (const DurableInput& input : inputs) {
        const auto* client = std::get_if<ClientStep>(&input);
        if (const auto* request = request_in(input)) append(next, desk_.needs_next(batch, *request));
        // The end of a message that a person gives up is told to its order.
        const auto* act = client ? std::get_if<OutboxAct>(&client->what) : nullptr;
        const OutboxRecord* acted_on = act != nullptr ? batch.outbox(act->id) : nullptr;
        if (acted_on != nullptr && act->what == OutboxAct::What::cancel) {
            OutboxRecord after = *acted_on;
            after.state = OutboxState::cancelled;  // as the desk will hear of it: what it needs depends on that
            append(next, desk_.needs(ended_request(after)));
        }
        const auto* progress = std::get_if<ProgressStep>(&input);
        if (progress == nullptr || !progress->tell_desk) continue;
        const OutboxRecord* row = batch.outbox(progress->progress.id);
        const desk::Request ended =
            ended_request(row != nullptr ? relay::with_progress(*row, progress->progress) : progress->message);
        if (row != nullptr) append(next, desk_.needs(ended));
        append(next, desk_.needs_next(batch, ended));
    }
    if (auto second = load_more(std::move(next), batch); !second) return second;
    // A delivery report names its message, that its order, and that its customer.
    Wanted last;
    for (const DurableInput& input : inputs)
        if (const auto* request = request_in(input); is_report(request))
            append(last, desk_.needs_next(batch, *request));
    return load_more(std::move(last), batch);
}

Result<> DurableStrand::load_more(Wanted wanted, Batch& batch) {
    wanted.people = wanted.people && !people_.loaded();
    if (wanted.orders.empty() && wanted.customers.empty() && wanted.numbers.empty() && wanted.external.empty() &&
        wanted.of_customer.empty() && wanted.turns.empty() && wanted.verification.empty() && wanted.callback.empty() &&
        wanted.written.empty() && wanted.commands.empty() && !wanted.people)
        return ok();
    auto rows = store_->load(wanted);
    if (!rows) return rows.error();
    if (wanted.people) people_.load(rows->users, rows->open_orders);
    batch.fill(std::move(*rows));
    return ok();
}

void DurableStrand::number_outbox(Changes& changes) {
    for (OutboxRecord& row : changes.outbox) row.seq = next_seq_++;
}

store::CommitOutcome DurableStrand::commit(const Changes& changes, Now now) {
    const std::string batch_id = settings_.generation + '-' + std::to_string(++batches_);
    store::CommitOutcome outcome = store_->commit(batch_id, changes, now.wall);
    return outcome.commit == store::Commit::unknown ? settle_unknown(batch_id, outcome.error) : outcome;
}

// The connection died while COMMIT was on its way. Nobody is answered before the store has said whether the
// batch is there; callers that cannot wait that long are told that the outcome is unknown.
store::CommitOutcome DurableStrand::settle_unknown(const std::string& batch_id, const Error& why) {
    set_trouble(why);
    for (;;) {
        std::this_thread::sleep_for(settings_.retry);
        beat_ = system_now().mono;
        if (store_->reconnect())
            if (const auto there = store_->has_batch(batch_id)) {
                store_retry_at_.reset();
                if (*there) return {store::Commit::done, {}};
                return {store::Commit::failed, {"store.unavailable", why.detail}};
            }
        const std::lock_guard lock(mutex_);
        if (stopping_)
            return {store::Commit::unknown,
                    {"store.outcome_unknown",
                     "the node stops while the store is away; repeat the request with the same Idempotency-Key"}};
    }
}

void DurableStrand::committed(std::vector<Pending>& decided, const Changes& changes, Now now) {
    {
        const std::lock_guard lock(mutex_);
        if (trouble_) spdlog::info("store.back the store can be written again");
        trouble_.reset();
        others_ = queue_.size();
    }
    metrics_.store_up.Set(1);
    metrics_.waiting.Set(static_cast<double>(again_.size()));
    metrics_.batches.Increment();
    metrics_.steps.Increment(static_cast<double>(decided.size()));
    // Before its asker hears that he may dial: a PBX that refuses at once must find the dialling known.
    callbacks_.committed(changes.callback.callbacks, now.wall);
    // Who approved sees at once what he approved.
    scripts_.committed(changes.papers.rows);
    // Who was told that a city is closed, or that a user is no longer one, must find it so with his next request.
    for (const UserRecord& user : changes.users) settings_.people->put_stored(user);
    for (const std::string& name : changes.removed_users) settings_.people->remove_stored(name);
    if (!changes.calendar_overrides.empty()) business_time_.switched(changes.calendar_overrides);
    // Answers before the rest: each is a person or a system that waits.
    for (Pending& step : decided)
        if (step.done) step.done(std::move(step.answer));
    if (!changes.outbox.empty()) lanes_.added(changes.outbox, now);
    for (const DeadlineRecord& row : changes.deadlines) deadlines_.put(row, now.wall);
    for (Pending& step : decided) {
        if (!step.events.empty()) publish_(std::move(step.events));
        carry_out(step, now);
    }
}

void DurableStrand::carry_out(const Pending& step, Now now) {
    if (!step.delivered.empty()) {
        lanes_.committed(step.delivered);
        metrics_.deliveries.Increment();
    }
    if (!step.acted_on) return;
    const auto parked = store_->parked_keys(step.acted_on->destination);
    // Not known: nothing may pass what may be dead.
    const bool still = !parked || std::find(parked->begin(), parked->end(), step.acted_on->key) != parked->end();
    lanes_.relay().acted(*step.acted_on, still, now);
}

// The node stops before the store could say whether the batch is there. What is the node's own is taken up from the
// store's rows at the next start.
void DurableStrand::left_unknown(std::vector<DurableInput>& inputs, const Error& why) {
    for (DurableInput& input : inputs)
        if (auto* client = std::get_if<ClientStep>(&input)) client->done(why);
}

// The store refuses the rows of this one step, and will again.
void DurableStrand::rejected(DurableInput& input, const Error& why) {
    metrics_.steps_refused.Increment();
    if (auto* client = std::get_if<ClientStep>(&input)) return client->done(why);
    spdlog::error("{} {}", why.code, why.detail);
    auto* progress = std::get_if<ProgressStep>(&input);
    // Where a message stands must be written down even if the order's history cannot take it.
    if (progress == nullptr) return;
    if (std::exchange(progress->tell_desk, false)) {
        again_.push_back(std::move(input));
        return;
    }
    // Its row is gone from the store, or can take nothing: its key goes on, and the log says so.
    lanes_.committed(progress->progress.id);
}

// The store cannot be written now: whoever waits is told, the node's own steps wait in their order.
void DurableStrand::store_refused(std::vector<DurableInput>& inputs, const Error& why, Now now, bool tried) {
    if (!store_retry_at_ || now.mono >= *store_retry_at_) set_trouble(why);
    std::deque<DurableInput> own;
    for (DurableInput& input : inputs) {
        if (auto* client = std::get_if<ClientStep>(&input)) {
            metrics_.steps_refused.Increment();
            client->done(Error{why.code, why.detail + "; nothing was done: try again in a moment"});
        } else {
            own.push_back(std::move(input));
        }
    }
    // What was tried is older than what waits; what was never tried is newer.
    again_.insert(tried ? again_.begin() : again_.end(), std::make_move_iterator(own.begin()),
                  std::make_move_iterator(own.end()));
    while (again_.size() > kAgainBound) {
        // Where a message stands is never dropped; those are as few as the connections.
        const auto fact = std::find_if(again_.begin(), again_.end(), [](const DurableInput& input) {
            return std::holds_alternative<OwnStep>(input);
        });
        if (fact == again_.end()) break;
        again_.erase(fact);
        metrics_.dropped();
    }
    metrics_.waiting.Set(static_cast<double>(again_.size()));
}

}  // namespace citybridge
