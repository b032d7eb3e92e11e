#pragma once
// Delivery receipts: what deliver_sm says of a message sent before. Sources:
// SMPP 3.4, appendix B (the text), 5.3.2.12 and 5.3.2.35 (optional parameters),
// 5.2.28 (message states).
#include <optional>
#include <string>
#include <string_view>

#include "plugins/sms_smpp/bodies.h"

namespace citybridge::sms_smpp {

// How the id of submit_sm_resp and the id in a receipt's text belong together.
enum class ReceiptIds {
    same,         // the same text
    decimal,      // submit_sm_resp is hexadecimal, the receipt decimal
    hexadecimal,  // submit_sm_resp is decimal, the receipt hexadecimal
};

struct Receipt {
    std::string id;       // as submitted_id() writes it
    std::string state;    // "delivered", "undelivered", "expired", "rejected", "accepted", "unknown"
    std::string word;     // the centre's: "DELIVRD"; of optional parameters alone its number
    std::string error;    // the network's code, if told
    std::string done_at;  // as written
};

// Nothing: it is no receipt. A message that a person sent can never be one, whatever it says: only the centre can set
// esm_class and receipted_message_id.
std::optional<Receipt> read_receipt(const Delivered& delivered, ReceiptIds ids);

// The id a centre gave a message, written so that receipts of it compare equal.
std::string submitted_id(std::string_view id, ReceiptIds ids);

}  // namespace citybridge::sms_smpp
