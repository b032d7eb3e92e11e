#pragma once
// Standard Webhooks 1.0 as a receiver and sender outside the node sees it:
// https://github.com/standard-webhooks/standard-webhooks, section "Signature scheme".
#include <string>
#include <string_view>

namespace citybridge::stand_in {

// "v1,<base64>" of `id.timestamp.body` by a secret "whsec_<base64>".
// Throws std::invalid_argument: the secret is not of that form.
std::string sign(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view body);

// True if one of the space-separated `signatures` is right.
bool verify(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view body,
            std::string_view signatures);

}  // namespace citybridge::stand_in
