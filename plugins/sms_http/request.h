#pragma once
// One HTTP request to the gateway, from its templates and a message's values. Pure.
#include <nlohmann/json.hpp>
#include <string>

#include "core/api/http.h"
#include "core/api/result.h"
#include "plugins/sms_http/signing.h"
#include "plugins/sms_http/text_template.h"

namespace citybridge::sms_http {

enum class SendAs { query, form, json };
enum class Signing { none, sorted_hmac_sha1, sorted_hmac_sha256, tc3_hmac_sha256 };
enum class Digest { none, md5, sha1, sha256, hmac_sha1, hmac_sha256 };
enum class DigestAs { hex, upper_hex, base64 };

struct RequestTemplate {
    std::string method = "POST";
    std::string url;
    SendAs send_as = SendAs::form;
    Parameters parameters;                  // of query and form
    Parameters headers;                     // name to template
    nlohmann::ordered_json body = nullptr;  // of json: texts in it are templates
};

// How requests are written and signed; the same for sending and asking.
struct RequestStyle {
    std::string charset = "UTF-8";  // of parameters
    bool form_blanks = false;       // a blank is "+"
    Signing signing = Signing::none;
    std::string signature_parameter = "Signature";
    std::string tc3_service = "sms";
    Digest digest = Digest::none;
    DigestAs digest_as = DigestAs::hex;
    std::string digest_text;
    std::string ca_file;
    Millis timeout{20'000};
};

// `values` with "key_id", "key_secret". Error codes: "sms.charset" (the text has a character that the charset has
// not), "sms.bad_message" (a value that cannot stand in a header).
Result<HttpOutgoing> make_request(const RequestTemplate& from, const RequestStyle& style, Values values, WallTime now);

}  // namespace citybridge::sms_http
