#include "plugins/sms_http/settings_table.h"

#include "core/api/setting_rows.h"

namespace citybridge::sms_http {
namespace {

using setting_rows::choice;
using setting_rows::integer;
using setting_rows::list;
using setting_rows::required;
using setting_rows::secret;
using setting_rows::text;

using Rows = std::vector<Setting<Given>>;

Rows request_rows() {
    using G = Given;
    Rows rows{
        required(text("url", "", "Where messages go: http or https; may have places for values, such as {key_id}.",
                      &G::url)),
        choice("method", "POST|GET", "POST", "The request's method.", &G::method),
        choice("send_as", "form|query|json", "form",
               "Where the message stands: parameters in the body, parameters in the address, or a JSON body.",
               &G::send_as),
        text("parameters", "",
             "The parameters, one a line: name=text. Places such as {to} and {text} are filled; see Values above.",
             &G::parameters),
        text("headers", "", "Further headers, one a line: name: text.", &G::headers),
        text("body", "", "The JSON body; the texts in it may have places.", &G::body),
        choice("charset", "UTF-8|GBK|GB18030|UTF-16BE|ISO-8859-1", "UTF-8",
               "How parameters are written before they are percent-encoded; a text that it cannot hold is refused.",
               &G::charset),
        choice("percent_encoding", "rfc3986|form", "rfc3986", "How a blank is written: %20 or +.",
               &G::percent_encoding),
        text("user", "", "Our name at the gateway, as {user}.", &G::user),
        secret("password", "Our password at the gateway, as {password}.", &G::password),
        text("key_id", "", "{key_id}: the name of the key that signs.", &G::key_id),
        secret("key_secret", "{key_secret}: the key that signs.", &G::key_secret),
        text("signature", "", "{signature}: the company's name as the gateway knows it.", &G::signature),
        text("template", "",
             "{template}: the gateway's number of the text's template; with templates, of texts that it has no line "
             "for.",
             &G::template_id),
        text("templates", "",
             "Which of the gateway's templates sends which text of ours, one a line: name=number, name=number(value, "
             "value) or name=number(value, value): expression. See Templates above.",
             &G::templates),
        text("sender", "", "{sender}: the number or name that messages come from.", &G::sender),
        text("country_code", "86", "The country whose numbers {to_national} writes without it.", &G::country_code),
        text("text_pattern", "",
             "Regular expression whose groups are {1} to {9}, for gateways that want a template's values and not the "
             "text; a text that does not fit is refused.",
             &G::text_pattern),
        integer("max_parts", "", "10", 1, 255, "A text of more parts is refused; it is never cut.", &G::max_parts),
        integer("utc_offset_minutes", "minutes", "480", -720, 840, "The time zone of {time_local} and {date}.",
                &G::utc_offset_minutes)};
    return rows;
}

Rows signing_rows() {
    using G = Given;
    return {
        choice("signing", "none|sorted_hmac_sha1|sorted_hmac_sha256|tc3_hmac_sha256", "none",
               "How a request is signed with key_secret: over its sorted parameters, as Alibaba Cloud's RPC style has "
               "it, or by a header after TC3-HMAC-SHA256, as Tencent Cloud has it.",
               &G::signing),
        text("signature_parameter", "Signature", "The parameter with the signature of sorted_...",
             &G::signature_parameter),
        text("tc3_service", "sms", "The service's name in tc3_hmac_sha256.", &G::tc3_service),
        choice("digest", "none|md5|sha1|sha256|hmac_sha1|hmac_sha256", "none",
               "A hash over digest_text, as {digest}; hmac_... with key_secret.", &G::digest),
        text("digest_text", "", "What is hashed, such as {user}{password}{timestamp}.", &G::digest_text),
        choice("digest_as", "hex|upper_hex|base64", "hex", "How {digest} is written.", &G::digest_as)};
}

Rows answer_rows() {
    using G = Given;
    return {
        text(
            "success_path", "",
            "JSON pointer to the answer's word for success, such as /Code; without it and success_pattern every 2xx is "
            "success.",
            &G::success_path),
        list("success_values", "", "What stands at success_path when the message was taken.", &G::success_values),
        text("success_pattern", "", "Regular expression that fits the answer when the message was taken.",
             &G::success_pattern),
        text("id_path", "", "JSON pointer to the gateway's number of the message.", &G::id_path),
        text("id_pattern", "", "Regular expression whose first group is the gateway's number.", &G::id_pattern),
        text("error_path", "", "JSON pointer to the gateway's word for what is wrong.", &G::error_path),
        text("error_pattern", "", "Regular expression whose first group is that word.", &G::error_pattern),
        list("temporary", "", "Such words after which the message is tried again; Throttling* is all that begin so.",
             &G::temporary),
        list("permanent", "", "Such words after which a person must look, whatever the status.", &G::permanent)};
}

Rows report_rows() {
    using G = Given;
    return {
        secret("report_secret", "Lets delivery reports in at /v1/hooks/ and this connector's name; empty: none.",
               &G::report_secret),
        choice(
            "report_auth", "token|parameter|header|hmac_sha256", "token",
            "What proves a report: {report_token} of its message in a parameter, report_secret in a parameter or in a "
            "header, or the body's HMAC-SHA256 in a header.",
            &G::report_auth),
        text("report_auth_name", "token", "Name of that parameter or header.", &G::report_auth_name),
        text("report_id", "", "Where the gateway's number stands: a parameter, or a JSON pointer.", &G::report_id),
        text("report_message", "", "Where our number stands, if it was sent along as {id}.", &G::report_message),
        text("report_state", "", "Where the word for what became of the message stands.", &G::report_state),
        text("report_code", "", "Where the network's code stands.", &G::report_code),
        text("report_list", "", "JSON pointer to the list of reports; empty: the body.", &G::report_list),
        list("report_states", "",
             "What the words mean: DELIVRD=delivered, and one of delivered, undelivered, expired, rejected, accepted, "
             "unknown for each.",
             &G::report_states),
        text("poll_url", "", "Where reports are asked for, at a gateway that does not send them.", &G::poll_url),
        choice("poll_method", "POST|GET", "POST", "That request's method; also of poll_ack_url.", &G::poll_method),
        choice("poll_send_as", "form|query|json", "form", "Where its parameters stand.", &G::poll_send_as),
        text("poll_parameters", "", "Its parameters, one a line.", &G::poll_parameters),
        text("poll_body", "", "Its JSON body.", &G::poll_body),
        integer("poll_interval_s", "s", "60", 1, 86'400, "Time between two such requests.", &G::poll_interval_s),
        text("poll_ack_url", "", "Where the reports are acknowledged when the node has them; empty: nowhere.",
             &G::poll_ack_url),
        text("poll_ack_parameters", "", "Its parameters; {ids} are the gateway's numbers, joined by commas.",
             &G::poll_ack_parameters),
        text("poll_ack_body", "", "Its JSON body.", &G::poll_ack_body)};
}

Rows delivery_rows() {
    using G = Given;
    return {choice("repeats", "neither|dedupes", "neither",
                   "After an unclear answer or a crash: neither lets a person decide whether a message goes out again; "
                   "dedupes sends it again, which is safe at a gateway that knows {id}, and else may arrive twice.",
                   &G::repeats),
            text("retry_schedule", "5s, 15s, 1m, 5m, 15m, 1h, 2h, 4h",
                 "Waits between attempts; after the last one the message waits for a person.", &G::retry_schedule),
            integer("jitter_percent", "percent", "20", 0, 100,
                    "Each wait is lengthened by up to this share, at random.", &G::jitter_percent),
            integer("connections", "", "4", 1, 256, "Messages on their way at once.", &G::connections),
            integer("timeout_ms", "ms", "20000", 100, 600'000,
                    "Time for one attempt, from connecting to the whole answer.", &G::timeout_ms),
            integer("far_timeout_ms", "ms", "30000", 0, 3'600'000,
                    "After an unclear answer: how long the gateway may still be working on the message.",
                    &G::far_timeout_ms),
            text("ca_file", "", "Certificates that the gateway's is checked against, PEM; empty: the system's.",
                 &G::ca_file)};
}

}  // namespace

const std::vector<Setting<Given>>& settings_table() {
    static const Rows rows = [] {
        Rows all;
        for (const Rows& more : {request_rows(), signing_rows(), answer_rows(), report_rows(), delivery_rows()})
            all.insert(all.end(), more.begin(), more.end());
        return all;
    }();
    return rows;
}

}  // namespace citybridge::sms_http
