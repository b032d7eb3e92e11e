#pragma once
// The desk decides what a request does to customers and work orders. Pure: it
// sees rows through a View, is told the time, and returns row changes, events
// and the answer; whoever runs it writes them in one commit or not at all.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/api/events.h"
#include "core/api/result.h"
#include "core/desk/calendars.h"
#include "core/desk/centre.h"
#include "core/desk/cities.h"
#include "core/desk/flow_book.h"
#include "core/desk/requests.h"
#include "core/desk/script_words.h"

namespace citybridge::desk {

// Rows as they are now, earlier requests of the same batch included. Pointers
// are valid until the next apply(); null: no such row.
class View {
public:
    virtual const OrderRecord* order(const std::string& id) const = 0;
    virtual const OrderRecord* order_by_external(const std::string& system, const std::string& id) const = 0;
    virtual std::vector<DeadlineRecord> open_deadlines(const std::string& order) const = 0;
    virtual const CustomerRecord* customer(const std::string& id) const = 0;
    virtual const CustomerRecord* customer_by_number(const std::string& e164) const = 0;
    virtual bool inbox_has(const std::string& source, const std::string& id) const = 0;
    virtual const PaperRecord* paper(const std::string& id) const = 0;
    virtual const MarkRecord* mark(const std::string& about, const std::string& user,
                                   const std::string& what) const = 0;
    virtual const DispositionRecord* disposition(const std::string& contact) const = 0;
    // Of Wanted::of_customer, those of this batch included; the newest first.
    virtual std::vector<const OrderRecord*> orders_of(const OrdersOf& /*what*/) const { return {}; }
    // Of Wanted::turns: the first that is still in this state; null: none is.
    virtual const OrderRecord* first_in_turn(const TurnOf& /*what*/) const { return nullptr; }
    // Of Wanted::people: everybody, how many open orders he has, and whether he is signed in at a telephone.
    virtual std::vector<const UserRecord*> people() const { return {}; }
    virtual std::int64_t open_orders(const std::string& /*user*/) const { return 0; }
    virtual bool signed_in(const UserRecord& /*user*/) const { return false; }
    virtual bool has_skill(const UserRecord& /*user*/, const std::string& /*skill*/) const { return false; }
    virtual const CommandRecord* command(const std::string& /*id*/) const { return nullptr; }
    virtual const CallbackRecord* callback(const std::string& /*id*/) const { return nullptr; }
    virtual const CityRecord* city(const std::string& /*id*/) const { return nullptr; }
    // Of CallbackWanted::open_of, those of this batch included; the oldest first.
    virtual std::vector<const CallbackRecord*> open_callbacks(const std::string& /*city*/) const { return {}; }
    // Of CallbackWanted::ended_of, and those of this batch.
    virtual std::vector<const CallbackRecord*> ended_callbacks(const std::string& /*city*/) const { return {}; }
    // Of CallbackWanted::assigned.
    virtual std::int64_t assigned_callbacks(const std::string& /*user*/) const { return 0; }
    virtual const AttachmentRecord* attachment(const std::string& /*id*/) const { return nullptr; }
    virtual const OutgoingListRecord* outgoing_list(const std::string& /*id*/) const { return nullptr; }
    virtual const OutgoingEntryRecord* outgoing_entry(const std::string& /*id*/) const { return nullptr; }
    // Entries of the list that are waiting or taken and were asked for, by next_at and line.
    virtual std::vector<OutgoingEntryRecord> outgoing_next(const std::string& /*list*/) const { return {}; }
    virtual const VerificationRecord* verification(const std::string& /*id*/) const { return nullptr; }
    virtual const VerificationBudgetRecord* verification_budget(const std::string& /*number*/,
                                                                const std::string& /*purpose*/) const {
        return nullptr;
    }
    virtual const BlockedAddressRecord* blocked(const std::string& /*address*/, const std::string& /*channel*/) const {
        return nullptr;
    }
    virtual const WrittenMessageRecord* written_message(const std::string& /*id*/) const { return nullptr; }
    virtual const MessageBudgetRecord* message_budget(const std::string& /*of*/) const { return nullptr; }
    virtual const OutboxRecord* outbox(const std::string& /*id*/) const { return nullptr; }
    // The message that the far side knows by this number.
    virtual const OutboxRecord* outbox_by_far(const std::string& /*destination*/, const std::string& /*id*/) const {
        return nullptr;
    }

protected:
    ~View() = default;
};

// The answer to who asked: an HTTP status, its JSON, and where the new thing is.
struct Reply {
    int status = 200;
    std::string location;
    std::string body;
};

struct Decision {
    Changes changes;
    std::vector<Event> events;  // published after the commit
    Reply reply;
};

// Who wants events as messages: a webhook instance and its patterns ("order.*", "contact.ended", "*").
struct Subscriber {
    std::string destination;
    std::vector<std::string> events;
};
bool wants(const Subscriber& subscriber, std::string_view event_type);

struct DeskSettings {
    std::string city;
    std::vector<Subscriber> subscribers;
    std::map<std::string, const WorkOrderRules*> rules;  // by kind of order; they outlive the desk
    CitySet cities{};
    std::shared_ptr<const CentreBox> centre = std::make_shared<const CentreBox>();
    // What of the flows' words to say is shown; whoever runs the desk keeps it.
    std::shared_ptr<ScriptBox> scripts = std::make_shared<ScriptBox>();
    const VerificationRules* verification = nullptr;  // outlives the desk; null: callers are not verified here
};

class Desk {
public:
    Desk(DeskSettings settings, FlowSet flows, Calendars calendars);
    Desk(DeskSettings settings, FlowBook book, Calendars calendars);

    // Rows this request needs to see.
    Wanted needs(const Request& request) const;
    // What shows only once those are in the view: the order's customer, for the message to the ERP. Load it too before
    // apply(); usually empty, because he is in the view already or nothing is sent. A report of a message names that,
    // and so its order, only in a second round: ask once more when those are loaded.
    Wanted needs_next(const View& view, const Request& request) const;
    // Precondition: the view holds what needs() and needs_next() named. Error codes: order.unknown, order.bad_fields,
    // order.action_not_possible, order.not_its_turn, order.changed_meanwhile, flow.unknown, auth.forbidden,
    // customer.unknown, customer.number_taken, customer.changed_meanwhile, hook.not_understood.
    Result<Decision> apply(const View& view, const Request& request, Now now) const;

    // Any thread; valid as long as the desk.
    const FlowSet& flows() const { return box_->get().flows; }
    const FlowBook& book() const { return box_->get(); }
    const std::string& city() const { return settings_.city; }
    const VerificationRules* verification() const { return settings_.verification; }  // null: there are none
    const CitySet& cities() const { return settings_.cities; }
    // Actions that are possible for him, the generic ones included; none of an order he does not see.
    std::vector<std::string> actions_now(const OrderRecord& order, const Actor& actor, WallTime now) const;
    // One thread's: the next step works by this book.
    void set_book(FlowBook book) const { box_->put(std::move(book)); }
    // Any thread; a step that is being decided keeps those it took.
    std::shared_ptr<const Calendars> calendars() const { return calendars_->get(); }
    void set_calendars(Calendars calendars) const { calendars_->put(std::move(calendars)); }
    std::shared_ptr<const Scripts> scripts() const { return settings_.scripts->get(); }
    void set_scripts(Scripts scripts) const { settings_.scripts->put(std::move(scripts)); }
    std::shared_ptr<const Centre> centre() const { return settings_.centre->get(); }

private:
    DeskSettings settings_;
    std::shared_ptr<FlowBox> box_;
    std::shared_ptr<CalendarBox> calendars_;
};

}  // namespace citybridge::desk
