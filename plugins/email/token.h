#pragma once
// The keyed token by which a mail that comes in is known to answer one of ours.
// It names the outbox message and its order, and carries an HMAC-SHA256 over
// both, cut to 80 bits: nobody guesses one by sending mails. Who has seen a
// token may use it again; that its use takes effect once is the node's part.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/result.h"

namespace citybridge::email {

// Where a token stands says what it may do; each place has its own.
enum class TokenUse : unsigned char {
    confirm = 1,    // in what a person's reply goes to or names: his reply confirms
    bounce = 2,     // in the envelope's sender: only mail systems write there, and that confirms nothing
    reference = 3,  // in the Message-ID of a mail that needs no confirmation
};

struct TokenFacts {
    TokenUse use = TokenUse::reference;
    std::string message;  // outbox id
    std::string order;    // order id

    friend bool operator==(const TokenFacts&, const TokenFacts&) = default;
};

// Immutable: any thread.
class TokenKeys {
public:
    static constexpr std::size_t kMinKey = 32;  // characters

    // The first key makes tokens, all verify. `instance` is part of what is signed. Without keys: makes and finds none.
    TokenKeys(std::string instance, std::vector<std::string> keys);

    bool none() const { return keys_.empty(); }
    // Letters and digits only. Precondition: !none(), ids of at most 255 bytes.
    std::string make(const TokenFacts& facts) const;
    std::optional<TokenFacts> verify(std::string_view token) const;
    // Every genuine token in the text, in its order; looks at no more than 100 candidates.
    std::vector<TokenFacts> find_in(std::string_view text) const;

private:
    std::string instance_;
    std::vector<std::string> keys_;
};

// The text with everything that looks like a token cut out: what is stored or logged of a mail (P10).
std::string without_tokens(std::string_view text);

}  // namespace citybridge::email
