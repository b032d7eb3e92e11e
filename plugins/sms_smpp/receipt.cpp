#include "plugins/sms_smpp/receipt.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "core/api/delivery_text.h"
#include "core/api/sms_text.h"
#include "core/api/text.h"

namespace citybridge::sms_smpp {
namespace {

constexpr std::uint8_t kMessageTypes = 0x3C;
constexpr std::uint8_t kSmscReceipt = 0x04;
constexpr std::uint8_t kIntermediate = 0x20;
constexpr std::size_t kLongestWord = 64;

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kWords{{{"delivrd", "delivered"},
                                                                               {"expired", "expired"},
                                                                               {"deleted", "undelivered"},
                                                                               {"undeliv", "undelivered"},
                                                                               {"acceptd", "accepted"},
                                                                               {"enroute", "accepted"},
                                                                               {"unknown", "unknown"},
                                                                               {"rejectd", "rejected"}}};

// 5.2.28: 1 ENROUTE to 8 REJECTED.
constexpr std::array<std::string_view, 9> kStates{"unknown",     "accepted", "delivered", "expired", "undelivered",
                                                  "undelivered", "accepted", "unknown",   "rejected"};

// The word behind `name`, which stands at the beginning or behind a blank, in any case.
std::string field(std::string_view text, std::string_view lowered, std::string_view name) {
    for (std::size_t at = 0; (at = lowered.find(name, at)) != std::string_view::npos; ++at) {
        if (at != 0 && lowered[at - 1] != ' ') continue;
        const std::string_view rest = text.substr(at + name.size());
        return short_text(rest.substr(0, rest.find(' ')), kLongestWord);
    }
    return {};
}

std::string state_of(const std::string& word) {
    const std::string lowered = lower_case(word);
    for (const auto& [name, state] : kWords)
        if (lowered.starts_with(name)) return std::string(state);
    return "unknown";
}

std::string converted(std::string_view id, int base) {
    std::uint64_t value = 0;
    if (base == 16 && (id.starts_with("0x") || id.starts_with("0X"))) id.remove_prefix(2);
    const auto [end, bad] = std::from_chars(id.data(), id.data() + id.size(), value, base);
    if (bad != std::errc{} || end != id.data() + id.size()) return std::string(id);
    return std::to_string(value);
}

}  // namespace

std::string submitted_id(std::string_view id, ReceiptIds ids) {
    std::string clean = short_text(id, kLongestWord);
    if (ids == ReceiptIds::same) return clean;
    return converted(clean, ids == ReceiptIds::decimal ? 16 : 10);
}

std::optional<Receipt> read_receipt(const Delivered& delivered, ReceiptIds ids) {
    const std::uint8_t type = delivered.esm_class & kMessageTypes;
    const bool by_centre = type == kSmscReceipt || type == kIntermediate;
    if (!by_centre && !delivered.receipted_message_id) return std::nullopt;

    std::string text = delivered.text;
    if ((delivered.esm_class & kUserDataHeader) != 0 && !text.empty())
        text.erase(0, static_cast<std::size_t>(static_cast<unsigned char>(text[0])) + 1);
    if (delivered.data_coding == kUcs2) text = utf8_from_ucs2(text);
    const std::string lowered = lower_case(text);

    Receipt out;
    out.word = field(text, lowered, "stat:");
    out.error = field(text, lowered, "err:");
    out.done_at = field(text, lowered, "done date:");
    const std::string id = field(text, lowered, "id:");
    if (delivered.receipted_message_id) {
        out.id = submitted_id(*delivered.receipted_message_id, ids);
    } else if (ids == ReceiptIds::same) {
        out.id = id;
    } else {
        out.id = converted(id, ids == ReceiptIds::decimal ? 10 : 16);
    }
    if (delivered.message_state) {
        const std::size_t number = *delivered.message_state;
        out.state = kStates[number < kStates.size() ? number : 0];
        if (out.word.empty()) out.word = std::to_string(number);
    } else {
        out.state = state_of(out.word);
    }
    if (out.id.empty()) return std::nullopt;
    return out;
}

}  // namespace citybridge::sms_smpp
