#include "core/api/verification_words.h"
#include "core/desk/verification.h"

namespace citybridge::desk {
namespace {

bool is_e164(const std::string& number) {
    return number.size() >= 8 && number.front() == '+' &&
           number.find_first_not_of("0123456789", 1) == std::string::npos;
}

// A code to a telephone on a desk would be read out by whoever sits there.
bool is_mobile(const CustomerRecord& customer, const std::string& number) {
    if (!is_e164(number)) return false;
    const auto kind = customer.number_kinds.find(number);
    if (kind != customer.number_kinds.end() && kind->is_string()) return *kind == "mobile";
    // Nobody said what it is: China's mobiles are known by their second digit (13 to 19), others are taken for one.
    if (number.starts_with("+86")) return number.size() == 14 && number[3] == '1' && number[4] >= '3';
    return true;
}

// What whoever looks at it can do next; an answer to a step says it better.
std::string next_of(const VerificationRecord& row, WallTime now) {
    if (row.state == "verified") return "none";
    const std::string when_over = row.detail.value(kWhenOver, row.state == "locked" ? "go_to_a_shop" : "start_again");
    if (row.state != "pending" || now >= row.expires_at) return when_over;
    const std::string delivery = row.detail.value("delivery", std::string());
    const bool last = row.detail.value(kLastSend, false);
    if (delivery == "undelivered") return last ? when_over : "resend_possible";
    // It may have arrived all the same; nothing but asking is left when no other may be sent.
    return delivery == "unclear" && !last ? "resend_possible" : "ask_for_code";
}

}  // namespace

std::vector<std::string> numbers_for_code(const CustomerRecord& customer) {
    std::vector<std::string> out;
    for (const std::string& number : customer.numbers)
        if (is_mobile(customer, number))
            out.insert(number == customer.preferred_number ? out.begin() : out.end(), number);
    return out;
}

std::string masked_number(const std::string& number) {
    constexpr std::size_t kShownBehind = 4, kHidden = 4;
    if (number.size() <= kShownBehind + kHidden) return std::string(number.size(), '*');
    std::string out = number;
    out.replace(out.size() - kShownBehind - kHidden, kHidden, kHidden, '*');
    return out;
}

nlohmann::ordered_json verification_json(const VerificationRecord& row, WallTime now, bool full) {
    const auto word = [](const std::string& text) {
        return text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text);
    };
    const auto delivery = row.detail.find("delivery");
    nlohmann::ordered_json out{{"id", row.id},
                               {"customer", row.customer},
                               {"number", masked_number(row.number)},
                               {"purpose", row.purpose},
                               {"order", word(row.order)},
                               {"contact", word(row.contact)},
                               {"state", row.state},
                               {"sends", row.sends},
                               {"delivery", delivery == row.detail.end() ? nlohmann::ordered_json(nullptr) : *delivery},
                               {"next", next_of(row, now)},
                               {"opened_by", row.opened_by},
                               {"created_at", to_rfc3339(row.created_at)},
                               {"expires_at", to_rfc3339(row.expires_at)},
                               {"updated_at", to_rfc3339(row.updated_at)}};
    if (full) out["wrong_checks"] = row.checks;
    return out;
}

std::string_view words_to_say(const std::string& answer) {
    if (answer == "sent") return "验证码已发送到您登记的手机，请您念给我听。";
    if (answer == "passed") return "谢谢您，验证通过。";
    // Whoever guesses must not learn from the agent's voice whether he was near, late or locked out.
    if (answer == "not_passed") return "很抱歉，验证没有通过。";
    return "";
}

}  // namespace citybridge::desk
