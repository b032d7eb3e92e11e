// What becomes of a message with a code, and what it says when it is sent.
#include "core/desk/engine_state.h"
#include "core/desk/json_text.h"
#include "core/desk/sms_text_rules.h"
#include "core/desk/verification.h"

namespace citybridge::desk {
namespace {

void replace_word(std::string& text, std::string_view word, const std::string& by) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size()))
        text.replace(at, word.size(), by);
}

}  // namespace

std::string verification_of(const OutboxRecord& message) {
    if (message.kind != kCodeMessage) return {};
    return message.id.substr(0, message.id.find('.'));
}

bool tells_delivery(const VerificationRecord& row, const OutboxRecord& message, const std::string& delivery) {
    const bool last = message.id.starts_with(row.id + '.' + std::to_string(row.sends) + '.');
    return last || delivery == "delivered";
}

void code_message_ended(const Context& context, const OutboxRecord& message, Decision& decision) {
    const VerificationRecord* before = context.view.verification(verification_of(message));
    if (before == nullptr) return;
    VerificationRecord row = *before;
    const bool unclear = message.state == OutboxState::possibly_done;
    const bool repeated = row.detail.contains("unclear") && text_in(row.detail, "unclear") == message.id;
    std::string delivery;
    switch (message.state) {
        case OutboxState::pending: return;
        case OutboxState::delivered: delivery = "accepted"; break;
        case OutboxState::possibly_done: delivery = "unclear"; break;
        case OutboxState::dead:
        case OutboxState::cancelled: delivery = "undelivered"; break;
    }
    if (tells_delivery(row, message, delivery)) {
        row.detail["delivery"] = delivery;
        row.detail.erase("unclear");
    }
    if (repeated) row.detail.erase("unclear");
    if (unclear) row.detail["unclear"] = message.id;
    ++row.revision;
    row.updated_at = context.now.wall;
    // The same message by a person's hand, after nobody knew whether it went: the customer may have it twice.
    if (repeated && !unclear && message.state == OutboxState::delivered)
        for (HistoryRecord& entry : decision.changes.history)
            if (entry.order == row.order) entry.action = "possibly_repeated";
    put_verification(context, row, delivery, decision);
}

Result<std::string> render_code(const FlowBook& book, const VerificationRules* rules, const OutboxRecord& message,
                                const VerificationRecord* verification, WallTime now) {
    if (rules == nullptr || verification == nullptr || verification->number.empty())
        return Error{"verification.expired", "the verification of message " + message.id +
                                                 " is not there any more; start a new one if the customer is"};
    auto code = guarded([&] { return rules->code(*verification, now); });
    if (!code) return code.error();
    std::string text = book.messages.code_text;
    const std::string left =
        std::to_string(std::chrono::ceil<std::chrono::minutes>(verification->expires_at - now).count());
    std::vector<std::string> values{*code, left};
    if (text.find("{minutes}") < text.find("{code}")) std::swap(values[0], values[1]);
    if (text.find("{minutes}") == std::string::npos) values.pop_back();
    replace_word(text, "{minutes}", left);
    replace_word(text, "{code}", *code);
    return dumped({{"channel", "sms"},
                   {"to", verification->number},
                   {"name", ""},
                   {"subject", ""},
                   {"text", signed_sms(book.messages, text)},
                   {"order", verification->order},
                   {"kind", "verification"},
                   {"template", kCodeMessage},
                   {"values", values}});
}

}  // namespace citybridge::desk
