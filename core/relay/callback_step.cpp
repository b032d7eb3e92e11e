#include "core/relay/callback_step.h"

#include <utility>

#include "core/relay/callback_message.h"

namespace citybridge::relay {

CallbackChange::CallbackChange(const CallbackSettings& settings, const CityRecord* far, CallbackRecord before, Now now)
    : row(std::move(before)),
      detail(detail_of(row)),
      settings_(settings),
      far_(far),
      generation_(relay::own_generation(settings, far)),
      now_(now),
      noted_(row.state) {
    if (row.revision == 0) {
        detail.life = generation_;
        return;
    }
    if (detail.life >= generation_) return;
    detail.life = generation_;
    detail.unsure = true;
    if (is_closed(row.state)) return;
    if (holds()) row.state = CallbackState::uncertain;
    note("system", "restored");
    tell();
    if (holds()) event("uncertain");
}

std::int64_t CallbackChange::far_generation() const { return generation_of(far_); }

bool CallbackChange::can(CallbackStep step) const {
    return may_step(detail.holder, side_of(row), step) && after(row.state, step).has_value();
}

void CallbackChange::take(CallbackStep step) {
    row.state = after(row.state, step).value();
    changed_ = true;
}

void CallbackChange::mirror(CallbackState state) {
    row.state = state;
    changed_ = true;
}

Fields& CallbackChange::note(const std::string& actor, const std::string& action, const std::string& text) {
    changed_ = true;
    CallbackHistoryRecord entry;
    entry.callback = row.id;
    entry.n = ++row.history_n;
    entry.at = now_.wall;
    entry.city = settings_.city;
    entry.actor = actor;
    entry.action = action;
    entry.from_state = entry.n == 1 ? std::string_view() : to_string(noted_);
    entry.to_state = to_string(row.state);
    entry.text = text;
    noted_ = row.state;
    history_.push_back(std::move(entry));
    return history_.back().detail;
}

void CallbackChange::settle_times() {
    row.updated_at = now_.wall;
    if (!is_closed(row.state))
        row.closed_at.reset();
    else if (!row.closed_at)
        row.closed_at = now_.wall;
    row.due_at = next_look(settings_, row, detail, now_.wall);
    ++row.revision;
}

Fields CallbackChange::next_message() {
    ++row.version;
    changed_ = true;
    return task_fields(row, detail, now_.wall);
}

// A city that was taken out of the directory keeps its messages in the outbox, where people see them.
OutboxRecord CallbackChange::message() {
    const std::string& to = far_city(row);
    const auto city = settings_.cities.find(to);
    Fields task = next_message();
    if (ask_) task["ask"] = true;
    if (moved_) task["moved_ms"] = moved_->count();
    Fields payload = city_envelope(settings_, to, far_, "task");
    payload["task"] = std::move(task);
    OutboxRecord out;
    out.id = row.id + ".g" + std::to_string(generation_) + ".v" + std::to_string(row.version);
    out.destination = city == settings_.cities.end() ? "city." + to : city->second.destination;
    out.key = row.id;
    out.kind = "city_message";
    out.payload = payload.dump();
    out.created_at = out.next_at = out.updated_at = now_.wall;
    return out;
}

// Whoever promised the customer a call hears what became of it, and what nobody is to do now.
bool CallbackChange::ends() const {
    return is_closed(row.state) || row.state == CallbackState::withdrawn || row.state == CallbackState::returned;
}

void CallbackChange::finish(CallbackDecision& out) {
    if (!changed_ && !tell_) return;
    if (tell_) out.changes.outbox.push_back(message());
    settle_times();
    keep_detail(row, detail);
    out.id = row.id;
    if (!event_.empty()) {
        PaperChanged event;
        event.type = "callback." + event_;
        event.id = row.id;
        if (!row.owner.empty()) event.users.push_back(row.owner);
        // Who promised it to the customer hears how it ends, and what makes his promise untrue.
        const bool concerns_him = ends() || event_ == kUndelivered || event_ == kMoved;
        if (const std::string by = row.state_detail.value("offered_by", "");
            !by.empty() && by != row.owner && concerns_him)
            event.users.push_back(by);
        if (!row.group.empty()) event.groups.push_back(row.group);
        event.json = callback_json(row).dump();
        out.events.emplace_back(std::move(event));
    }
    out.changes.callback.callbacks.push_back(row);
    for (auto& entry : history_) out.changes.callback.history.push_back(std::move(entry));
    history_.clear();
}

std::optional<WallTime> next_look(const CallbackSettings& settings, const CallbackRecord& row,
                                  const CallbackDetail& detail, WallTime now) {
    if (is_closed(row.state)) return {};
    // The origin watches the promise, whoever holds the task; no timer takes it back.
    if (side_of(row) == Holder::origin) {
        if (row.state == CallbackState::dialling && detail.holder == Holder::origin)
            return detail.told ? now + settings.dial_limit : std::min(row.promised_at, now + settings.dial_limit);
        if (detail.told) return {};
        return row.promised_at;
    }
    if (detail.holder == Holder::origin) return {};
    const auto opens = row.state_detail.find("opens_at");
    const WallTime from =
        opens == row.state_detail.end() ? now : std::max(now, WallTime{Millis{opens->get<std::int64_t>()}});
    switch (row.state) {
        case CallbackState::received: return now + settings.list_within;
        case CallbackState::accepted: return from > now ? from : now + settings.list_within;
        case CallbackState::assigned: return now + settings.take_within;
        case CallbackState::dialling: return now + settings.dial_limit;
        case CallbackState::offered:
        case CallbackState::done:
        case CallbackState::failed:
        case CallbackState::uncertain:
        case CallbackState::returned:
        case CallbackState::withdrawn:
        case CallbackState::escalated: return {};
    }
    return {};
}

}  // namespace citybridge::relay
