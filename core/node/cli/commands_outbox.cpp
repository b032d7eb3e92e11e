// outbox, dead-letters, destinations.
#include "core/node/cli/commands.h"
#include "core/node/cli/record_tables.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

struct OutboxOptions {
    std::string destination, state, key, order, id;
    bool out_of_turn = false;
};

struct RangeOptions {
    std::string destination, state, key;
    std::int64_t from = -1, to = -1;
};

std::string query_text(const OutboxOptions& o) {
    return query_of({{"destination", o.destination}, {"state", o.state}, {"key", o.key}, {"order", o.order}});
}

std::string address_of(const OutboxOptions& o) { return "/v1/admin/outbox/" + path_segment(o.id); }

void add_filters(CLI::App& command, OutboxOptions& o) {
    command.add_option("--destination", o.destination, "Only messages to this connector");
    command.add_option("--state", o.state, "Only messages in this state");
    command.add_option("--key", o.key, "Only messages of this key");
}

void add_outbox(CLI::App& app, Cli& cli) {
    auto* outbox = app.add_subcommand("outbox", "Messages outward, the newest first; or show, replay, cancel");
    const auto o = std::make_shared<OutboxOptions>();
    add_filters(*outbox, *o);
    outbox->add_option("--order", o->order, "Only messages of this order");
    outbox->require_subcommand(0, 1);
    outbox->callback([&cli, outbox, o] {
        if (outbox->get_subcommands().empty())
            cli.run = [&cli, o] {
                return show(ApiClient(cli.target).list("/v1/admin/outbox" + query_text(*o)), cli.json, outbox_table);
            };
    });
    auto* one = outbox->add_subcommand("show", "One message with its content");
    one->add_option("id", o->id, "The message")->required();
    one->callback([&cli, o] {
        cli.run = [&cli, o] { return show(ApiClient(cli.target).get(address_of(*o)), cli.json, sheet); };
    });
    auto* replay = outbox->add_subcommand("replay", "Send a message again that was given up");
    replay->add_option("id", o->id, "The message")->required();
    replay->add_flag("--out-of-turn", o->out_of_turn, "Now, past the others of its key; the message is marked");
    replay->callback([&cli, o] {
        cli.run = [&cli, o] {
            const std::string path = address_of(*o) + "/replay" + (o->out_of_turn ? "?out_of_turn=true" : "");
            return done(ApiClient(cli.target).change("POST", path), cli.json, "sent again: " + o->id);
        };
    });
    auto* cancel = outbox->add_subcommand("cancel", "Give a message up for good; its key goes on");
    cancel->add_option("id", o->id, "The message")->required();
    cancel->callback([&cli, o] {
        cli.run = [&cli, o] {
            const auto answer = ApiClient(cli.target).change("POST", address_of(*o) + "/cancel");
            return done(answer, cli.json, "given up: " + o->id);
        };
    });
}

int replay_range(const Cli& cli, const RangeOptions& range) {
    Json body{{"destination", range.destination}};
    if (!range.state.empty()) body["state"] = range.state;
    if (!range.key.empty()) body["key"] = range.key;
    if (range.from >= 0) body["from_seq"] = range.from;
    if (range.to >= 0) body["to_seq"] = range.to;
    return show(ApiClient(cli.target).change("POST", "/v1/admin/dead-letters/replay", body), cli.json, replayed_line);
}

void add_dead_letters(CLI::App& app, Cli& cli) {
    auto* letters = app.add_subcommand("dead-letters", "Messages that wait for a person; or replay a range of them");
    const auto o = std::make_shared<OutboxOptions>();
    add_filters(*letters, *o);
    letters->require_subcommand(0, 1);
    letters->callback([&cli, letters, o] {
        if (letters->get_subcommands().empty())
            cli.run = [&cli, o] {
                const std::string path = "/v1/admin/dead-letters" + query_text(*o);
                return show(ApiClient(cli.target).list(path), cli.json, outbox_table);
            };
    });
    auto* replay = letters->add_subcommand("replay", "Send them again in their order, at most 1000");
    const auto range = std::make_shared<RangeOptions>();
    replay->add_option("--destination", range->destination, "The connector")->required();
    replay->add_option("--state", range->state, "possibly_done: those that may have taken effect already");
    replay->add_option("--key", range->key, "Only messages of this key");
    replay->add_option("--from", range->from, "Seq of the first");
    replay->add_option("--to", range->to, "Seq of the last");
    replay->callback([&cli, range] { cli.run = [&cli, range] { return replay_range(cli, *range); }; });
}

void add_destinations(CLI::App& app, Cli& cli) {
    auto* all = app.add_subcommand("destinations", "How deliveries stand; or enable, disable");
    all->require_subcommand(0, 1);
    all->callback([&cli, all] {
        if (all->get_subcommands().empty())
            cli.run = [&cli] {
                const auto list = items_of(ApiClient(cli.target).get("/v1/admin/destinations"));
                return show(list, cli.json, destinations_table);
            };
    });
    for (const std::string word : {"enable", "disable"}) {
        auto* command = all->add_subcommand(word, word == "enable" ? "Send there again" : "Send nothing there");
        const auto name = std::make_shared<std::string>();
        command->add_option("name", *name, "The connector")->required();
        command->callback([&cli, name, word] {
            cli.run = [&cli, name, word] {
                const std::string path = "/v1/admin/destinations/" + path_segment(*name) + "/state";
                return done(ApiClient(cli.target).change("PUT", path, {{"state", word + "d"}}), cli.json,
                            word + "d: " + *name);
            };
        });
    }
}

}  // namespace

void add_outbox_commands(CLI::App& app, Cli& cli) {
    add_outbox(app, cli);
    add_dead_letters(app, cli);
    add_destinations(app, cli);
}

}  // namespace citybridge
