#include "plugins/email/outgoing.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plugins/email/encodings.h"
#include "plugins/email/message.h"

namespace citybridge::email {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxId = 200;
constexpr std::size_t kMaxAttachments = 100;

Error bad_payload(const std::string& what) { return {"email.bad_message", what}; }

// Of an object; "" if it is absent. Nothing: it is there and no text.
std::optional<std::string> text_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return std::string();
    if (!found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

Result<std::vector<Attachment>> attachments_of(const Json& payload) {
    std::vector<Attachment> out;
    const auto found = payload.find("attachments");
    if (found == payload.end() || found->is_null()) return out;
    if (!found->is_array() || found->size() > kMaxAttachments)
        return bad_payload("attachments is a list of at most 100 objects with name, type and base64");
    for (const Json& each : *found) {
        if (!each.is_object()) return bad_payload("an attachment is an object with name, type and base64");
        const auto name = text_of(each, "name");
        const auto type = text_of(each, "type");
        const auto content = text_of(each, "base64");
        if (!name || !type || !content || !is_base64(*content))
            return bad_payload("an attachment has a name, a type and its bytes as base64");
        out.push_back({name->empty() ? "attachment" : *name, type->empty() ? "application/octet-stream" : *type,
                       base64_decoded(*content)});
    }
    return out;
}

// Letters, digits and "._-" as they are, anything else as "%xx": unique, and right in a Message-ID.
std::string id_atom(std::string_view id) {
    std::string out = percent_encoded(id);
    // A dot-atom has no dot at an end and no two in a row.
    for (std::size_t at = 0; at < out.size(); ++at)
        if (out[at] == '.' && (at == 0 || at + 1 == out.size() || out[at - 1] == '.')) out[at] = '_';
    return out;
}

// Where answers and reports go, and by what they are known.
void mark(const OutboxRecord& message, const Writer& writer, const TokenKeys& keys, bool confirm, Mail& mail,
          Envelope& envelope) {
    const auto token = [&](TokenUse use) { return keys.make({use, message.id, message.order}); };
    mail.message_id = id_atom(message.id);
    envelope.from = writer.reply_to.text();
    if (writer.reply_to != writer.from) mail.reply_to = writer.reply_to;
    if (!keys.none()) {
        mail.message_id += '.' + token(confirm ? TokenUse::confirm : TokenUse::reference);
        const auto sub = [&](TokenUse use) {
            return writer.delimiter == '\0' ? Address{} : sub_address(writer.reply_to, writer.delimiter, token(use));
        };
        if (const Address back = sub(TokenUse::bounce); !back.local.empty()) envelope.from = back.text();
        if (confirm) {
            const Address back = sub(TokenUse::confirm);
            if (!back.local.empty())
                mail.reply_to = back;
            else
                mail.subject += " [" + token(TokenUse::confirm) + ']';
        }
    }
    mail.message_id += '@' + writer.id_domain;
}

}  // namespace

Result<Prepared> prepare_mail(const OutboxRecord& message, const Writer& writer, const TokenKeys& keys) {
    if (message.id.empty() || message.id.size() > kMaxId || message.order.size() > kMaxId)
        return bad_payload("the message's id is empty or longer than 200 characters");
    const Json payload = Json::parse(message.payload, nullptr, false);
    if (!payload.is_object()) return bad_payload("the message's content is no JSON object");
    const auto to = text_of(payload, "to");
    const auto name = text_of(payload, "name");
    const auto subject = text_of(payload, "subject");
    const auto text = text_of(payload, "text");
    const auto html = text_of(payload, "html");
    if (!to || !name || !subject || !text || !html) return bad_payload("to, name, subject, text and html are texts");
    const auto address = parse_address(*to);
    if (!address) return address.error();
    auto attachments = attachments_of(payload);
    if (!attachments) return attachments.error();
    const auto wish = payload.find("confirm");
    const bool required = wish != payload.end() && wish->is_boolean() && wish->get<bool>();
    const bool confirm = required || (wish != payload.end() && *wish == "if_possible" && !keys.none());
    if (required && keys.none())
        return Error{"email.no_confirm_key", "the mail is to be confirmed, and the plugin has no confirm_key"};

    Mail mail;
    mail.from = writer.from;
    mail.from_name = writer.from_name;
    mail.to = *address;
    mail.to_name = *name;
    mail.subject = *subject;
    mail.text = *text;
    mail.html = *html;
    mail.date = message.created_at;
    mail.attachments = std::move(*attachments);
    Prepared out;
    out.envelope.to = address->text();
    mark(message, writer, keys, confirm, mail, out.envelope);
    auto bytes = build_mail(mail);
    if (!bytes) return bytes.error();
    if (bytes->size() > writer.max_bytes)
        return Error{"email.too_large", "the mail has " + std::to_string(bytes->size()) + " bytes; at most " +
                                            std::to_string(writer.max_bytes) + " are allowed (max_mail_bytes)"};
    out.bytes = std::move(*bytes);
    return out;
}

}  // namespace citybridge::email
