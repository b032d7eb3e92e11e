#include "core/desk/written_text.h"

#include <algorithm>

#include "core/api/sms_text.h"
#include "core/api/text.h"
#include "core/desk/access.h"
#include "core/desk/flow_json.h"
#include "core/desk/render.h"
#include "core/desk/sms_text_rules.h"
#include "core/desk/verification.h"

namespace citybridge::desk {
namespace {

// What no telephone shows: C0 but line breaks, DEL, and C1, whose UTF-8 is 0xC2 and 0x80 to 0x9F.
bool has_control_characters(const std::string& text) {
    unsigned char before = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\n' && c != '\r') || byte == 0x7F) return true;
        if (before == 0xC2 && byte >= 0x80 && byte <= 0x9F) return true;
        before = byte;
    }
    return false;
}

// Of nothing but blanks: ASCII's, the one that does not break, and the wide one of Chinese texts.
bool is_blank(std::string text) {
    for (const std::string_view wide : {"\xC2\xA0", "\xE3\x80\x80"})
        for (std::size_t at = text.find(wide); at != std::string::npos; at = text.find(wide, at))
            text.replace(at, wide.size(), " ");
    return trimmed(text).empty();
}

Result<> check_text(const std::string& text) {
    if (is_blank(text))
        return Error{"message.bad_text", "the message says nothing; write what the customer is to read"};
    if (!is_utf8(text)) return Error{"message.bad_text", "the message is not UTF-8; send it as UTF-8"};
    if (has_control_characters(text))
        return Error{"message.bad_text",
                     "the message has control characters, which no telephone shows; only line breaks are possible"};
    return ok();
}

Error no_such_use(const std::string& name, const std::string& why) {
    return {"message.bad_template", "template \"" + name + "\" " + why};
}

// A secret is sent to nobody; without an order there is nothing to fill in.
Result<> check_template(const Flow& flow, const TemplateDef& def, bool has_order) {
    // What is said inside the house is not for customers' eyes.
    const auto possible = customer_templates(flow);
    if (std::find(possible.begin(), possible.end(), def.name) == possible.end())
        return no_such_use(def.name, "is not for customers; possible here: " + joined(possible) +
                                         " (for=\"customer\" in the flow's file)");
    for (const TextPart& part : def.text) {
        const FieldDef* field = part.kind == TextPart::Kind::field ? flow.field(part.text) : nullptr;
        if (field != nullptr && field->secret)
            return no_such_use(def.name, "tells the field \"" + part.text +
                                             "\", which is secret and sent to nobody; take another template");
        const bool of_order = part.kind != TextPart::Kind::words && part.kind != TextPart::Kind::customer;
        if (of_order && !has_order)
            return no_such_use(def.name, "speaks of an order; write it from that order, or take another template");
    }
    return ok();
}

Result<MessageText> from_template(const Context& context, const WriteMessage& what, const OrderRecord& order,
                                  const CustomerRecord& customer) {
    if (what.template_name == kCodeMessage)
        return no_such_use(what.template_name, "carries a code; start a verification, which sends it");
    const bool has_order = !order.id.empty();
    if (has_order && !what.kind.empty() && what.kind != order.kind)
        return no_such_use(what.template_name, "is to be of kind \"" + what.kind + "\", and order " + order.id +
                                                   " is of kind \"" + order.kind + "\"; leave the kind out");
    const Flow* flow = has_order ? context.flows.of(order) : context.flows.find(what.kind);
    if (flow == nullptr)
        return Error{"flow.unknown", "there is no flow of kind \"" + what.kind + "\"; GET /v1/flows lists them"};
    if (const TemplateDef* def = template_of(*flow, what.template_name, "sms"))
        if (auto fine = check_template(*flow, *def, has_order); !fine) return fine.error();
    return render_texts(context.book, context.settings.city, context.calendars, *flow, what.template_name, "sms", order,
                        &customer, has_order ? context.view.open_deadlines(order.id) : std::vector<DeadlineRecord>{},
                        context.now.wall);
}

Result<MessageText> own_words(const Context& context, const WriteMessage& what) {
    const MessageRules& rules = context.book.messages;
    if (!has_role(context.actor(), rules.free_text_roles))
        return Error{"message.free_text_forbidden",
                     "texts of one's own need one of the roles " + joined(rules.free_text_roles) +
                         " (setting sms_free_text_roles of <desk>); take one of the templates"};
    return MessageText{{}, signed_sms(rules, what.text), {what.text}};
}

}  // namespace

Result<WrittenText> written_text(const Context& context, const WriteMessage& what, const OrderRecord& order,
                                 const CustomerRecord& customer) {
    const auto made =
        what.template_name.empty() ? own_words(context, what) : from_template(context, what, order, customer);
    if (!made) return made.error();
    // The signature alone says nothing either.
    const std::string signature = signed_sms(context.book.messages, {});
    std::string bare = made->text;
    if (const std::size_t at = bare.find(signature); at != std::string::npos) bare.erase(at, signature.size());
    if (auto fine = check_text(bare); !fine) return fine.error();
    const auto split = sms_text(made->text);
    if (!split) return Error{"message.too_long", split.error().detail};
    const auto most = static_cast<std::size_t>(context.book.messages.most_parts);
    if (split->parts.size() > most)
        return Error{"message.too_long", "the message needs " + std::to_string(split->parts.size()) + " parts, and " +
                                             std::to_string(most) +
                                             " are allowed (setting sms_max_parts of <desk>); shorten it"};
    return WrittenText{made->text, made->values, split->parts.size()};
}

}  // namespace citybridge::desk
