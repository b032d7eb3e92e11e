#include "core/desk/message_preview.h"

#include "core/desk/engine.h"
#include "core/desk/render.h"
#include "core/desk/sms_text_rules.h"

namespace citybridge::desk {

Result<MessageText> message_text(const Desk& desk, const MessageTemplate& what, const OrderRecord& order,
                                 const CustomerRecord* customer, const std::vector<DeadlineRecord>& deadlines,
                                 WallTime now) {
    const MessageRules& rules = desk.book().messages;
    if (!what.text.empty()) return MessageText{{}, signed_sms(rules, what.text)};
    if (what.name == "verification_code") return MessageText{{}, signed_sms(rules, rules.code_text)};
    // An open order stays on its version of the flow, and on that version's texts.
    const Flow* flow = order.kind.empty() ? desk.flows().find(what.kind) : desk.flows().of(order);
    if (flow == nullptr)
        return Error{"flow.unknown", "there is no flow of kind \"" + what.kind + "\"; GET /v1/flows lists them"};
    return render_texts(desk.book(), desk.city(), *desk.calendars(), *flow, what.name, "sms", order, customer,
                        deadlines, now);
}

}  // namespace citybridge::desk
