// callbacks: customers whom another city calls. cities: which there are, and what may be promised there.
#include <array>

#include "core/node/cli/commands.h"
#include "core/node/cli/record_tables.h"
#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using CallbackJson = nlohmann::ordered_json;

struct CallbackOptions {
    std::string id, city, number, customer, name, contact, order, transfer, group, notes;
    std::string text, to, outcome, confirmed_by;
    std::string state, owner, side;
    bool open = false;
};

// What the other city was not told is as good as undone.
std::string state_text(const CallbackJson& callback) {
    const bool lost = callback.value("undelivered", 0) > 0;
    return text_of(callback["state"]) + (lost ? ", undelivered" : "");
}

std::string callbacks_table(const CallbackJson& list) {
    std::vector<std::vector<std::string>> rows;
    for (const CallbackJson& each : list.is_array() ? list : CallbackJson::array({list})) {
        const bool out = each["side"] == "origin";
        rows.push_back({text_of(each["id"]), out ? "to " + text_of(each["target"]) : "from " + text_of(each["origin"]),
                        state_text(each), text_of(each["number"]), text_of(each["name"]), text_of(each["owner"]),
                        text_of(each["promised_at"]), text_of(each["outcome"])});
    }
    return format_table({"ID", "CITY", "STATE", "NUMBER", "NAME", "OWNER", "PROMISED", "OUTCOME"}, rows);
}

std::string callback_sheet(const CallbackJson& one) {
    CallbackJson top = one;
    top.erase("history");
    std::vector<std::vector<std::string>> rows;
    for (const CallbackJson& each : one["history"])
        rows.push_back({text_of(each["n"]), text_of(each["at"]), text_of(each["city"]), text_of(each["actor"]),
                        text_of(each["action"]), text_of(each["to_state"]), text_of(each["text"]),
                        each["detail"].empty() ? "-" : text_of(each["detail"].dump())});
    return sheet(top) + '\n' + format_table({"N", "AT", "CITY", "BY", "ACTION", "STATE", "TEXT", "DETAIL"}, rows);
}

std::string cities_table(const CallbackJson& list) {
    std::vector<std::vector<std::string>> rows;
    for (const CallbackJson& each : list)
        rows.push_back({text_of(each["id"]), text_of(each["name"]), text_of(each["hotline"]), text_of(each["calendar"]),
                        text_of(each["deputy"]), text_of(each["protocol"]), text_of(each["generation"]),
                        text_of(each["heard_at"]), text_of(each["answered_at"]),
                        each["reachable"].get<bool>() ? "yes" : "not for " + text_of(each["silent_seconds"]) + " s"});
    return format_table(
        {"CITY", "NAME", "HOTLINE", "HOURS", "DEPUTY", "PROTOCOL", "GENERATION", "HEARD", "ANSWERED", "REACHED"}, rows);
}

std::string promise_text(const CallbackJson& promise) {
    const std::string until =
        promise["promised_at"].is_null() ? std::string() : " until " + text_of(promise["promised_at"]);
    return text_of(promise["sentence"]) + '\n' + text_of(promise["when"]) + ", " + text_of(promise["city"]) + until +
           '\n';
}

int list_callbacks(const Cli& cli, const CallbackOptions& o) {
    const std::string query = query_of({{"state", o.state},
                                        {"city", o.city},
                                        {"owner", o.owner},
                                        {"side", o.side},
                                        {"customer", o.customer},
                                        {"open", o.open ? "true" : ""}});
    return show(ApiClient(cli.target).list("/v1/callbacks" + query), cli.json, callbacks_table);
}

void add_list_options(CLI::App& command, const std::shared_ptr<CallbackOptions>& o) {
    command.add_option("--state", o->state, "Only in this state");
    command.add_option("--city", o->city, "Only with this other city");
    command.add_option("--owner", o->owner, "Only this user's");
    command.add_option("--side", o->side, "origin: went out; target: came");
    command.add_option("--customer", o->customer, "Only this customer's");
    command.add_flag("--open", o->open, "Only those that have not ended");
}

struct CallbackAct {
    const char* name;
    const char* path;
    const char* sentence;
};
constexpr std::array kCallbackActs{
    CallbackAct{"take", "take", "It is mine now"},
    CallbackAct{"assign", "assign", "It is somebody's now (team leads)"},
    CallbackAct{"put-back", "put_back", "Into the list again; somebody else may have it"},
    CallbackAct{"dial", "dial", "Call the customer: my phone rings first"},
    CallbackAct{"done", "done", "It has ended with an outcome"},
    CallbackAct{"failed", "failed", "It has ended without having reached him"},
    CallbackAct{"give-back", "give_back", "The city it came from has it again (team leads)"},
    CallbackAct{"withdraw", "withdraw", "This city takes back what it handed over (team leads)"},
    CallbackAct{"offer-again", "offer_again", "Hand it over once more after taking it back (team leads)"},
    CallbackAct{"note", "note", "A remark for the history"},
};

void add_callback_act(CLI::App& callbacks, Cli& cli, const std::shared_ptr<CallbackOptions>& o,
                      const CallbackAct& act) {
    const std::string name = act.name;
    auto* command = callbacks.add_subcommand(name, act.sentence);
    command->add_option("id", o->id, "The callback")->required();
    command->add_option("--text", o->text, "A remark for the history")->required(name == "note");
    if (name == "assign") command->add_option("--to", o->to, "The user")->required();
    if (name == "done" || name == "failed") command->add_option("--outcome", o->outcome, "A word");
    if (name == "dial")
        command->add_option("--confirmed-by", o->confirmed_by,
                            "Who allows a call although the customer may have been called");
    command->callback([&cli, o, path = std::string(act.path)] {
        cli.run = [&cli, o, path] {
            const CallbackJson body = without_empty(
                {{"text", o->text}, {"to", o->to}, {"outcome", o->outcome}, {"confirmed_by", o->confirmed_by}});
            return show(ApiClient(cli.target).change("POST", "/v1/callbacks/" + path_segment(o->id) + '/' + path, body),
                        cli.json, callbacks_table);
        };
    });
}

void add_offer(CLI::App& callbacks, Cli& cli, const std::shared_ptr<CallbackOptions>& o) {
    auto* offer = callbacks.add_subcommand("offer", "Hand a customer to another city, whose agent calls him");
    offer->add_option("city", o->city, "The city")->required();
    offer->add_option("--number", o->number, "Whom; left out: the customer's number");
    offer->add_option("--customer", o->customer, "The customer's id");
    offer->add_option("--name", o->name, "His name");
    offer->add_option("--contact", o->contact, "The call in which he asked for it");
    offer->add_option("--order", o->order, "The work order it belongs to");
    offer->add_option("--transfer", o->transfer, "The on-line transfer that failed before");
    offer->add_option("--group", o->group, "Whose team lead answers for the promise");
    offer->add_option("--notes", o->notes, "What he wants");
    offer->callback([&cli, o] {
        cli.run = [&cli, o] {
            const CallbackJson body = without_empty({{"city", o->city},
                                                     {"number", o->number},
                                                     {"customer", o->customer},
                                                     {"name", o->name},
                                                     {"contact", o->contact},
                                                     {"order", o->order},
                                                     {"transfer", o->transfer},
                                                     {"group", o->group},
                                                     {"notes", o->notes}});
            return show(ApiClient(cli.target).change("POST", "/v1/callbacks", body), cli.json, callbacks_table);
        };
    });
}

void add_callbacks_group(CLI::App& app, Cli& cli) {
    auto* callbacks = app.add_subcommand("callbacks", "Customers whom another city calls; without more: the list");
    const auto o = std::make_shared<CallbackOptions>();
    callbacks->require_subcommand(0, 1);
    callbacks->callback([&cli, callbacks, o] {
        if (callbacks->get_subcommands().empty()) cli.run = [&cli, o] { return list_callbacks(cli, *o); };
    });
    auto* list = callbacks->add_subcommand("list", "The newest first");
    add_list_options(*list, o);
    list->callback([&cli, o] { cli.run = [&cli, o] { return list_callbacks(cli, *o); }; });
    auto* one = callbacks->add_subcommand("show", "One with its history here");
    one->add_option("id", o->id, "The callback")->required();
    one->callback([&cli, o] {
        cli.run = [&cli, o] {
            return show(ApiClient(cli.target).get("/v1/callbacks/" + path_segment(o->id)), cli.json, callback_sheet);
        };
    });
    add_offer(*callbacks, cli, o);
    for (const CallbackAct& act : kCallbackActs) add_callback_act(*callbacks, cli, o, act);
}

void add_cities_group(CLI::App& app, Cli& cli) {
    auto* cities = app.add_subcommand("cities", "The other cities; or promise CITY: what a customer may be told");
    cities->require_subcommand(0, 1);
    cities->callback([&cli, cities] {
        if (!cities->get_subcommands().empty()) return;
        cli.run = [&cli] { return show(items_of(ApiClient(cli.target).get("/v1/cities")), cli.json, cities_table); };
    });
    const auto city = std::make_shared<std::string>();
    auto* promise = cities->add_subcommand("promise", "The sentence to say, and the deadline");
    promise->add_option("city", *city, "The city")->required();
    promise->callback([&cli, city] {
        cli.run = [&cli, city] {
            return show(ApiClient(cli.target).get("/v1/cities/" + path_segment(*city) + "/promise"), cli.json,
                        promise_text);
        };
    });
}

}  // namespace

void add_callback_commands(CLI::App& app, Cli& cli) {
    add_callbacks_group(app, cli);
    add_cities_group(app, cli);
}

}  // namespace citybridge
