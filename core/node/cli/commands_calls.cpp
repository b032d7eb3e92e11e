// contacts hold, transfer, ...; agents state: what an agent does with calls and with himself.
#include <chrono>
#include <cstdio>
#include <thread>

#include "core/node/cli/commands.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

constexpr Millis kPoll{100};
constexpr Millis kPatience{130'000};  // the node has given a result by then

struct CallOptions {
    std::string id, to, action;
    bool attended = false, cancel = false, no_wait = false;
};

struct StateOptions {
    std::string agent, state, reason;
    std::vector<std::string> queues;
    bool confirm = false;
    bool no_wait = false;
};

std::string text_or(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

int told(const Cli& cli, const Json& command) {
    const std::string state = text_or(command, "state"), reason = text_or(command, "reason");
    if (state == "succeeded") return done(Result<Json>(command), cli.json, "done");
    if (state == "unknown") return fail({"cli.command_unknown", "nobody knows whether it was done: " + reason});
    return fail({"cli.command_failed", reason.empty() ? state : reason});
}

// Gives the command and, unless told otherwise, waits for what becomes of it.
int give(const Cli& cli, const std::string& method, const std::string& path, const Json& body, bool no_wait) {
    ApiClient api(cli.target);
    const auto accepted = api.change(method, path, body);
    if (!accepted) return fail(accepted.error());
    const std::string id = text_or(*accepted, "command_id");
    if (id.empty()) return fail({"cli.bad_answer", "the node gave no command id"});
    if (no_wait) return done(accepted, cli.json, "accepted as " + id);
    const auto until = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        const auto command = api.get("/v1/commands/" + path_segment(id));
        if (!command) return fail(command.error());
        if (text_or(*command, "state") != "accepted") return told(cli, *command);
        if (std::chrono::steady_clock::now() > until)
            return fail({"cli.command_unknown", "there is no result yet; ask later for /v1/commands/" + id});
        std::this_thread::sleep_for(kPoll);
    }
}

int act(const Cli& cli, const std::string& what, const CallOptions& o, const Json& body) {
    return give(cli, "POST", "/v1/contacts/" + path_segment(o.id) + '/' + what, body, o.no_wait);
}

using SharedCallOptions = std::shared_ptr<CallOptions>;

CLI::App* add(CLI::App& contacts, const SharedCallOptions& o, const char* what, const char* sentence) {
    auto* command = contacts.add_subcommand(what, sentence);
    command->add_option("id", o->id, "The contact")->required();
    command->add_flag("--no-wait", o->no_wait, "Do not wait for what becomes of it");
    return command;
}

void add_plain(CLI::App& contacts, Cli& cli, const SharedCallOptions& o, const char* what, const char* sentence) {
    add(contacts, o, what, sentence)->callback([&cli, o, what] {
        cli.run = [&cli, o, what] { return act(cli, what, *o, nullptr); };
    });
}

int set_state(const Cli& cli, const StateOptions& o) {
    Json body{{"state", o.state}};
    if (!o.reason.empty()) body["reason"] = o.reason;
    if (!o.queues.empty()) body["queues"] = o.queues;
    if (o.confirm) body["confirm"] = true;
    return give(cli, "PUT", "/v1/agents/" + path_segment(o.agent) + "/state", body, o.no_wait);
}

}  // namespace

void add_contact_actions(CLI::App& contacts, Cli& cli) {
    const auto o = std::make_shared<CallOptions>();
    add_plain(contacts, cli, o, "hangup", "End it: the agent's own part, a leader's command the customer's");
    add_plain(contacts, cli, o, "hold", "The customer waits");
    add_plain(contacts, cli, o, "retrieve", "Back from hold");
    add_plain(contacts, cli, o, "park", "Leave the customer in a parking slot");

    auto* transfer = add(contacts, o, "transfer", "Give the customer to a number, or to whom the agent consults");
    transfer->add_option("--to", o->to, "The number");
    transfer->add_flag("--attended", o->attended, "To the colleague who is consulted");
    transfer->callback([&cli, o] {
        cli.run = [&cli, o] {
            Json body{{"kind", o->attended ? "attended" : "blind"}};
            if (!o->to.empty()) body["to"] = o->to;
            return act(cli, "transfer", *o, body);
        };
    });
    auto* consult = add(contacts, o, "consult", "Call a colleague while the customer waits");
    auto* to = consult->add_option("--to", o->to, "The number");
    consult->add_flag("--cancel", o->cancel, "Back to the customer")->excludes(to);
    consult->callback([&cli, o] {
        cli.run = [&cli, o] {
            const Json body = o->cancel ? Json{{"cancel", true}} : Json{{"to", o->to}};
            return act(cli, "consult", *o, body);
        };
    });
    auto* conference = add(contacts, o, "conference", "All three talk");
    conference->add_option("--to", o->to, "Call a third; left out: whom the agent consults joins in");
    conference->callback([&cli, o] {
        cli.run = [&cli, o] { return act(cli, "conference", *o, o->to.empty() ? Json(nullptr) : Json{{"to", o->to}}); };
    });
    auto* record = add(contacts, o, "record", "Start, stop, mute or unmute a recording");
    record->add_option("action", o->action, "start, stop, mute, unmute")->required();
    record->callback([&cli, o] { cli.run = [&cli, o] { return act(cli, "record", *o, {{"action", o->action}}); }; });
}

void add_agent_actions(CLI::App& agents, Cli& cli) {
    const auto o = std::make_shared<StateOptions>();
    auto* state = agents.add_subcommand("state", "Make an agent ready or not ready, log him in or out");
    state->add_option("agent", o->agent, "His id")->required();
    state->add_option("state", o->state, "ready, not_ready, logged_in, logged_out")->required();
    state->add_option("--reason", o->reason, "Why not ready");
    state->add_option("--queue", o->queues, "Of logged_in and logged_out; may be repeated");
    state->add_flag("--confirm", o->confirm, "Also if it leaves fewer people than the calendar wants at their desks");
    state->add_flag("--no-wait", o->no_wait, "Do not wait for what becomes of it");
    state->callback([&cli, o] { cli.run = [&cli, o] { return set_state(cli, *o); }; });
}

}  // namespace citybridge
