#include "plugins/email/address.h"

#include <algorithm>

#include "core/api/text.h"

namespace citybridge::email {
namespace {

constexpr std::size_t kMaxDomain = 253;
constexpr std::size_t kMaxLabel = 63;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_atom_char(char c) {
    return is_letter_or_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view text) {
    if (text.empty() || text.front() == '.' || text.back() == '.') return false;
    char before = 'a';
    for (const char c : text) {
        if (c == '.' ? before == '.' : !is_atom_char(c)) return false;
        before = c;
    }
    return true;
}

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > kMaxLabel || label.front() == '-' || label.back() == '-') return false;
    return std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_domain(std::string_view text) {
    if (text.size() > kMaxDomain) return false;
    while (true) {
        const auto dot = text.find('.');
        if (!is_label(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos) return Error{"email.bad_address", "an e-mail address is written name@domain"};
    if (at > kMaxLocal)
        return Error{"email.bad_address", "the part of the e-mail address before @ is longer than 64 characters"};
    if (!is_dot_atom(text.substr(0, at)))
        return Error{"email.bad_address",
                     "the part of the e-mail address before @ has characters that are not allowed there"};
    if (!is_domain(text.substr(at + 1)))
        return Error{"email.bad_address",
                     "the part of the e-mail address after @ is no domain; write an international one as xn--..."};
    return Address{std::string(text.substr(0, at)), lower_case(text.substr(at + 1))};
}

Address sub_address(const Address& address, char delimiter, std::string_view detail) {
    Address out{address.local + delimiter + std::string(detail), address.domain};
    if (out.local.size() > kMaxLocal) out.local.clear();
    return out;
}

}  // namespace citybridge::email
