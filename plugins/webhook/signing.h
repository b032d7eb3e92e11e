#pragma once
// Signatures as the Standard Webhooks specification 1.0 has them: HMAC-SHA256
// over "id.timestamp.body", written as "v1," and base64.
#include <memory>
#include <string>
#include <string_view>

#include "core/api/result.h"

namespace citybridge::webhook {

// One shared secret, ready to sign. Immutable: any thread, many at once.
class SigningKey {
public:
    // "whsec_" and the base64 of 24 to 64 bytes. The error's sentence says what a secret looks like and shows none of
    // it; its code is "webhook.bad_secret".
    static Result<SigningKey> parse(std::string_view secret);

    // "v1,<base64>". `timestamp` as it stands in the header. Throws std::runtime_error if OpenSSL has no memory.
    std::string sign(std::string_view id, std::string_view timestamp, std::string_view body) const;

    bool same_secret(const SigningKey& other) const;

private:
    struct Keyed;  // OpenSSL's context with the key already worked in, copied for each signature
    explicit SigningKey(std::shared_ptr<const Keyed> keyed) : keyed_(std::move(keyed)) {}

    std::shared_ptr<const Keyed> keyed_;
};

// Ids and secrets stand in headers: ASCII without blanks and control characters.
constexpr bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

// Same text, found out in a time that depends on the lengths only.
bool same_in_constant_time(std::string_view a, std::string_view b);

}  // namespace citybridge::webhook
