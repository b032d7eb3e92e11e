#pragma once
// Messages to people are filled in when they are sent: the outbox row names the
// template and who is meant, never what is written or his number (P10).
#include "core/desk/desk.h"
#include "core/desk/message_preview.h"

namespace citybridge::desk {

inline bool is_telling(const OutboxRecord& message) { return message.kind.starts_with("tell_"); }
// So is what carries a code (core/desk/verification.h), and what a person wrote (core/desk/written_messages.h).
inline bool is_filled_in_when_sent(const OutboxRecord& message) {
    return is_telling(message) || message.kind == "verification_code" || message.kind == kWrittenMessage;
}

// The channel's own before the one for all; null: there is none of this name.
const TemplateDef* template_of(const Flow& flow, const std::string& name, const std::string& channel);

// A template's subject and text, filled in; of a short message with the signature. Code "tell.no_template".
Result<MessageText> render_texts(const FlowBook& book, const std::string& city, const Calendars& calendars,
                                 const Flow& flow, const std::string& name, const std::string& channel,
                                 const OrderRecord& order, const CustomerRecord* customer,
                                 const std::vector<DeadlineRecord>& deadlines, WallTime now);

// What the connector gets: {"channel", "to", "name", "subject", "text", "order", "kind"[, "confirm"]}; confirm: true
// (the receiver's reply is waited for) or "if_possible" (it may also come otherwise). Codes "tell.no_template",
// "tell.no_address": who was meant cannot be written to any more.
Result<std::string> render(const FlowBook& book, const std::string& city, const Calendars& calendars,
                           const OutboxRecord& message, const OrderRecord& order, const CustomerRecord* customer,
                           const std::vector<DeadlineRecord>& deadlines, WallTime now);

}  // namespace citybridge::desk
