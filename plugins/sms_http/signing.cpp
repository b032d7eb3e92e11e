#include "plugins/sms_http/signing.h"

#include <algorithm>
#include <chrono>

namespace citybridge::sms_http {

std::string sorted_signature(Hash hash, std::string_view method, Parameters parameters, std::string_view secret) {
    std::sort(parameters.begin(), parameters.end());
    std::string joined;
    for (const auto& [name, value] : parameters) {
        if (!joined.empty()) joined += '&';
        joined += percent_encoded(name) + '=' + percent_encoded(value);
    }
    const std::string to_sign = std::string(method) + "&%2F&" + percent_encoded(joined);
    return to_base64(hmac_of(hash, std::string(secret) + '&', to_sign));
}

std::string tc3_authorization(const Tc3Request& request) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(request.at).time_since_epoch().count();
    const std::string date = to_rfc3339(request.at).substr(0, 10);
    const std::string scope = date + '/' + request.service + "/tc3_request";
    const std::string canonical = request.method + '\n' + request.path + '\n' + request.query +
                                  "\ncontent-type:" + request.content_type + "\nhost:" + request.host +
                                  "\n\ncontent-type;host\n" + to_hex(digest_of(Hash::sha256, request.body));
    const std::string to_sign = "TC3-HMAC-SHA256\n" + std::to_string(seconds) + '\n' + scope + '\n' +
                                to_hex(digest_of(Hash::sha256, canonical));
    const std::string of_date = hmac_of(Hash::sha256, "TC3" + request.secret_key, date);
    const std::string of_service = hmac_of(Hash::sha256, of_date, request.service);
    const std::string key = hmac_of(Hash::sha256, of_service, "tc3_request");
    return "TC3-HMAC-SHA256 Credential=" + request.secret_id + '/' + scope +
           ", SignedHeaders=content-type;host, Signature=" + to_hex(hmac_of(Hash::sha256, key, to_sign));
}

}  // namespace citybridge::sms_http
