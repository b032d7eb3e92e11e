#include "core/node/delivery_lanes.h"

#include <utility>

#include "core/desk/render.h"

namespace citybridge {
namespace {

const std::string kDisabledPrefix = "destination_disabled.";

OutboxRecord with_payload(OutboxRecord message, std::string payload) {
    message.payload = std::move(payload);
    return message;
}

}  // namespace

void DeliveryLanes::add(const std::string& name, OutboundConnector* connector) { connectors_[name] = connector; }

Result<> DeliveryLanes::start(store::Store& store) {
    for (const auto& [name, connector] : connectors_) {
        auto parked = store.parked_keys(name);
        if (!parked) return parked.error();
        const auto disabled = store.meta(kDisabledPrefix + name);
        if (!disabled) return disabled.error();
        relay_.add_destination(name, connector->delivery_traits(), *parked, !disabled->empty());
    }
    return ok();
}

Result<> DeliveryLanes::pump(store::Store& store, Now now) {
    for (;;) {
        std::vector<relay::Send> sends;
        relay_.poll(now, sends);
        name_orders(store, sends);
        for (const relay::Send& each : sends) send(store, each);
        for (relay::Outcome& outcome : relay_.decisions()) decided_.push_back(std::move(outcome));
        const std::vector<relay::WantRows> wants = relay_.wants();
        if (wants.empty()) return ok();
        if (auto loaded = load(store, wants, now); !loaded) return loaded;
    }
}

// A message written before the ERP had told its number for the order is sent with the number known by now. Where
// it cannot be read the connector says what it makes of a message without one.
void DeliveryLanes::name_orders(store::Store& store, std::vector<relay::Send>& sends) {
    Wanted wanted;
    for (const relay::Send& each : sends)
        if (each.message.kind != "event" && each.message.external_id.empty() && !each.message.order.empty())
            wanted.orders.push_back(each.message.order);
    if (wanted.orders.empty()) return;
    const auto loaded = store.load(wanted);
    if (!loaded) return;
    for (relay::Send& each : sends)
        for (const OrderRecord& order : loaded->orders)
            if (order.id == each.message.order && order.external_system == each.message.destination &&
                each.message.external_id.empty() && each.message.kind != "event")
                each.message.external_id = order.external_id;
}

Result<> DeliveryLanes::load(store::Store& store, const std::vector<relay::WantRows>& wants, Now now) {
    Result<> result = ok();
    for (const relay::WantRows& want : wants) {
        auto rows = want.key.empty() ? store.pending_outbox(want.destination, want.after_seq, want.limit)
                                     : store.pending_outbox_of_key(want.destination, want.key);
        if (rows) {
            relay_.loaded(want, *rows, now);
        } else {
            relay_.not_loaded(want);
            result = rows.error();
        }
    }
    return result;
}

void DeliveryLanes::send(store::Store& store, const relay::Send& send) {
    const std::string id = send.message.id;
    OutboundConnector& connector = *connectors_.at(send.message.destination);
    on_the_way_.insert_or_assign(id, send.message);
    if (send.find)
        connector.find(send.message, [this, id](const FindReply& reply) { answer({id, reply}); });
    else if (!desk::is_filled_in_when_sent(send.message) || !render_)
        connector.deliver(send.message, [this, id](const DeliveryReply& reply) { answer({id, reply}); });
    else if (auto text = render_(store, send.message); !text)
        answer({id, DeliveryReply{.outcome = DeliveryOutcome::refused,
                                  .code = text.error().code,
                                  .detail = text.error().detail,
                                  .external_id = {},
                                  .retry_after = {}}});
    else
        // Only the connector gets it: what is kept of the message is the template and who is meant.
        connector.deliver(with_payload(send.message, std::move(*text)), [this, id](const DeliveryReply& reply) {
            answer({id, reply});
        });
}

void DeliveryLanes::answer(Answer answer) {
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        first = answers_.empty();
        answers_.push_back(std::move(answer));
    }
    if (first) wake_();
}

std::vector<ProgressStep> DeliveryLanes::take_answers(Now now) {
    std::vector<Answer> answers;
    {
        const std::lock_guard lock(mutex_);
        answers.swap(answers_);
    }
    std::vector<ProgressStep> steps;
    // Without an answer: marks before sending, and what a crash left unclear. The batch loads the message if it must.
    for (const relay::Outcome& outcome : std::exchange(decided_, {}))
        steps.push_back({outcome.progress, {}, outcome.ended});
    for (const Answer& each : answers) {
        const auto* delivered = std::get_if<DeliveryReply>(&each.reply);
        const auto outcome = delivered ? relay_.replied(each.id, *delivered, now)
                                       : relay_.found(each.id, std::get<FindReply>(each.reply), now);
        const auto message = on_the_way_.find(each.id);
        if (!outcome || message == on_the_way_.end()) continue;
        ProgressStep step{outcome->progress, relay::with_progress(std::move(message->second), outcome->progress),
                          false};
        on_the_way_.erase(message);
        // A subscriber's event that arrived is no news for the order it tells of.
        step.tell_desk =
            outcome->ended && !(step.message.kind == "event" && step.progress.state == OutboxState::delivered);
        if (outcome->destination_disabled) disabled_.push_back(step.message.destination);
        steps.push_back(std::move(step));
    }
    return steps;
}

Result<> DeliveryLanes::keep_disabled(store::Store& store, const std::string& destination, bool disabled) {
    return store.set_meta(kDisabledPrefix + destination, disabled ? "1" : "");
}

void DeliveryLanes::committed(const std::string& message) { relay_.committed(message); }

std::vector<std::string> DeliveryLanes::take_disabled() { return std::exchange(disabled_, {}); }

}  // namespace citybridge
