#include "plugins/link_nats/keys.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstdio>

namespace citybridge::link_nats {
namespace {

constexpr std::size_t kSignatureBytes = 64;

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeContext>;

struct CloseKeyFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

template <std::size_t N>
bool from_hex(std::string_view hex, std::array<std::uint8_t, N>& out) {
    if (hex.size() != 2 * N) return false;
    for (std::size_t i = 0; i < N; ++i) {
        const int high = hex_digit(hex[2 * i]);
        const int low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out.at(i) = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

std::string hex_of(const std::uint8_t* bytes, std::size_t size) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < size; ++i) {
        out += kDigits[bytes[i] >> 4];
        out += kDigits[bytes[i] & 15];
    }
    return out;
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// A key with a passphrase is refused: nobody is there to type it.
int nobody_asks(char*, int, int, void*) { return -1; }

}  // namespace

std::optional<PublicKey> PublicKey::parse(std::string_view hex) {
    PublicKey out;
    if (!from_hex(hex, out.bytes_)) return std::nullopt;
    out.key_ = {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, out.bytes_.data(), out.bytes_.size()),
                FreeKey()};
    if (!out.key_) return std::nullopt;
    return out;
}

bool PublicKey::verifies(std::string_view text, std::string_view signature) const {
    std::array<std::uint8_t, kSignatureBytes> bytes{};
    if (!from_hex(signature, bytes)) return false;
    const DigestContext context(EVP_MD_CTX_new());
    const bool good = context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
                      EVP_DigestVerify(context.get(), bytes.data(), bytes.size(), bytes_of(text), text.size()) == 1;
    ERR_clear_error();
    return good;
}

Result<SigningKey> SigningKey::load(const std::string& file) {
    SigningKey out;
    if (const std::unique_ptr<std::FILE, CloseKeyFile> opened{std::fopen(file.c_str(), "re")})
        out.key_ = {PEM_read_PrivateKey(opened.get(), nullptr, nobody_asks, nullptr), FreeKey()};
    ERR_clear_error();
    if (!out.key_ || EVP_PKEY_get_id(out.key_.get()) != EVP_PKEY_ED25519)
        return Error{"link_nats.bad_key",
                     file +
                         " holds no Ed25519 key without passphrase that can be read; make one with openssl genpkey "
                         "-algorithm ed25519"};
    return out;
}

std::string SigningKey::sign(std::string_view text) const {
    std::array<std::uint8_t, kSignatureBytes> bytes{};
    std::size_t size = bytes.size();
    const DigestContext context(EVP_MD_CTX_new());
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), bytes.data(), &size, bytes_of(text), text.size()) != 1)
        return {};
    return hex_of(bytes.data(), size);
}

std::string SigningKey::public_hex() const {
    PublicBytes bytes{};
    std::size_t size = bytes.size();
    if (EVP_PKEY_get_raw_public_key(key_.get(), bytes.data(), &size) != 1) return {};
    return hex_of(bytes.data(), size);
}

}  // namespace citybridge::link_nats
