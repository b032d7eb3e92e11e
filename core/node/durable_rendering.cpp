// Messages to people are filled in on their way to the connector; what the
// templates of flows say stands in no row, and what a person wrote in its own alone (P10).
#include "core/desk/render.h"
#include "core/desk/verification.h"
#include "core/desk/written_messages.h"
#include "core/node/durable_strand.h"
#include "core/node/report_mail.h"

namespace citybridge {

// With what is known when it is sent: who answers for something may be another by then.
Result<std::string> DurableStrand::rendered(store::Store& rows, const OutboxRecord& message) const {
    if (message.kind == desk::kCodeMessage) return rendered_code(rows, message);
    if (message.kind == desk::kWrittenMessage) return unless_blocked(rendered_written(rows, message));
    if (is_report_mail(message)) {
        const desk::Calendar& calendar = desk_.calendars()->city();
        return render_report_mail(desk_.book(), desk_.city(), calendar.local_day(system_now().wall), message);
    }
    Wanted wanted;
    wanted.orders.push_back(message.order);
    auto found = rows.load(wanted);
    if (!found) return found.error();
    if (found->orders.empty()) return Error{"order.unknown", "order " + message.order + " is not in the store"};
    const OrderRecord& order = found->orders.front();
    Wanted person;
    if (!order.customer.empty()) person.customers.push_back(order.customer);
    const auto customer = rows.load(person);
    if (!customer) return customer.error();
    const CustomerRecord* row = customer->customers.empty() ? nullptr : &customer->customers.front();
    return unless_blocked(desk::render(desk_.book(), desk_.city(), *desk_.calendars(), message, order, row,
                                       found->deadlines, system_now().wall));
}

// Put on the blacklist while the message waited.
Result<std::string> DurableStrand::unless_blocked(Result<std::string> text) const {
    if (!text) return text;
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (people_.blocked(json.value("to", std::string()), json.value("channel", std::string())) != nullptr)
        return Error{"tell.blocked", "nobody writes to who is meant any more: he is on the blacklist"};
    return text;
}

// The code is made here, on its way to the connector, and kept by nobody.
Result<std::string> DurableStrand::rendered_code(store::Store& rows, const OutboxRecord& message) const {
    Wanted wanted;
    wanted.verification.verifications.push_back(desk::verification_of(message));
    const auto found = rows.load(wanted);
    if (!found) return found.error();
    const auto& list = found->verification.verifications;
    return desk::render_code(desk_.book(), desk_.verification(), message, list.empty() ? nullptr : &list.front(),
                             system_now().wall);
}

Result<std::string> DurableStrand::rendered_written(store::Store& rows, const OutboxRecord& message) {
    Wanted wanted;
    wanted.written.messages.push_back(desk::written_of(message));
    const auto found = rows.load(wanted);
    if (!found) return found.error();
    const WrittenMessageRecord* row = found->written.messages.empty() ? nullptr : &found->written.messages.front();
    Wanted person;
    if (row != nullptr) person.customers.push_back(row->customer);
    const auto customer = rows.load(person);
    if (!customer) return customer.error();
    return desk::render_written(message, row, customer->customers.empty() ? nullptr : &customer->customers.front());
}

}  // namespace citybridge
