#include "core/desk/desk.h"

#include "core/desk/city_messages.h"
#include "core/desk/context.h"
#include "core/desk/customer_steps.h"
#include "core/desk/engine_needs.h"
#include "core/desk/message_reports.h"
#include "core/desk/order_access.h"
#include "core/desk/order_summary.h"
#include "core/desk/paper.h"
#include "core/desk/scripts.h"
#include "core/desk/transfers.h"
#include "core/desk/verification.h"
#include "core/desk/written_messages.h"

namespace citybridge::desk {
namespace {

struct Needs {
    const DeskSettings& settings;
    const FlowSet& flows;
    const Actor& actor;
    Wanted out{};

    void operator()(const OpenOrder& what) {
        if (!what.customer.empty())
            out.customers.push_back(what.customer);
        else if (!what.number.empty())
            out.numbers.push_back(what.number);
        needs_to_open(flows, what, out);
    }
    void operator()(const OpenRecurring& what) {
        out.orders.push_back(recurring_order_id(what.kind, what.name, what.occurrence));
        OpenOrder open;
        open.kind = what.kind;
        needs_to_open(flows, open, out);
    }
    void operator()(const ActOnOrder& what) { out.orders.push_back(what.order); }
    void operator()(const WatchOrder& what) { out.orders.push_back(what.order); }
    void operator()(const MigrateOrder& what) { out.orders.push_back(what.order); }
    void operator()(const IndexOrder& what) { out.orders.push_back(what.order); }
    void operator()(const AddNote& what) { out.orders.push_back(what.order); }
    void operator()(const SaveCustomer& what) {
        if (!what.id.empty()) out.customers.push_back(what.id);
        if (what.numbers) out.numbers = *what.numbers;
        if (settings.verification != nullptr)
            for (const std::string& number : out.numbers) out.verification.budgets.emplace_back(number, "");
    }
    void operator()(const EraseCustomer& what) {
        out.customers.push_back(what.id);
        out.orders = what.orders;
    }
    void operator()(const DeadlineReached& what) {
        (is_paper(what.order) ? out.papers.ids : out.orders).push_back(what.order);
    }
    void operator()(const CorrectDeadlines& what) {
        (is_paper(what.order) ? out.papers.ids : out.orders).push_back(what.order);
    }
    void operator()(const OverrideCalendar&) {}
    void operator()(const StartVerification& what) {
        out.customers.push_back(what.customer);
        if (!what.order.empty()) out.orders.push_back(what.order);
    }
    void operator()(const WriteMessage& what) {
        out.written.budgets.push_back(budget_of_user(actor.user));
        if (!what.order.empty()) return out.orders.push_back(what.order);
        out.customers.push_back(what.customer);
        out.written.budgets.push_back(budget_of_customer(what.customer));
    }
    void operator()(const StepVerification& what) { out.verification.verifications.push_back(what.id); }
    void operator()(const AssignOrder& what) { out.orders.push_back(what.order); }
    void operator()(const MergeCustomers& what) {
        out.customers = {what.into, what.from};
        out.written.budgets = {budget_of_customer(what.into), budget_of_customer(what.from)};
    }
    void operator()(const AddAttachment& what) { out.orders.push_back(what.order); }
    void operator()(const RemoveAttachment& what) {
        out.orders.push_back(what.order);
        out.desk.attachments.push_back(what.id);
    }
    void operator()(const OpenOutgoingList&) {}
    void operator()(const AddEntries& what) {
        out.desk.outgoing_lists.push_back(what.list);
        for (const OutgoingEntryRecord& row : what.rows) out.desk.outgoing_entries.push_back(entry_id(what.list, row));
    }
    void operator()(const CloseOutgoingList& what) { out.desk.outgoing_lists.push_back(what.list); }
    void operator()(const TakeEntry& what) {
        out.desk.outgoing_lists.push_back(what.list);
        out.desk.outgoing_next.push_back(what.list);
    }
    void operator()(const FinishEntry& what) { entry(what.entry); }
    void operator()(const ReleaseEntry& what) { entry(what.entry); }
    void entry(const std::string& id) {
        out.desk.outgoing_entries.push_back(id);
        out.desk.outgoing_lists.push_back(list_of_entry(id));
    }
    void operator()(const ActOnPaper& what) { need_papers(what, actor, out.papers); }
    void operator()(const ProposeScript& what) { out.papers.ids.push_back(script_id(what.kind, what.on)); }
    void operator()(const SetDisposition& what) { out.papers.dispositions.push_back(what.contact); }
    void operator()(const DeliveryEnded& what) {
        if (const std::string id = verification_of(what.row); !id.empty()) out.verification.verifications.push_back(id);
        if (const std::string id = written_of(what.row); !id.empty()) out.written.messages.push_back(id);
        if (const auto lost = city_message_lost(what.row)) return callback(*lost);
        if (is_lost_transfer_message(what.row)) out.commands.push_back(what.row.key);
        if (what.row.order.empty()) return;
        out.orders.push_back(what.row.order);
        if (!what.row.external_id.empty()) out.external.emplace_back(what.row.destination, what.row.external_id);
    }
    void operator()(const StepCallback& what) { callback(what.what); }
    void operator()(const TransferToCity& what) { out.callback.cities.push_back(what.city); }
    void operator()(const StepTransfer& what) { out.commands.push_back(what.id); }
    void callback(const decltype(relay::CallbackInput::what)& what) {
        out.callback = relay::callback_needs({{}, what});
        out.people = out.callback.assigned;
        if (const auto* message = std::get_if<relay::TakeCityMessage>(&what))
            out.inbox.emplace_back(message->message.source, message->message.id);
    }
    void operator()(const TakeInbound& what) {
        if (what.message.type == "city_message") return callback(relay::TakeCityMessage{what.message});
        if (is_transfer_message(what.message)) return needs_of_transfer(what.message, out);
        out.inbox.emplace_back(what.message.source, what.message.id);
        if (is_report(what.message)) return needs_of_report(what.message, out);
        for (const WorkOrderRules* rules : distinct_rules(settings)) {
            const auto verdict = guarded([&] { return rules->inbound(what.message); });
            if (!verdict) continue;
            if (!verdict->order.empty()) out.orders.push_back(verdict->order);
            if (verdict->external_id.empty()) continue;
            for (const std::string& system : systems_of(flows, what.message.source))
                out.external.emplace_back(system, verdict->external_id);
        }
    }
};

// What may be done is asked of the order alone.
struct NoRows final : View {
    const OrderRecord* order(const std::string&) const override { return nullptr; }
    const OrderRecord* order_by_external(const std::string&, const std::string&) const override { return nullptr; }
    std::vector<DeadlineRecord> open_deadlines(const std::string&) const override { return {}; }
    const CustomerRecord* customer(const std::string&) const override { return nullptr; }
    const CustomerRecord* customer_by_number(const std::string&) const override { return nullptr; }
    bool inbox_has(const std::string&, const std::string&) const override { return false; }
    const PaperRecord* paper(const std::string&) const override { return nullptr; }
    const MarkRecord* mark(const std::string&, const std::string&, const std::string&) const override {
        return nullptr;
    }
    const DispositionRecord* disposition(const std::string&) const override { return nullptr; }
};

struct Apply {
    const Context& context;

    Result<Decision> operator()(const OpenOrder& what) const { return open_order(context, what); }
    Result<Decision> operator()(const OpenRecurring& what) const { return open_recurring(context, what); }
    Result<Decision> operator()(const ActOnOrder& what) const { return act_on_order(context, what); }
    Result<Decision> operator()(const AddNote& what) const { return add_note(context, what); }
    Result<Decision> operator()(const SaveCustomer& what) const { return save_customer(context, what); }
    Result<Decision> operator()(const EraseCustomer& what) const { return erase_customer(context, what); }
    Result<Decision> operator()(const StepCallback& what) const { return step_callback(context, what.what); }
    Result<Decision> operator()(const TransferToCity& what) const { return transfer_to_city(context, what); }
    Result<Decision> operator()(const StepTransfer& what) const { return step_transfer(context, what); }
    Result<Decision> operator()(const TakeInbound& what) const {
        if (is_transfer_message(what.message)) return take_transfer(context, what.message);
        if (what.message.type == "city_message") return step_callback(context, relay::TakeCityMessage{what.message});
        return take_inbound(context, what);
    }
    Result<Decision> operator()(const DeadlineReached& what) const {
        return is_paper(what.order) ? paper_overdue(context, what) : deadline_reached(context, what);
    }
    Result<Decision> operator()(const ActOnPaper& what) const { return act_on_paper(context, what); }
    Result<Decision> operator()(const ProposeScript& what) const { return propose_script(context, what); }
    Result<Decision> operator()(const SetDisposition& what) const { return set_disposition(context, what); }
    Result<Decision> operator()(const DeliveryEnded& what) const { return delivery_ended(context, what); }
    Result<Decision> operator()(const CorrectDeadlines& what) const {
        return is_paper(what.order) ? correct_paper(context, what.order) : correct_deadlines(context, what);
    }
    Result<Decision> operator()(const WatchOrder& what) const { return watch_order(context, what); }
    Result<Decision> operator()(const MigrateOrder& what) const { return migrate_order(context, what); }
    Result<Decision> operator()(const IndexOrder& what) const { return index_order(context, what); }
    Result<Decision> operator()(const OverrideCalendar& what) const { return override_calendar(context, what); }
    Result<Decision> operator()(const AssignOrder& what) const { return assign_order(context, what); }
    Result<Decision> operator()(const MergeCustomers& what) const { return merge_customers(context, what); }
    Result<Decision> operator()(const AddAttachment& what) const { return add_attachment(context, what); }
    Result<Decision> operator()(const RemoveAttachment& what) const { return remove_attachment(context, what); }
    Result<Decision> operator()(const OpenOutgoingList& what) const { return open_outgoing_list(context, what); }
    Result<Decision> operator()(const AddEntries& what) const { return add_entries(context, what); }
    Result<Decision> operator()(const CloseOutgoingList& what) const { return close_outgoing_list(context, what); }
    Result<Decision> operator()(const StartVerification& what) const { return start_verification(context, what); }
    Result<Decision> operator()(const StepVerification& what) const { return step_verification(context, what); }
    Result<Decision> operator()(const WriteMessage& what) const { return write_message(context, what); }
    Result<Decision> operator()(const TakeEntry& what) const { return take_entry(context, what); }
    Result<Decision> operator()(const FinishEntry& what) const { return finish_entry(context, what); }
    Result<Decision> operator()(const ReleaseEntry& what) const { return release_entry(context, what); }
};

}  // namespace

bool wants(const Subscriber& subscriber, std::string_view event_type) {
    for (const std::string& pattern : subscriber.events) {
        if (pattern == "*" || pattern == event_type) return true;
        // "order.*": everything behind the point, and the point itself.
        if (pattern.ends_with(".*") && event_type.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1)))
            return true;
    }
    return false;
}

Desk::Desk(DeskSettings settings, FlowSet flows, Calendars calendars)
    : Desk(std::move(settings), FlowBook{std::move(flows), {}, {}}, std::move(calendars)) {}

Desk::Desk(DeskSettings settings, FlowBook book, Calendars calendars)
    : settings_(std::move(settings)),
      box_(std::make_shared<FlowBox>(std::move(book))),
      calendars_(std::make_shared<CalendarBox>(std::move(calendars))) {
    set_scripts(approved_in_files(flows()));
}

Wanted Desk::needs(const Request& request) const {
    Needs needs{settings_, flows(), request.actor};
    std::visit(needs, request.what);
    return std::move(needs.out);
}

Wanted Desk::needs_next(const View& view, const Request& request) const {
    Wanted out;
    const bool timer =
        std::holds_alternative<DeliveryEnded>(request.what) || std::holds_alternative<DeadlineReached>(request.what);
    const Wanted first = needs(request);
    if (const auto* open = std::get_if<OpenOrder>(&request.what)) needs_of_caller(flows(), *open, view, out);
    const auto add = [&](const OrderRecord* order) {
        if (order != nullptr) needs_of_order(flows(), *order, timer, view, out);
    };
    // Whoever wants no such calls is passed over.
    for (const std::string& list : first.desk.outgoing_next)
        for (const OutgoingEntryRecord& entry : view.outgoing_next(list)) out.numbers.push_back(entry.number);
    const auto add_shared = [&](CallbackWanted more) {
        out.callback.open_of = std::move(more.open_of);
        out.callback.ended_of = std::move(more.ended_of);
    };
    // The other city's own row, and who has the number.
    for (const std::string& id : first.callback.callbacks)
        if (const CallbackRecord* row = view.callback(id); row != nullptr) {
            out.callback.cities.push_back(relay::far_city(*row));
            if (row->customer.empty() && !row->number.empty()) out.numbers.push_back(row->number);
        }
    if (const auto* taken = std::get_if<TakeInbound>(&request.what);
        taken != nullptr && taken->message.type == "city_message") {
        const std::string sender = first.callback.cities.empty() ? std::string() : first.callback.cities.front();
        add_shared(relay::callback_needs_next(settings_.cities.callbacks, relay::TakeCityMessage{taken->message},
                                              view.city(sender)));
    }
    if (const auto* step = std::get_if<StepCallback>(&request.what))
        if (const auto* greets = std::get_if<relay::GreetCity>(&step->what))
            add_shared(relay::callback_needs_next(settings_.cities.callbacks, *greets, view.city(greets->city)));
    // One who is somebody else's second entry redirects to him.
    for (const std::string& id : first.customers)
        if (const CustomerRecord* row = view.customer(id); row != nullptr && !row->merged_into.empty())
            out.customers.push_back(row->merged_into);
    for (const std::string& id : first.orders) add(view.order(id));
    if (const auto* act = std::get_if<ActOnOrder>(&request.what)) needs_of_turn(flows(), *act, view, out);
    for (const auto& [system, id] : first.external) add(view.order_by_external(system, id));
    needs_of_verification(settings_, view, request, out);
    needs_of_written(view, request, out);
    if (const auto* taken = std::get_if<TakeInbound>(&request.what))
        needs_of_message(flows(), taken->message, view, out);
    return out;
}

Result<Decision> Desk::apply(const View& view, const Request& request, Now now) const {
    const auto calendars = calendars_->get();
    const FlowBook& book = box_->get();
    const Context context{settings_, book, book.flows, calendars->city(), *calendars, view, request, now};
    auto decision = std::visit(Apply{context}, request.what);
    if (decision) keep_names(view, decision->changes);
    return decision;
}

std::vector<std::string> Desk::actions_now(const OrderRecord& order, const Actor& actor, WallTime now) const {
    const Flow* flow = flows().of(order);
    if (flow == nullptr) return {};
    static const NoRows kNone;
    const auto calendars = calendars_->get();
    const Request request{{}, actor, AddNote{}};
    const FlowBook& book = box_->get();
    const Context context{settings_, book, book.flows, calendars->city(), *calendars, kNone, request, {now, {}}};
    return desk::actions_now(context, *flow, order);
}

}  // namespace citybridge::desk
