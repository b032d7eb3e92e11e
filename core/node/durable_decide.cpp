// What each step of a batch does, decided in memory.
#include <spdlog/spdlog.h>

#include "core/node/durable_pending.h"

namespace citybridge {
namespace {

// A command's end is told without what was known at its beginning, and a late word never overrules the first end.
void merge_commands(std::vector<CommandRecord>& commands, const Batch& batch) {
    std::erase_if(commands, [&](CommandRecord& row) {
        const CommandRecord* before = batch.command(row.id);
        if (before == nullptr) return false;
        if (before->state != "accepted") {
            if (!before->kind.empty() || row.kind.empty()) return true;
            // Its beginning, told after its end: a quick PBX is faster than the thread that asked it.
            row.state = before->state;
            row.reason = before->reason;
            row.updated_at = before->updated_at;
            if (!before->contact.empty()) row.contact = before->contact;
            return false;
        }
        if (row.kind.empty()) row.kind = before->kind;
        if (row.user.empty()) row.user = before->user;
        if (row.contact.empty()) row.contact = before->contact;
        row.detail = before->detail;
        row.at = before->at;
        return false;
    });
}

// Its connector was taken out of the configuration: nobody has it on its way, and it would wait for ever.
Result<OutboxProgress> cancel_without_connector(const OutboxRecord& row, Now now) {
    if (row.state == OutboxState::delivered || row.state == OutboxState::cancelled)
        return Error{"relay.not_cancellable",
                     "message " + row.id + " is " + std::string(to_string(row.state)) + " already"};
    return OutboxProgress{.id = row.id,
                          .state = OutboxState::cancelled,
                          .attempts = row.attempts,
                          .next_at = row.next_at,
                          .updated_at = now.wall,
                          .last_code = row.last_code,
                          .last_detail = row.last_detail,
                          .external_id = row.external_id,
                          .must_find = row.must_find,
                          .out_of_turn = row.out_of_turn};
}

}  // namespace

std::vector<DurableStrand::Pending> DurableStrand::decide(std::vector<DurableInput>& inputs, Batch& batch, Now now) {
    std::vector<Pending> out;
    out.reserve(inputs.size());
    for (DurableInput& input : inputs)
        out.push_back(std::visit(Overloaded{[&](ClientStep& step) { return decide_client(step, batch, now); },
                                            [&](ProgressStep& step) { return decide_progress(step, batch, now); },
                                            [&](OwnStep& step) { return decide_own(step, batch, now); }},
                                 input));
    return out;
}

// Rules are a plugin's code: what they throw refuses this one step.
Result<desk::Decision> DurableStrand::ask_desk(const desk::Request& request, const Batch& batch, Now now) const {
    try {
        return desk_.apply(batch, request, now);
    } catch (const std::exception& failure) {
        spdlog::error("plugin.exception rules of a work order: {}", failure.what());
        return Error{"plugin.exception", "the rules of this kind of order failed; the node's log says more"};
    }
}

DurableStrand::Pending DurableStrand::decide_client(ClientStep& step, Batch& batch, Now now) {
    Pending out;
    if (const IdempotencyRecord* first = step.key ? batch.idempotency(step.key->user, step.key->key) : nullptr) {
        out.done = step.done;
        if (first->fingerprint == step.key->fingerprint)
            out.answer = DurableAnswer{{static_cast<int>(first->status), first->location, first->body}, true};
        else
            out.answer = Error{"idempotency.mismatch", "this Idempotency-Key was used for another request"};
        return out;
    }
    if (const auto* request = std::get_if<desk::Request>(&step.what)) {
        auto decision = ask_desk(*request, batch, now);
        count_city_message(*request, decision);
        if (decision) {
            batch.take(std::move(decision->changes));
            out.events = std::move(decision->events);
            out.answer = DurableAnswer{std::move(decision->reply)};
        } else {
            out.answer = decision.error();
        }
    } else if (const auto* act = std::get_if<OutboxAct>(&step.what)) {
        out = decide_act(*act, batch, now);
    } else {
        Changes changes = std::get<Changes>(step.what);
        merge_commands(changes.commands, batch);
        batch.take(std::move(changes));
        out.answer = DurableAnswer{step.reply};
    }
    out.done = step.done;
    if (step.key && out.answer) {
        const desk::Reply& reply = out.answer->reply;
        Changes row;
        row.idempotency.push_back(
            {step.key->user, step.key->key, step.key->fingerprint, reply.status, reply.location, reply.body, now.wall});
        batch.take(std::move(row));
    }
    return out;
}

DurableStrand::Pending DurableStrand::decide_act(const OutboxAct& act, Batch& batch, Now now) {
    Pending out;
    const OutboxRecord* row = batch.outbox(act.id);
    const bool cancel = act.what == OutboxAct::What::cancel;
    const bool known = row != nullptr && lanes_.knows(row->destination);
    if (row == nullptr || (!known && !cancel)) {
        out.answer = row == nullptr
                         ? Error{"outbox.unknown", "no outbox message has this id"}
                         : Error{"destination.unknown", "no connector has the name " + row->destination + " any more"};
        return out;
    }
    auto progress = !known   ? cancel_without_connector(*row, now)
                    : cancel ? lanes_.relay().cancel(*row, now)
                             : lanes_.relay().replay(*row, act.what == OutboxAct::What::replay_out_of_turn, now);
    if (!progress) {
        out.answer = progress.error();
        return out;
    }
    OutboxRecord after = relay::with_progress(*row, *progress);
    Changes changes;
    changes.deliveries.push_back(std::move(*progress));
    batch.take(std::move(changes));
    if (cancel) {
        if (auto told = ask_desk(ended_request(after), batch, now)) {
            batch.take(std::move(told->changes));
            out.events = std::move(told->events);
        } else {
            spdlog::warn("{} {} (message {})", told.error().code, told.error().detail, after.id);
        }
    }
    spdlog::info("outbox.acted {} {} by {}", after.id, to_string(after.state), act.user);
    out.acted_on = std::move(after);
    return out;
}

DurableStrand::Pending DurableStrand::decide_progress(const ProgressStep& step, Batch& batch, Now now) {
    Pending out;
    out.delivered = step.progress.id;
    Changes changes;
    changes.deliveries.push_back(step.progress);
    batch.take(std::move(changes));
    if (!step.tell_desk) return out;
    const OutboxRecord* row = batch.outbox(step.progress.id);
    if (step.message.id.empty() && row == nullptr) return out;
    const OutboxRecord message = step.message.id.empty() ? relay::with_progress(*row, step.progress) : step.message;
    if (message.kind == "event" && message.state == OutboxState::delivered) return out;
    if (auto told = ask_desk(ended_request(message), batch, now)) {
        batch.take(std::move(told->changes));
        out.events = std::move(told->events);
    } else {
        spdlog::warn("{} {} (message {})", told.error().code, told.error().detail, step.message.id);
    }
    return out;
}

DurableStrand::Pending DurableStrand::decide_own(const OwnStep& step, Batch& batch, Now now) {
    Pending out;
    if (const auto* request = std::get_if<desk::Request>(&step.what)) {
        auto decision = ask_desk(*request, batch, now);
        if (decision) {
            batch.take(std::move(decision->changes));
            out.events = std::move(decision->events);
        } else {
            spdlog::warn("{} {}", decision.error().code, decision.error().detail);
        }
        return out;
    }
    Changes changes = std::get<Changes>(step.what);
    merge_commands(changes.commands, batch);
    batch.take(std::move(changes));
    return out;
}

}  // namespace citybridge
