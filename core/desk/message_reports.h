#pragma once
// What becomes of messages that were handed over: delivery reports of an SMS gateway, replies and bounces of e-mail
// (docs/messages.md). They come as inbound messages of the connector that carried the message, and take effect once.
#include "core/desk/context.h"

namespace citybridge::desk {

// Of types "sms.report" and "mail.*".
bool is_report(const InboundMessage& message);
// What is loaded for it: the message it is about.
void needs_of_report(const InboundMessage& message, Wanted& out);
// And what shows once that is in the view: its order, its verification; and once its order is, the order's customer,
// who may be told by another channel. Nothing of other inbound messages.
void needs_of_message(const FlowSet& flows, const InboundMessage& message, const View& view, Wanted& out);

// Precondition: not known yet. Codes "hook.not_yet" (its message is not known, but may be in a moment: offer it again),
// "hook.not_understood".
Result<Decision> take_report(const Context& context, const InboundMessage& message);

// The message it is about, carried by this very connector; null: there is none.
const OutboxRecord* message_reported(const View& view, const InboundMessage& report);
// mail_replies.cpp: on the order of `about`.
Result<Decision> take_mail(const Context& context, const InboundMessage& report, const OutboxRecord& about);

// Takes effect without changing anything but that it was taken.
Decision only_noted(const Context& context, const InboundMessage& report, const std::string& result);

}  // namespace citybridge::desk
