#include "plugins/sms_smpp/message.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace citybridge::sms_smpp {
namespace {

constexpr std::size_t kMostDigits = 20;  // destination_addr holds 21 with its end
constexpr std::uint8_t kUnknown = 0;
constexpr std::uint8_t kInternational = 1;
constexpr std::uint8_t kNational = 2;
constexpr std::uint8_t kIsdn = 1;

bool is_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<Address> address_of(std::string_view number, const MessageSettings& settings) {
    const bool international = number.starts_with('+');
    if (international) number.remove_prefix(1);
    if (!is_digits(number) || number.size() >= kMostDigits)
        return Error{"sms.bad_message", "\"to\" is no telephone number that a message can be sent to"};
    // A number that is not E.164 is a service number or was kept as it was dialled: the centre's plan decides.
    if (!international) return Address{kUnknown, kIsdn, std::string(number)};
    const std::string& country = settings.country;
    if (settings.number_form == NumberForm::national && !country.empty() && number.starts_with(country))
        return Address{kNational, kIsdn, std::string(number.substr(country.size()))};
    const bool plus = settings.number_form == NumberForm::plus;
    return Address{kInternational, kIsdn, (plus ? "+" : "") + std::string(number)};
}

const std::string* text_of(const nlohmann::json& json, const char* name) {
    const auto found = json.find(name);
    return found == json.end() ? nullptr : found->get_ptr<const std::string*>();
}

}  // namespace

Result<Prepared> prepare(const OutboxRecord& message, const MessageSettings& settings) {
    const auto json = nlohmann::json::parse(message.payload, nullptr, false);
    const std::string* const to = json.is_object() ? text_of(json, "to") : nullptr;
    const std::string* const text = json.is_object() ? text_of(json, "text") : nullptr;
    if (to == nullptr || text == nullptr || text->empty())
        return Error{"sms.bad_message", "the message is no JSON object with the texts \"to\" and \"text\""};
    auto destination = address_of(*to, settings);
    if (!destination) return destination.error();
    auto split = sms_text(*text, settings.alphabet);
    if (!split) return split.error();
    if (split->parts.size() > settings.max_parts)
        return Error{"sms.too_long", "the text needs " + std::to_string(split->parts.size()) +
                                         " parts, and max_parts is " + std::to_string(settings.max_parts)};
    Prepared out;
    out.message = message.id;
    out.head.service_type = settings.service_type;
    out.head.source = settings.source;
    out.head.destination = std::move(*destination);
    out.head.esm_class = split->parts.size() > 1 ? kUserDataHeader : std::uint8_t{0};
    out.head.data_coding = split->alphabet == SmsAlphabet::ucs2 ? kUcs2 : std::uint8_t{0};
    out.head.receipt = settings.receipts;
    out.head.validity = settings.validity;
    out.parts = std::move(split->parts);
    return out;
}

std::string relative_validity(std::int64_t minutes) {
    if (minutes <= 0) return {};
    const std::int64_t days = minutes / 1440;
    std::array<char, 32> out{};
    // YYMMDDhhmmsstnnp: no years and months, R for relative.
    std::snprintf(out.data(), out.size(), "0000%02d%02d%02d00000R", static_cast<int>(days),
                  static_cast<int>(minutes / 60 % 24), static_cast<int>(minutes % 60));
    return out.data();
}

}  // namespace citybridge::sms_smpp
