// orders, order.
#include <charconv>

#include "core/node/cli/commands.h"
#include "core/node/cli/record_tables.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

struct ListOptions {
    std::string kind, state, owner, group, customer, city, contact, text, sort;
    std::string opened_from, opened_until, due_from, due_until;
    bool open = false, overdue = false;
};

struct OrderOptions {
    std::string id, action, text, revision;
    std::string kind, phone, customer, customer_name, contact, owner, group, note;
    std::vector<std::string> fields;
};

// "rooms=3" is a whole number, "satisfied=true" a boolean, "broker=" (nothing) removes, all else is text. Quotes make
// a text of what looks like something else: area='"12"'.
Json value_of(const std::string& text) {
    if (text.empty()) return nullptr;
    if (text == "true" || text == "false") return text == "true";
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem == std::errc{} && end == text.data() + text.size() && std::to_string(number) == text) return number;
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
    return text;
}

Result<Json> fields_of(const std::vector<std::string>& pairs) {
    Json out = Json::object();
    for (const std::string& pair : pairs) {
        const std::size_t at = pair.find('=');
        if (at == 0 || at == std::string::npos) return Error{"cli.bad_field", "--field " + pair + " is not name=value"};
        out[pair.substr(0, at)] = value_of(pair.substr(at + 1));
    }
    return out;
}

void put(Json& body, const char* name, const std::string& value) {
    if (!value.empty()) body[name] = value;
}

int list(const Cli& cli, const ListOptions& o) {
    const std::string path = "/v1/orders" + query_of({{"kind", o.kind},
                                                      {"state", o.state},
                                                      {"owner", o.owner},
                                                      {"group", o.group},
                                                      {"customer", o.customer},
                                                      {"city", o.city},
                                                      {"contact", o.contact},
                                                      {"text", o.text},
                                                      {"sort", o.sort},
                                                      {"opened_from", o.opened_from},
                                                      {"opened_until", o.opened_until},
                                                      {"due_from", o.due_from},
                                                      {"due_until", o.due_until},
                                                      {"open", o.open ? "true" : ""},
                                                      {"overdue", o.overdue ? "true" : ""}});
    return show(ApiClient(cli.target).list(path), cli.json, orders_table);
}

int show_order(const Cli& cli, const std::string& id) {
    if (id.empty()) return fail({"cli.no_order", "name an order, or say what to do: citybridge order --help"});
    ApiClient api(cli.target);
    auto order = api.get("/v1/orders/" + path_segment(id));
    if (!order) return fail(order.error());
    auto history = items_of(api.get("/v1/orders/" + path_segment(id) + "/history"));
    if (!history) return fail(history.error());
    (*order)["history"] = std::move(*history);
    return show(order, cli.json, order_sheet);
}

int open(const Cli& cli, const OrderOptions& o) {
    auto fields = fields_of(o.fields);
    if (!fields) return fail(fields.error());
    Json body{{"kind", o.kind}};
    put(body, "phone", o.phone);
    put(body, "customer", o.customer);
    put(body, "customer_name", o.customer_name);
    put(body, "contact", o.contact);
    put(body, "owner", o.owner);
    put(body, "group", o.group);
    put(body, "note", o.note);
    if (!fields->empty()) body["fields"] = std::move(*fields);
    return show(ApiClient(cli.target).change("POST", "/v1/orders", body), cli.json, sheet);
}

int act(const Cli& cli, const OrderOptions& o) {
    auto fields = fields_of(o.fields);
    if (!fields) return fail(fields.error());
    Json body = Json::object();
    if (!fields->empty()) body["fields"] = std::move(*fields);
    put(body, "note", o.note);
    if (!o.revision.empty()) body["revision"] = value_of(o.revision);
    const std::string path = "/v1/orders/" + path_segment(o.id) + '/' + path_segment(o.action);
    return show(ApiClient(cli.target).change("POST", path, body), cli.json, sheet);
}

int note(const Cli& cli, const OrderOptions& o) {
    const std::string path = "/v1/orders/" + path_segment(o.id) + "/notes";
    return show(ApiClient(cli.target).change("POST", path, {{"text", o.text}}), cli.json, sheet);
}

void add_open(CLI::App& order, Cli& cli, const std::shared_ptr<OrderOptions>& o) {
    auto* command = order.add_subcommand("open", "Open an order");
    command->add_option("--kind", o->kind, "The flow: sales_lead, ...")->required();
    command->add_option("--phone", o->phone, "The customer's number; nobody's: he is created");
    command->add_option("--customer", o->customer, "The customer's id");
    command->add_option("--customer-name", o->customer_name, "For a customer without a name");
    command->add_option("--contact", o->contact, "The contact it came from");
    command->add_option("--owner", o->owner, "User who owns it; default: who asks");
    command->add_option("--group", o->group, "Group it belongs to");
    command->add_option("--note", o->note, "A note for the history");
    command->add_option("--field", o->fields, "name=value; may be repeated");
    command->callback([&cli, o] { cli.run = [&cli, o] { return open(cli, *o); }; });
}

void add_act(CLI::App& order, Cli& cli, const std::shared_ptr<OrderOptions>& o) {
    auto* command = order.add_subcommand("act", "Carry out an action of the order's flow");
    command->add_option("id", o->id, "The order")->required();
    command->add_option("action", o->action, "One of its \"actions\"")->required();
    command->add_option("--field", o->fields, "name=value; may be repeated");
    command->add_option("--note", o->note, "A note for the history");
    command->add_option("--revision", o->revision, "Only if the order has not changed since");
    command->callback([&cli, o] { cli.run = [&cli, o] { return act(cli, *o); }; });
}

}  // namespace

void add_order_commands(CLI::App& app, Cli& cli) {
    auto* orders = app.add_subcommand("orders", "Work orders, the newest first");
    const auto filter = std::make_shared<ListOptions>();
    orders->add_option("--kind", filter->kind, "Only of this kind");
    orders->add_option("--state", filter->state, "Only in this state");
    orders->add_option("--owner", filter->owner, "Only of this user");
    orders->add_option("--group", filter->group, "Only of this group");
    orders->add_option("--customer", filter->customer, "Only of this customer");
    orders->add_option("--city", filter->city, "Only of this city");
    orders->add_option("--contact", filter->contact, "Only of this contact");
    orders->add_option("--text", filter->text, "Only with these words in the fields or in one note");
    orders->add_option("--sort", filter->sort, "created (newest first) or due (due first)");
    orders->add_option("--opened-from", filter->opened_from, "Opened then or later: 2026-11-22T02:00:00.000Z");
    orders->add_option("--opened-until", filter->opened_until, "Opened before");
    orders->add_option("--due-from", filter->due_from, "Due then or later");
    orders->add_option("--due-until", filter->due_until, "Due before");
    orders->add_flag("--open", filter->open, "Only those not closed");
    orders->add_flag("--overdue", filter->overdue, "Only those with an overdue follow-up");
    orders->callback([&cli, filter] { cli.run = [&cli, filter] { return list(cli, *filter); }; });

    auto* order = app.add_subcommand("order", "One order with its history; or open, act, note");
    const auto o = std::make_shared<OrderOptions>();
    const auto id = std::make_shared<std::string>();
    order->add_option("id", *id, "The order to show");
    order->require_subcommand(0, 1);
    order->callback([&cli, order, id] {
        if (order->get_subcommands().empty()) cli.run = [&cli, id] { return show_order(cli, *id); };
    });
    add_open(*order, cli, o);
    add_act(*order, cli, o);
    add_bulk_commands(*order, cli);
    auto* add_note = order->add_subcommand("note", "Add a note");
    add_note->add_option("id", o->id, "The order")->required();
    add_note->add_option("text", o->text, "The note")->required();
    add_note->callback([&cli, o] { cli.run = [&cli, o] { return note(cli, *o); }; });
}

}  // namespace citybridge
