#pragma once
// An outbox message as what is submitted to the centre. Pure.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/records.h"
#include "core/api/result.h"
#include "core/api/sms_text.h"
#include "plugins/sms_smpp/bodies.h"

namespace citybridge::sms_smpp {

// How the centre wants the customer's number.
enum class NumberForm {
    digits,    // 8613800000000, type of number 1
    plus,      // +8613800000000, type of number 1
    national,  // 13800000000 of a number of `country`, type of number 2; others as digits
};

struct MessageSettings {
    Address source;
    std::string service_type;
    std::string validity;
    NumberForm number_form = NumberForm::digits;
    std::string country = "86";
    SmsChoice alphabet = SmsChoice::by_content;
    std::size_t max_parts = 10;
    bool receipts = true;
};

struct Prepared {
    std::string message;  // outbox id
    Submit head;          // as every part has it, but for its short_message
    std::vector<std::string> parts;
};

// Error codes: "sms.bad_message" (no JSON with "to" and "text", or no number that can be dialled), "sms.not_utf8",
// "sms.too_long". None of them names the text.
Result<Prepared> prepare(const OutboxRecord& message, const MessageSettings& settings);

// "000000001500000R" of 15 minutes: the relative form of 7.1.1; empty of 0.
std::string relative_validity(std::int64_t minutes);

}  // namespace citybridge::sms_smpp
