#include "core/desk/render.h"

#include <date/tz.h>

#include "core/desk/engine.h"
#include "core/desk/sms_text_rules.h"

namespace citybridge::desk {
namespace {

struct Rows {
    const FlowBook& book;
    const std::string& city;
    const Calendars& calendars;
    const Flow& flow;
    const OrderRecord& order;
    const CustomerRecord* customer;
    const std::vector<DeadlineRecord>& deadlines;
    WallTime now;
};

std::string local_time(const Calendars& calendars, WallTime time) {
    const auto local =
        date::locate_zone(calendars.city().doc().zone)->to_local(date::sys_time<Millis>{time.time_since_epoch()});
    return date::format("%F %H:%M", date::floor<std::chrono::minutes>(local));
}

std::string order_word(const Rows& rows, const std::string& name) {
    const OrderRecord& order = rows.order;
    if (name == "id") return order.id;
    if (name == "kind") return order.kind;
    if (name == "title") return rows.flow.title;
    if (name == "owner") return order.owner;
    if (name == "group") return order.group;
    if (name == "city") return order.city;
    if (name == "external_id") return order.external_id;
    const StateDef* state = rows.flow.state(order.state);
    return state == nullptr ? order.state : state->title;
}

std::string value_of(const Rows& rows, const TextPart& part) {
    using K = TextPart::Kind;
    switch (part.kind) {
        case K::words: return part.text;
        case K::order: return order_word(rows, part.text);
        case K::field: {
            const FieldDef* field = rows.flow.field(part.text);
            return field == nullptr || field->secret ? std::string() : value_text(rows.order, part.text);
        }
        case K::customer:
            if (rows.customer == nullptr) return {};
            if (part.text == "name") return rows.customer->name;
            return rows.customer->numbers.empty() ? std::string() : rows.customer->numbers.front();
        case K::due:
            for (const DeadlineRecord& row : rows.deadlines)
                if (row.name == part.text) return local_time(rows.calendars, row.due_at);
            return {};
        case K::chain: {
            const LocalDay today = rows.calendars.city().local_day(rows.now);
            const Person* person = chain_person(rows.book, rows.city, rows.flow, rows.order, part.text, today);
            return person == nullptr ? std::string() : person->name;
        }
        case K::script: return {};
    }
    return {};
}

std::string filled(const Rows& rows, const std::vector<TextPart>& parts) {
    std::string out;
    for (const TextPart& part : parts) out += value_of(rows, part);
    return out;
}

// What stands at the text's places, in their order: gateways that send templates of their own ask for these.
std::vector<std::string> values_of(const Rows& rows, const std::vector<TextPart>& parts) {
    std::vector<std::string> out;
    for (const TextPart& part : parts)
        if (part.kind != TextPart::Kind::words) out.push_back(value_of(rows, part));
    return out;
}

struct Address {
    std::string name, email, phone;
};

Address of_person(const Person* person, const std::string& name) {
    if (person == nullptr) return {name, {}, {}};
    return {person->name, person->email, person->mobile.empty() ? person->office : person->mobile};
}

Address address_of(const Rows& rows, const Json& to) {
    if (const std::string user = text_in(to, "user"); !user.empty())
        return of_person(rows.book.directory.of_user(user), user);
    if (const std::string name = text_in(to, "entry"); !name.empty()) {
        const DirectoryEntry* entry = rows.book.directory.find(name, rows.city);
        const std::string person = text_in(to, "person");
        if (entry != nullptr)
            for (const Person& one : entry->people)
                if (one.name == person) return of_person(&one, person);
        return {person, {}, {}};
    }
    if (const std::string field = text_in(to, "field"); !field.empty()) {
        const std::string value = value_text(rows.order, field);
        return {{}, value, value};
    }
    if (rows.customer == nullptr || rows.customer->numbers.empty()) return {};
    const CustomerRecord& customer = *rows.customer;
    return {
        customer.name, {}, customer.preferred_number.empty() ? customer.numbers.front() : customer.preferred_number};
}

}  // namespace

const TemplateDef* template_of(const Flow& flow, const std::string& name, const std::string& channel) {
    const TemplateDef* general = nullptr;
    for (const TemplateDef& def : flow.templates) {
        if (def.name != name) continue;
        if (def.channel == channel) return &def;
        if (def.channel.empty() && general == nullptr) general = &def;
    }
    return general;
}

Result<MessageText> render_texts(const FlowBook& book, const std::string& city, const Calendars& calendars,
                                 const Flow& flow, const std::string& name, const std::string& channel,
                                 const OrderRecord& order, const CustomerRecord* customer,
                                 const std::vector<DeadlineRecord>& deadlines, WallTime now) {
    const TemplateDef* text = template_of(flow, name, channel);
    if (text == nullptr)
        return Error{"tell.no_template",
                     "flow " + flow.kind + " has no template \"" + name + "\" for " + channel + " any more"};
    const Rows rows{book, city, calendars, flow, order, customer, deadlines, now};
    MessageText out{filled(rows, text->subject), filled(rows, text->text), values_of(rows, text->text)};
    if (channel == "sms") out.text = signed_sms(book.messages, out.text);
    return out;
}

Result<std::string> render(const FlowBook& book, const std::string& city, const Calendars& calendars,
                           const OutboxRecord& message, const OrderRecord& order, const CustomerRecord* customer,
                           const std::vector<DeadlineRecord>& deadlines, WallTime now) {
    const Json payload = Json::parse(message.payload, nullptr, false);
    const Flow* flow = book.flows.find(text_in(payload, "flow"), number_in(payload, "version"));
    const std::string channel = text_in(payload, "channel");
    if (flow == nullptr) return Error{"tell.no_template", "flow " + text_in(payload, "flow") + " is not here any more"};
    auto text = render_texts(book, city, calendars, *flow, text_in(payload, "template"), channel, order, customer,
                             deadlines, now);
    if (!text) return text.error();
    const Rows rows{book, city, calendars, *flow, order, customer, deadlines, now};
    const auto to = payload.find("to");
    const Address address = address_of(rows, to == payload.end() ? Json::object() : *to);
    const std::string& where = channel == "email" ? address.email : address.phone;
    if (where.empty())
        return Error{"tell.no_address", "nobody knows " +
                                            std::string(channel == "email" ? "an e-mail address" : "a number") +
                                            " of " + (address.name.empty() ? "who is meant" : address.name) +
                                            " any more; put it into the directory"};
    Json out{{"channel", channel}, {"to", where},       {"name", address.name}, {"subject", text->subject},
             {"text", text->text}, {"order", order.id}, {"kind", order.kind}};
    out["template"] = text_in(payload, "template");
    out["values"] = text->values;
    if (const auto confirm = payload.find("confirm"); confirm != payload.end()) out["confirm"] = *confirm;
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace citybridge::desk
