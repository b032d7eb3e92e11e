#pragma once
// A caller proves who he is by a code to the number on file (B4): the rules plugin decides, the desk finds the number,
// puts the message into the outbox in the same commit, and writes down what happened. docs/verification.md.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/desk/context.h"

namespace citybridge::desk {

// Kind of the message with a code. Its payload names the verification; what it says is made when it is sent.
inline constexpr const char* kCodeMessage = "verification_code";

// verification.cpp. Codes: verification.not_configured, verification.no_channel, verification.no_number,
// verification.unknown, verification.other_customer, those of the rules, customer.unknown, order.unknown.
Result<Decision> start_verification(const Context& context, const StartVerification& what);
Result<Decision> step_verification(const Context& context, const StepVerification& what);
// Of a verification by itself or as part of an order's step: rows, event and message of it.
void put_verification(const Context& context, const VerificationRecord& row, const std::string& word,
                      Decision& decision);

// verification_view.cpp
// Mobiles on file, the preferred one first: only they get a code.
std::vector<std::string> numbers_for_code(const CustomerRecord& customer);
std::string masked_number(const std::string& number);  // "+86138****0001"
// For people: without nonce, with the number masked. `full`: with what only team leads and above see.
nlohmann::ordered_json verification_json(const VerificationRecord& row, WallTime now, bool full = false);
// What the agent says now; the same whatever was wrong with a code. Empty: nothing.
std::string_view words_to_say(const std::string& answer);

// verification_needs.cpp: what shows once the verification or the customer is in the view.
void needs_of_verification(const DeskSettings& settings, const View& view, const Request& request, Wanted& out);

// verification_ends.cpp
// Of a message: its verification's id; empty: it carries no code.
std::string verification_of(const OutboxRecord& message);
// Whether what is heard of this message is what became of the code: the last message tells it, and an older one only
// that the code has arrived, because it is the same.
bool tells_delivery(const VerificationRecord& row, const OutboxRecord& message, const std::string& delivery);
// What became of a message with a code, besides what the order's history says.
void code_message_ended(const Context& context, const OutboxRecord& message, Decision& decision);
// What the connector gets (core/desk/render.h). Code "verification.expired": it is sent no more.
Result<std::string> render_code(const FlowBook& book, const VerificationRules* rules, const OutboxRecord& message,
                                const VerificationRecord* verification, WallTime now);

}  // namespace citybridge::desk
