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
#include "core/desk/calendar.h"
#include "core/desk/flow.h"
#include "core/desk/requests.h"

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
};

class Desk {
public:
    Desk(DeskSettings settings, FlowSet flows, Calendar calendar);

    // Rows this request needs to see.
    Wanted needs(const Request& request) const;
    // What shows only once those are in the view: the order's customer, for the message to the ERP. Load it too before
    // apply(); usually empty, because he is in the view already or nothing is sent.
    Wanted needs_next(const View& view, const Request& request) const;
    // Precondition: the view holds what needs() and needs_next() named. Error codes: order.unknown, order.bad_fields,
    // order.action_not_possible, order.changed_meanwhile, flow.unknown, auth.forbidden, customer.unknown,
    // customer.number_taken, customer.changed_meanwhile, hook.not_understood.
    Result<Decision> apply(const View& view, const Request& request, Now now) const;

    const FlowSet& flows() const { return flows_; }

private:
    DeskSettings settings_;
    FlowSet flows_;
    Calendar calendar_;
};

}  // namespace citybridge::desk
