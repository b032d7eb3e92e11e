#include "adapters/asterisk/number.h"

#include <algorithm>
#include <cstdint>

namespace citybridge::asterisk {
namespace {

constexpr std::uint64_t kFnvBasis = 14'695'981'039'346'656'037U;
constexpr std::uint64_t kFnvPrime = 1'099'511'628'211U;
constexpr std::uint64_t kRooms = 100'000'000;
constexpr std::size_t kNone = std::string_view::npos;

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool has_only_keys(std::string_view number) {
    return !number.empty() && number.find_first_not_of("0123456789*#") == kNone;
}

bool is_extension(std::string_view number) {
    const auto fits = [](char c) { return is_letter_or_digit(c) || std::string_view("*#+_.").find(c) != kNone; };
    return !number.empty() && std::all_of(number.begin(), number.end(), fits);
}

bool is_file_name(std::string_view name) {
    const auto fits = [](char c) { return is_letter_or_digit(c) || std::string_view("-_.").find(c) != kNone; };
    return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), fits);
}

std::string with_prefix(std::string_view prefix, std::size_t internal_digits, std::string_view number) {
    if (number.size() <= internal_digits) return std::string(number);
    return std::string(prefix).append(number);
}

std::string room_of(std::string_view command_id) {
    std::uint64_t hash = kFnvBasis;
    for (const char c : command_id) hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
    std::string digits = std::to_string(hash % kRooms);
    return std::string(8 - digits.size(), '0') + digits;
}

}  // namespace citybridge::asterisk
