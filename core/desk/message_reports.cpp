#include "core/desk/message_reports.h"

#include "core/desk/engine.h"
#include "core/desk/engine_needs.h"
#include "core/desk/order_access.h"
#include "core/desk/verification.h"
#include "core/desk/written_messages.h"

namespace citybridge::desk {
namespace {

// A report may overtake the commit that keeps the gateway's number of its message.
constexpr Millis kOvertakes{600'000};
constexpr std::size_t kLongestWord = 200;

std::string bounded(std::string text) {
    if (text.size() > kLongestWord) text.resize(kLongestWord);
    return text;
}

std::string word_in(const InboundMessage& report, const char* name) {
    const auto it = report.data.find(name);
    return it != report.data.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// What the report says of the message; empty: nothing that is final.
std::string final_state(const InboundMessage& report) {
    const std::string state = word_in(report, "state");
    if (state == "delivered") return "delivered";
    return state == "undelivered" || state == "expired" || state == "rejected" ? "undelivered" : "";
}

// What the inbox remembers of a report besides its own id, because gateways tell the same again under another one. A
// message that a person sent again is delivered anew.
std::string said_of(const OutboxRecord& about, const std::string& state) {
    return "report:" + about.id + '.' + std::to_string(about.updated_at.time_since_epoch().count()) + ':' + state;
}

void verification_reported(const Context& context, const OutboxRecord& about, const std::string& state,
                           Decision& decision) {
    const VerificationRecord* before = context.view.verification(verification_of(about));
    if (before == nullptr) return;
    VerificationRecord row = *before;
    if (!tells_delivery(row, about, state)) return;
    row.detail["delivery"] = state;
    row.detail.erase("unclear");
    ++row.revision;
    row.updated_at = context.now.wall;
    put_verification(context, row, state, decision);
}

Result<Decision> on_its_order(const Context& context, const InboundMessage& report, const OutboxRecord& about,
                              const std::string& state) {
    const OrderRecord* before = about.order.empty() ? nullptr : context.view.order(about.order);
    const Flow* flow = before == nullptr ? nullptr : context.flows.of(*before);
    if (flow == nullptr) return Decision{};
    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    step.history().actor = "erp:" + report.source;
    step.history().action = "sms_" + state;
    step.history().detail = {{"message", about.id}, {"kind", about.kind}, {"state", word_in(report, "state")}};
    if (const std::string code = word_in(report, "code"); !code.empty()) step.history().detail["code"] = bounded(code);
    if (state == "undelivered") step.history().text = bounded(word_in(report, "detail"));
    Engine engine(context, *flow, step, false);
    if (state == "undelivered") engine.message_lost(about);
    return step.finish(engine.escalated() ? OrderChanged::What::escalated : OrderChanged::What::changed, 200,
                       report.source);
}

Result<Decision> take_sms_report(const Context& context, const InboundMessage& report, const OutboxRecord& about) {
    const std::string state = final_state(report);
    const std::string said = said_of(about, state);
    if (state.empty() || context.view.inbox_has(report.source, said)) return only_noted(context, report, "noted");
    auto decision = on_its_order(context, report, about, state);
    if (!decision) return decision;
    verification_reported(context, about, state, *decision);
    written_reported(context, about, state, bounded(word_in(report, "code")), bounded(word_in(report, "detail")),
                     *decision);
    decision->changes.inbox.push_back({report.source, report.id, context.now.wall, state});
    decision->changes.inbox.push_back({report.source, said, context.now.wall, state});
    decision->reply = {200, "", R"({"status":"applied"})"};
    return decision;
}

}  // namespace

bool is_report(const InboundMessage& message) {
    return message.type == "sms.report" || message.type.starts_with("mail.");
}

void needs_of_report(const InboundMessage& message, Wanted& out) {
    if (const std::string id = word_in(message, "message"); !id.empty()) out.outbox.push_back(id);
    if (const std::string far = word_in(message, "external_id"); !far.empty())
        out.verification.outbox_by_far.emplace_back(message.source, far);
}

void needs_of_message(const FlowSet& flows, const InboundMessage& message, const View& view, Wanted& out) {
    const OutboxRecord* about = is_report(message) ? message_reported(view, message) : nullptr;
    if (about == nullptr) return;
    if (const std::string state = final_state(message); message.type == "sms.report" && !state.empty())
        out.inbox.emplace_back(message.source, said_of(*about, state));
    const OrderRecord* order = about->order.empty() ? nullptr : view.order(about->order);
    if (order != nullptr)
        needs_of_order(flows, *order, true, view, out);
    else if (!about->order.empty())
        out.orders.push_back(about->order);
    const std::string written = written_of(*about);
    if (!written.empty() && view.written_message(written) == nullptr) out.written.messages.push_back(written);
    const std::string id = verification_of(*about);
    if (!id.empty() && view.verification(id) == nullptr) out.verification.verifications.push_back(id);
    // Who is told next may be of any role.
    out.people = true;
}

const OutboxRecord* message_reported(const View& view, const InboundMessage& report) {
    const std::string id = word_in(report, "message");
    const OutboxRecord* about = id.empty() ? nullptr : view.outbox(id);
    if (about == nullptr) {
        const std::string far = word_in(report, "external_id");
        about = far.empty() ? nullptr : view.outbox_by_far(report.source, far);
    }
    // A connector speaks of the messages that it carried, and of no others.
    const bool its_own = about != nullptr &&
                         (about->destination == report.source || about->destination.starts_with(report.source + "."));
    return its_own ? about : nullptr;
}

Decision only_noted(const Context& context, const InboundMessage& report, const std::string& result) {
    Decision decision;
    decision.changes.inbox.push_back({report.source, report.id, context.now.wall, result});
    decision.reply = {200, "", R"({"status":"noted"})"};
    return decision;
}

Result<Decision> take_report(const Context& context, const InboundMessage& report) {
    const OutboxRecord* about = message_reported(context.view, report);
    // What is no answer to anything is remembered as taken, so that it is not offered again.
    if (report.type == "mail.unrelated" && about == nullptr) return only_noted(context, report, "unrelated");
    if (about == nullptr) {
        if (report.sent_at > context.now.wall - kOvertakes)
            return Error{"hook.not_yet", "no message of " + report.source +
                                             " is known under this number yet; "
                                             "offer the report again"};
        return Error{"hook.not_understood",
                     report.source + " never carried the message this " + report.type + " is about"};
    }
    if (report.type == "sms.report") return take_sms_report(context, report, *about);
    return take_mail(context, report, *about);
}

}  // namespace citybridge::desk
