// E-mail that must be confirmed (E3): the answer that the mail's own token proves, bounces, and what is neither.
#include "core/desk/engine.h"
#include "core/desk/message_reports.h"
#include "core/desk/order_access.h"

namespace citybridge::desk {
namespace {

constexpr std::size_t kLongestReply = 8'000;

std::string text_of(const InboundMessage& report, const char* name, std::size_t most) {
    const auto it = report.data.find(name);
    std::string text = it != report.data.end() && it->is_string() ? it->get<std::string>() : std::string();
    if (text.size() <= most) return text;
    // Not in the middle of a character.
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

// RFC 3463: 5 is for good, 4 may still arrive.
bool for_good(const InboundMessage& report) { return !text_of(report, "status", 20).starts_with("4"); }

struct Effect {
    const char* action = "";
    bool told = false;  // somebody waited for it
};

Effect effect_of(const InboundMessage& report, const OutboxRecord& about, Engine& engine) {
    if (report.type == "mail.confirmed") {
        const bool waited = engine.message_confirmed(about.id, text_of(report, "from", 254));
        // A second answer is kept as what it is: something he wrote.
        return {waited ? "mail_confirmed" : "mail_reply", waited};
    }
    if (report.type == "mail.bounced" && for_good(report)) return {"mail_bounced", engine.message_lost(about)};
    // An answer to a mail that asked for none: it is no proof of anything, and what he wrote is kept.
    if (report.type == "mail.unrelated") return {"mail_reply", false};
    return {report.type == "mail.bounced" ? "mail_delayed" : "mail_auto_reply", false};
}

}  // namespace

Result<Decision> take_mail(const Context& context, const InboundMessage& report, const OutboxRecord& about) {
    if (report.type != "mail.confirmed" && report.type != "mail.bounced" && report.type != "mail.auto_reply" &&
        report.type != "mail.unrelated")
        return Error{"hook.not_understood", "no message of type " + report.type +
                                                " is known; use mail.confirmed, "
                                                "mail.bounced, mail.auto_reply or mail.unrelated"};
    const OrderRecord* before = about.order.empty() ? nullptr : context.view.order(about.order);
    const Flow* flow = before == nullptr ? nullptr : context.flows.of(*before);
    if (flow == nullptr) return only_noted(context, report, "noted");
    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    Engine engine(context, *flow, step, false);
    const Effect effect = effect_of(report, about, engine);
    step.history().actor = "erp:" + report.source;
    step.history().action = effect.action;
    step.history().text = text_of(report, "text", kLongestReply);
    step.history().detail["message"] = about.id;
    for (const char* name : {"from", "subject", "status"})
        if (std::string value = text_of(report, name, 300); !value.empty()) step.history().detail[name] = value;
    step.changes().inbox.push_back({report.source, report.id, context.now.wall, effect.action});
    const auto event = engine.escalated() ? OrderChanged::What::escalated : OrderChanged::What::noted;
    Decision decision = step.finish(event, 200, report.source);
    const char* status = effect.told ? "applied" : "noted";
    decision.reply = {200, "", Json{{"status", status}, {"order", about.order}}.dump()};
    return decision;
}

}  // namespace citybridge::desk
