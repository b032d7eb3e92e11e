#include "core/calls/phone_number.h"

#include <phonenumbers/phonenumberutil.h>

namespace citybridge {
namespace {

std::string valid_e164(std::string_view number, const std::string& region) {
    using i18n::phonenumbers::PhoneNumber;
    using i18n::phonenumbers::PhoneNumberUtil;
    const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
    PhoneNumber parsed;
    if (util.Parse(std::string(number), region, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) return {};
    if (!util.IsValidNumber(parsed)) return {};
    std::string e164;
    util.Format(parsed, PhoneNumberUtil::E164, &e164);
    return e164;
}

}  // namespace

std::string to_e164(std::string_view number, const std::string& region, std::string_view outside_prefix) {
    if (number.size() < 7) return {};
    if (auto direct = valid_e164(number, region); !direct.empty()) return direct;
    if (outside_prefix.empty() || !number.starts_with(outside_prefix)) return {};
    return valid_e164(number.substr(outside_prefix.size()), region);
}

std::string kept_number(std::string_view number, const std::string& region, std::string_view outside_prefix) {
    if (auto e164 = to_e164(number, region, outside_prefix); !e164.empty()) return e164;
    constexpr std::size_t kShortest = 2, kLongest = 8;
    const bool dialled = number.find_first_not_of("0123456789*#") == std::string_view::npos;
    const bool digit = number.find_first_of("0123456789") != std::string_view::npos;
    if (!dialled || !digit || number.size() < kShortest || number.size() > kLongest) return {};
    return std::string(number);
}

}  // namespace citybridge
