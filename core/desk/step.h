#pragma once
// One step of one order: its new row, its one history row, deadlines, messages
// and event, gathered and made into a Decision. A step that is not finished
// leaves nothing.
#include "core/desk/context.h"

namespace citybridge::desk {

class Step {
public:
    // `before`: the row as it is; for a new order the row to be, with revision and history_n 0.
    Step(const Context& context, const Flow& flow, OrderRecord before, std::vector<DeadlineRecord> open);

    OrderRecord& order() { return order_; }
    HistoryRecord& history() { return history_; }  // number, time, actor and from_state are filled
    Changes& changes() { return decision_.changes; }

    // Empty: stays. Closing ends every open deadline but those of messages on their way and what hangs on them.
    void move_to(const std::string& state);
    void set_follow_up(const FollowUpDef& follow_up);
    // A new open one. Precondition: none of this name was set in this step.
    void set_deadline(const std::string& name, const std::string& kind, const Term& term);
    // The same at a moment that stays whatever the calendar says.
    void set_fixed(const std::string& name, const std::string& kind, WallTime due_at);
    // When the open one of this name is due.
    std::optional<WallTime> due_of(const std::string& name) const;
    void settle(const std::string& name, DeadlineState state);
    // An open deadline of this name and number becomes this row (P8).
    void correct(const DeadlineRecord& deadline);
    void settle_one(const DeadlineRecord& deadline, DeadlineState state);
    // What the flow sends to the ERPs on these triggers, the first that matches per ERP. Not to `except`: who told us.
    Result<> send(const std::vector<std::string>& triggers, const CustomerRecord* customer, const std::string& text,
                  const ErpDef* except = nullptr);
    // A message of the engine's, number `k` of this step; its id.
    // Not sent before `not_before`, if that is given.
    std::string put_message_of(const std::string& destination, const std::string& kind, std::string payload, int k,
                               std::optional<WallTime> not_before = {});
    // They hear of this step's event, besides the owner.
    void tell_user(const std::string& user);
    void tell_group(const std::string& group);
    // The ERP's number, unless another order has it: then the history says so.
    void take_external(const std::string& system, const std::string& id);
    // Ends the step. `quiet_to`: a subscriber that is not told.
    Decision finish(OrderChanged::What what, int status, const std::string& quiet_to = {});

    bool closes() const { return flow_.is_closed(order_.state) && !was_closed_; }
    bool reopens() const { return was_closed_ && !flow_.is_closed(order_.state); }

private:
    void keep_watched();
    void put_deadline(DeadlineRecord row);
    void put_message(const std::string& destination, const std::string& kind, std::string payload, bool event);
    void tell_subscribers(std::string_view type, const std::string& order_json, const std::string& quiet_to);

    const Context& context_;
    const Flow& flow_;
    OrderRecord order_;
    HistoryRecord history_;
    std::vector<DeadlineRecord> open_;
    Decision decision_;
    bool was_closed_;
    bool history_text_hidden_ = false;  // from subscribers, of a private matter
    std::vector<std::string> told_;
    std::vector<std::string> told_groups_;
};

}  // namespace citybridge::desk
