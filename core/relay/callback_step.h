#pragma once
// One change of one callback: the new row, one history row for each thing that
// happened, at most one message for the other city, one event.
#include "core/relay/callback.h"

namespace citybridge::relay {

// Events that whoever promised it to the customer hears, besides its end.
inline constexpr const char* kUndelivered = "undelivered";  // what it tells the other city will not arrive
inline constexpr const char* kMoved = "moved";              // the other city is closed: it calls later than he was told

class CallbackChange {
public:
    // `before` of a new task: side, origin and target filled in, revision 0. A row of an earlier life of the store
    // becomes uncertain first: what this side did with it since the backup is not known.
    CallbackChange(const CallbackSettings& settings, const CityRecord* far, CallbackRecord before, Now now);

    CallbackRecord row;
    CallbackDetail detail;

    // Possible for this side now.
    bool can(CallbackStep step) const;
    // Precondition: can(step).
    void take(CallbackStep step);
    // The holder's state, as the other side tells it.
    void mirror(CallbackState state);

    // What happened; `from` is the state before it.
    Fields& note(const std::string& actor, const std::string& action, const std::string& text = {});
    // Adds to what was noted last; nothing if nothing was.
    void mark_last(const char* name, const std::string& value) {
        if (!history_.empty()) history_.back().detail[name] = value;
    }
    // What was noted last happened then.
    void mark_last_at(WallTime when) {
        if (!history_.empty()) history_.back().at = when;
    }
    // The other side is to know; all its messages carry the whole view.
    void tell() { tell_ = true; }
    void touch() { changed_ = true; }    // to be written in any case
    void ask() { ask_ = tell_ = true; }  // and to answer
    // This city opens again after so long; the origin moves its promise.
    void moved(Millis until_open) {
        moved_ = until_open;
        tell_ = true;
    }
    void event(const std::string& type) { event_ = type; }
    // Numbers this side's next message and gives its task part; for exchanges.
    Fields next_message();

    // Into `out`: nothing if nothing happened.
    void finish(CallbackDecision& out);
    std::int64_t far_generation() const;  // of the other city's store, as known now
    std::int64_t own_generation() const { return generation_; }
    bool holds() const { return detail.holder == side_of(row); }

private:
    bool ends() const;
    void settle_times();
    OutboxRecord message();

    const CallbackSettings& settings_;
    const CityRecord* far_;
    const std::int64_t generation_;  // of this store, as the other city is told
    Now now_;
    CallbackState noted_;  // the state the history told last
    std::vector<CallbackHistoryRecord> history_;
    bool tell_ = false;
    bool ask_ = false;
    bool changed_ = false;
    std::optional<Millis> moved_;
    std::string event_;
};

// When somebody of this side must look at it again.
std::optional<WallTime> next_look(const CallbackSettings& settings, const CallbackRecord& row,
                                  const CallbackDetail& detail, WallTime now);

// Everything one input works with.
struct CallbackContext {
    const CallbackSettings& settings;
    const CallbackView& view;
    const CallbackInput& input;
    Now now;
    const CityRecord* sender = nullptr;  // of a message: its city's row with what the message taught

    const CityRecord* city_row(const std::string& id) const {
        return sender != nullptr && sender->city == id ? sender : view.city(id);
    }
    CallbackChange change(const CallbackRecord& row) const { return {settings, city_row(far_city(row)), row, now}; }
    const FarCity* city(const std::string& id) const {
        const auto found = settings.cities.find(id);
        return found == settings.cities.end() ? nullptr : &found->second;
    }
};

Result<CallbackDecision> offer_callback(const CallbackContext& context, const OfferCallback& what);
Result<CallbackDecision> act_on_callback(const CallbackContext& context, const ActOnCallback& what);
Result<CallbackDecision> dial_ended(const CallbackContext& context, const CallbackDialEnded& what);
Result<CallbackDecision> callback_due(const CallbackContext& context, const CallbackDue& what);
Result<CallbackDecision> take_city_message(const CallbackContext& context, const TakeCityMessage& what);
Result<CallbackDecision> greet_city(const CallbackContext& context, const GreetCity& what);
Result<CallbackDecision> message_lost(const CallbackContext& context, const CityMessageLost& what);

// callback_assign.cpp: into the target's list, and to one of its people.
void take_into_list(const CallbackContext& context, CallbackChange& change);
void assign_next(const CallbackContext& context, CallbackChange& change);

}  // namespace citybridge::relay
