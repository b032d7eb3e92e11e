#pragma once
// How Chinese gateways want requests signed. Pure.
// Sources: Alibaba Cloud, "Signature method" of the Short Message Service (RPC
// style); Tencent Cloud, "Signature v3" (TC3-HMAC-SHA256).
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/time.h"
#include "plugins/sms_http/digest.h"

namespace citybridge::sms_http {

using Parameters = std::vector<std::pair<std::string, std::string>>;

// base64(HMAC(secret + "&", METHOD & %2F & the parameters, sorted by name, joined and percent-encoded once more)).
std::string sorted_signature(Hash hash, std::string_view method, Parameters parameters, std::string_view secret);

struct Tc3Request {
    std::string method;
    std::string path = "/";
    std::string query;  // as it is sent, without "?"
    std::string host;
    std::string content_type;
    std::string body;
    std::string service;  // "sms"
    std::string secret_id;
    std::string secret_key;
    WallTime at{};
};
// The value of the header Authorization.
std::string tc3_authorization(const Tc3Request& request);

}  // namespace citybridge::sms_http
