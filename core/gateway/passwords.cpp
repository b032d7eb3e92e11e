#include "core/gateway/passwords.h"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

#include "core/gateway/crypto.h"

namespace citybridge::gateway {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::uint64_t kMaxMemory = std::uint64_t{256} << 20;

struct Stored {
    ScryptCost cost;
    std::string salt;
    std::string hash;
};

std::optional<std::string> derive(std::string_view password, std::string_view salt, ScryptCost cost, std::size_t size) {
    std::string out(size, '\0');
    // OpenSSL's own limit is 32 MiB unless told otherwise.
    if (EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                       salt.size(), cost.n, cost.r, cost.p, kMaxMemory + (1U << 20U),
                       reinterpret_cast<unsigned char*>(out.data()), out.size()) != 1)
        return std::nullopt;
    return out;
}

bool affordable(const ScryptCost& cost) {
    const bool power_of_two = cost.n > 1 && (cost.n & (cost.n - 1)) == 0;
    return power_of_two && cost.n <= (1U << 20U) && cost.r >= 1 && cost.r <= 32 && cost.p >= 1 && cost.p <= 16 &&
           128 * cost.n * cost.r <= kMaxMemory;
}

std::optional<std::uint64_t> cost_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<Stored> parse(std::string_view text) {
    std::array<std::string_view, 6> parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t end = text.find('$');
        const bool last = i + 1 == parts.size();
        if ((end == std::string_view::npos) != last) return std::nullopt;
        parts[i] = text.substr(0, end);
        if (!last) text.remove_prefix(end + 1);
    }
    const auto n = cost_number(parts[1]), r = cost_number(parts[2]), p = cost_number(parts[3]);
    const auto salt = from_base64(parts[4]), hash = from_base64(parts[5]);
    if (parts[0] != "scrypt" || !n || !r || !p || !salt || !hash) return std::nullopt;
    const Stored stored{{*n, *r, *p}, *salt, *hash};
    if (!affordable(stored.cost) || salt->size() < 8 || hash->size() < 16 || hash->size() > 64) return std::nullopt;
    return stored;
}

}  // namespace

std::string hash_password(std::string_view password, ScryptCost cost) {
    const std::string salt = random_bytes(kSaltBytes);
    const auto hash = affordable(cost) ? derive(password, salt, cost, kHashBytes) : std::nullopt;
    if (!hash) throw std::runtime_error("scrypt cannot be computed with these parameters");
    return "scrypt$" + std::to_string(cost.n) + "$" + std::to_string(cost.r) + "$" + std::to_string(cost.p) + "$" +
           to_base64(salt) + "$" + to_base64(*hash);
}

bool verify_password(std::string_view password, std::string_view stored) {
    const auto parsed = parse(stored);
    if (!parsed) return false;
    const auto hash = derive(password, parsed->salt, parsed->cost, parsed->hash.size());
    return hash && equal_in_constant_time(*hash, parsed->hash);
}

bool is_password_hash(std::string_view stored) { return parse(stored).has_value(); }

}  // namespace citybridge::gateway
