#include "plugins/webhook/signing.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <optional>
#include <stdexcept>

namespace citybridge::webhook {

constexpr std::size_t kMostKey = 64;

struct FreeContext {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MAC_CTX, FreeContext>;

// Bytes of a secret, wiped when they are no longer needed.
struct KeyBytes {
    std::array<unsigned char, kMostKey + 2> bytes{};  // the decoder writes its padding too
    std::size_t size = 0;

    KeyBytes() = default;
    KeyBytes(const KeyBytes&) = default;
    KeyBytes& operator=(const KeyBytes&) = delete;
    ~KeyBytes() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kLeastKey = 24;
constexpr std::size_t kDigest = 32;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string to_base64(const unsigned char* bytes, std::size_t size) {
    std::string out((size + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes, static_cast<int>(size));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

std::optional<KeyBytes> decode(std::string_view text) {
    constexpr std::size_t most_text = (kMostKey + 2) / 3 * 4;
    if (text.empty() || text.size() % 4 != 0 || text.size() > most_text) return std::nullopt;
    KeyBytes key;
    if (EVP_DecodeBlock(key.bytes.data(), bytes_of(text), static_cast<int>(text.size())) < 0) return std::nullopt;
    key.size = text.size() / 4 * 3;
    if (text.ends_with("==")) --key.size;
    if (text.ends_with('=')) --key.size;
    // OpenSSL's decoder forgives white space and stray bits: the two sides must not read one secret differently.
    std::string again = to_base64(key.bytes.data(), key.size);
    const bool same = again == text;
    OPENSSL_cleanse(again.data(), again.size());
    if (!same || key.size < kLeastKey || key.size > kMostKey) return std::nullopt;
    return key;
}

Context keyed_context(const KeyBytes& key) {
    const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr),
                                                                 &EVP_MAC_free);
    if (!hmac) throw std::runtime_error("OpenSSL offers no HMAC");
    Context context(EVP_MAC_CTX_new(hmac.get()));
    char digest[] = "SHA256";
    const std::array<OSSL_PARAM, 2> params{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                           OSSL_PARAM_construct_end()};
    if (!context || EVP_MAC_init(context.get(), key.bytes.data(), key.size, params.data()) != 1)
        throw std::runtime_error("OpenSSL cannot make an HMAC key");
    return context;
}

void add(EVP_MAC_CTX* context, std::string_view text) {
    if (EVP_MAC_update(context, bytes_of(text), text.size()) != 1) throw std::runtime_error("OpenSSL cannot sign");
}

}  // namespace

struct SigningKey::Keyed {
    KeyBytes key;
    Context context;
};

Result<SigningKey> SigningKey::parse(std::string_view secret) {
    const std::optional<KeyBytes> key =
        secret.starts_with(kPrefix) ? decode(secret.substr(kPrefix.size())) : std::nullopt;
    if (!key)
        return Error{"webhook.bad_secret",
                     "must be \"whsec_\" followed by the base64 of 24 to 64 random bytes; make one with: echo "
                     "whsec_$(openssl rand -base64 32)"};
    return SigningKey(std::make_shared<const Keyed>(Keyed{*key, keyed_context(*key)}));
}

std::string SigningKey::sign(std::string_view id, std::string_view timestamp, std::string_view body) const {
    // A copy of the keyed context saves two of the four hash blocks that a short message costs, and leaves the
    // original untouched for other threads.
    const Context context(EVP_MAC_CTX_dup(keyed_->context.get()));
    if (!context) throw std::runtime_error("OpenSSL cannot sign");
    add(context.get(), id);
    add(context.get(), ".");
    add(context.get(), timestamp);
    add(context.get(), ".");
    add(context.get(), body);
    std::array<unsigned char, kDigest> digest{};
    std::size_t length = 0;
    if (EVP_MAC_final(context.get(), digest.data(), &length, digest.size()) != 1 || length != kDigest)
        throw std::runtime_error("OpenSSL cannot sign");
    return "v1," + to_base64(digest.data(), digest.size());
}

bool SigningKey::same_secret(const SigningKey& other) const {
    return keyed_->key.size == other.keyed_->key.size &&
           CRYPTO_memcmp(keyed_->key.bytes.data(), other.keyed_->key.bytes.data(), keyed_->key.size) == 0;
}

bool same_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace citybridge::webhook
