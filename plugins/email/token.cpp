#include "plugins/email/token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <stdexcept>

#include "core/api/text.h"
#include "plugins/email/encodings.h"

namespace citybridge::email {
namespace {

constexpr std::string_view kPrefix = "cb";
constexpr std::size_t kMacBytes = 10;
constexpr std::size_t kShortest = 26;  // characters of a token; shorter runs of letters are words
constexpr std::size_t kLongest = 900;
constexpr std::size_t kMostCandidates = 100;
constexpr std::string_view kOrderPrefix = "ord_";
constexpr std::size_t kUuidText = 36;
constexpr std::size_t kUuidBytes = 16;
constexpr std::string_view kNumbers = "0123456789.";
constexpr std::string_view kNibbles = "0123456789.t";
constexpr unsigned kPad = 15;

// Bits of the head byte besides the use.
constexpr unsigned kUseMask = 3;
constexpr unsigned kCompact = 4;    // the order is a UUID, the message's id begins with it and goes on with numbers
constexpr unsigned kOwnSuffix = 8;  // ... and then with "." and the instance, behind which ".t" and a number may stand

bool is_token_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_dash(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

// "ord_0190..." as 16 bytes; empty: it is not written so, in lower case.
std::string packed_order(std::string_view order) {
    if (!order.starts_with(kOrderPrefix) || order.size() != kOrderPrefix.size() + kUuidText) return {};
    order.remove_prefix(kOrderPrefix.size());
    constexpr std::string_view kHexDigits = "0123456789abcdef";
    std::string out;
    unsigned high = 0;
    bool half = false;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (is_dash(i)) {
            if (order[i] != '-') return {};
            continue;
        }
        const auto digit = kHexDigits.find(order[i]);
        if (digit == std::string_view::npos) return {};
        if (half) out += static_cast<char>((high << 4U) | digit);
        high = static_cast<unsigned>(digit);
        half = !half;
    }
    return out;
}

std::string unpacked_order(std::string_view bytes) {
    constexpr std::string_view kHexDigits = "0123456789abcdef";
    std::string out(kOrderPrefix);
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        if (is_dash(out.size() - kOrderPrefix.size())) out += '-';
        out.append(1, kHexDigits[byte >> 4U]).append(1, kHexDigits[byte & 15U]);
    }
    return out;
}

bool is_numbers(std::string_view text) { return text.find_first_not_of(kNumbers) == std::string_view::npos; }

std::string packed_numbers(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = static_cast<unsigned>(kNibbles.find(text[i]));
        const auto low = i + 1 < text.size() ? static_cast<unsigned>(kNibbles.find(text[i + 1])) : kPad;
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

std::string unpacked_numbers(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        for (const unsigned nibble : {static_cast<std::uint8_t>(c) / 16U, static_cast<std::uint8_t>(c) % 16U})
            if (nibble < kNibbles.size()) out += kNibbles[nibble];
    }
    return out;
}

// What is behind the order in a message's id, without what the instance knows itself: ".3.mail.t1", the first telling
// of an order's third step, is ".3t1". An address has 64 characters in front of its @, and a token must fit in there.
struct ShortTail {
    std::string text;
    bool own = false;
};
std::optional<ShortTail> short_tail(std::string_view tail, const std::string& instance) {
    std::string_view telling;
    const std::size_t point = tail.rfind(".t");
    if (point != std::string_view::npos && point + 2 < tail.size() && is_numbers(tail.substr(point + 2))) {
        telling = tail.substr(point + 1);
        tail = tail.substr(0, point);
    }
    const std::string suffix = '.' + instance;
    const bool own = tail.ends_with(suffix);
    if (own) tail.remove_suffix(suffix.size());
    if (!is_numbers(tail) || (!own && !telling.empty())) return std::nullopt;
    return ShortTail{std::string(tail) + std::string(telling), own};
}

std::string long_tail(const std::string& text, bool own, const std::string& instance) {
    if (!own) return text;
    const std::size_t telling = std::min(text.find('t'), text.size());
    std::string out = text.substr(0, telling) + '.' + instance;
    if (telling < text.size()) out += '.' + text.substr(telling);
    return out;
}

std::string packed(const TokenFacts& facts, const std::string& instance) {
    auto head = static_cast<unsigned>(facts.use);
    const std::string order = packed_order(facts.order);
    if (!order.empty() && facts.message.starts_with(facts.order)) {
        const auto tail = short_tail(std::string_view(facts.message).substr(facts.order.size()), instance);
        if (tail) {
            head |= kCompact | (tail->own ? kOwnSuffix : 0U);
            return std::string(1, static_cast<char>(head)) + order + packed_numbers(tail->text);
        }
    }
    return std::string(1, static_cast<char>(head)) + static_cast<char>(facts.order.size()) + facts.order +
           facts.message;
}

std::optional<TokenFacts> unpacked(std::string_view bytes, const std::string& instance) {
    const auto head = static_cast<std::uint8_t>(bytes.front());
    const unsigned use = head & kUseMask;
    if (use == 0) return std::nullopt;
    TokenFacts facts;
    facts.use = static_cast<TokenUse>(use);
    bytes.remove_prefix(1);
    if ((head & kCompact) != 0) {
        if (bytes.size() < kUuidBytes) return std::nullopt;
        facts.order = unpacked_order(bytes.substr(0, kUuidBytes));
        facts.message =
            facts.order + long_tail(unpacked_numbers(bytes.substr(kUuidBytes)), (head & kOwnSuffix) != 0, instance);
        return facts;
    }
    if (bytes.empty()) return std::nullopt;
    const auto length = static_cast<std::uint8_t>(bytes.front());
    if (bytes.size() < 1U + length) return std::nullopt;
    facts.order = bytes.substr(1, length);
    facts.message = bytes.substr(1U + length);
    return facts;
}

std::string mac_of(const std::string& key, const std::string& instance, std::string_view bytes) {
    const std::string text =
        "citybridge mail token 1" + std::string(1, '\0') + instance + std::string(1, '\0') + std::string(bytes);
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), out, &size) == nullptr ||
        size < kMacBytes)
        throw std::runtime_error("no memory for a signature");
    return {reinterpret_cast<const char*>(out), kMacBytes};
}

// Runs of letters and digits that begin and are as long as a token: (begin, length).
void each_candidate(std::string_view text, const std::function<bool(std::size_t, std::size_t)>& take) {
    for (std::size_t at = 0; at < text.size();) {
        if (!is_token_char(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && is_token_char(text[end])) ++end;
        const std::size_t length = end - at;
        if (length >= kShortest && length <= kLongest && lower_case(text.substr(at, kPrefix.size())) == kPrefix &&
            !take(at, length))
            return;
        at = end;
    }
}

}  // namespace

TokenKeys::TokenKeys(std::string instance, std::vector<std::string> keys)
    : instance_(std::move(instance)), keys_(std::move(keys)) {}

std::string TokenKeys::make(const TokenFacts& facts) const {
    const std::string bytes = packed(facts, instance_);
    return std::string(kPrefix) + base32(bytes + mac_of(keys_.front(), instance_, bytes));
}

std::optional<TokenFacts> TokenKeys::verify(std::string_view token) const {
    std::string bytes;
    if (token.size() < kShortest || lower_case(token.substr(0, kPrefix.size())) != kPrefix) return std::nullopt;
    if (!base32_decoded(token.substr(kPrefix.size()), bytes) || bytes.size() < 2 + kMacBytes) return std::nullopt;
    const std::string given = bytes.substr(bytes.size() - kMacBytes);
    bytes.resize(bytes.size() - kMacBytes);
    bool genuine = false;
    for (const std::string& key : keys_)
        genuine |= CRYPTO_memcmp(mac_of(key, instance_, bytes).data(), given.data(), kMacBytes) == 0;
    if (!genuine) return std::nullopt;
    return unpacked(bytes, instance_);
}

std::vector<TokenFacts> TokenKeys::find_in(std::string_view text) const {
    std::vector<TokenFacts> out;
    std::size_t looked_at = 0;
    each_candidate(text, [&](std::size_t at, std::size_t length) {
        if (auto facts = verify(text.substr(at, length))) out.push_back(std::move(*facts));
        return ++looked_at < kMostCandidates;
    });
    return out;
}

std::string without_tokens(std::string_view text) {
    std::string out;
    std::size_t done = 0;
    each_candidate(text, [&](std::size_t at, std::size_t length) {
        out.append(text.substr(done, at - done)).append("[token]");
        done = at + length;
        return true;
    });
    return out.append(text.substr(done));
}

}  // namespace citybridge::email
