// What agents ask for themselves: a break, back from it, into the queues and out of them.
#include <memory>
#include <utility>

#include "adapters/asterisk/session.h"

namespace citybridge::asterisk {
namespace {

int rank(CommandOutcome outcome) {
    switch (outcome) {
        case CommandOutcome::accepted:
        case CommandOutcome::succeeded: return 0;
        case CommandOutcome::failed:
        case CommandOutcome::not_supported: return 1;
        case CommandOutcome::unknown: return 2;
    }
    return 2;
}

// One outcome of several actions: the least certain, else the first failure.
CommandDone joined(CommandDone done, std::size_t count) {
    struct Group {
        CommandDone done;
        std::size_t open = 0;
        CommandReply worst{CommandOutcome::succeeded, {}, {}};
    };
    auto group = std::make_shared<Group>(Group{std::move(done), count, {CommandOutcome::succeeded, {}, {}}});
    return [group](CommandReply reply) {
        if (rank(reply.outcome) > rank(group->worst.outcome)) group->worst = std::move(reply);
        if (--group->open == 0) group->done(std::move(group->worst));
    };
}

}  // namespace

void Session::set_agent_state(const AgentStateCommand& command, CommandDone done, Now now) {
    if (!ready()) return reply(std::move(done), CommandOutcome::failed, "link_down");
    if (requests_.size() + command.queues.size() >= kMaxCommands)
        return reply(std::move(done), CommandOutcome::failed, "failed");
    switch (command.wish) {
        case AgentWish::ready:
        case AgentWish::not_ready: return pause(command, std::move(done), now);
        case AgentWish::log_in: return log_in(command, std::move(done), now);
        case AgentWish::log_out: return log_out(command, std::move(done), now);
    }
}

// Without a queue: in all he is in.
void Session::pause(const AgentStateCommand& command, CommandDone done, Now now) {
    const std::vector<std::string> queues = command.queues.empty() ? std::vector<std::string>(1) : command.queues;
    const CommandDone each = joined(std::move(done), queues.size());
    for (const std::string& queue : queues) {
        const std::string id = next_id();
        Action action("QueuePause", id);
        action.add("Interface", translator_.interface_of(command.agent)).add_unless_empty("Queue", queue);
        action.add("Paused", command.wish == AgentWish::ready ? "false" : "true");
        if (command.wish == AgentWish::not_ready) action.add_unless_empty("Reason", command.reason);
        ask(Asked::member, action, id, now, each);
    }
}

void Session::log_in(const AgentStateCommand& command, CommandDone done, Now now) {
    const std::vector<std::string>& queues = command.queues.empty() ? settings_.queues : command.queues;
    if (queues.empty()) {
        log(LogLevel::warning, "asterisk.no_queue",
            "'" + command.agent + "' wants to log in and names no queue; the setting `queues` is empty too");
        return reply(std::move(done), CommandOutcome::failed, "failed");
    }
    const std::string interface = translator_.interface_of(command.agent);
    const CommandDone each = joined(std::move(done), queues.size());
    for (const std::string& queue : queues) {
        const std::string id = next_id();
        Action action("QueueAdd", id);
        action.add("Queue", queue).add("Interface", interface).add("Paused", "false");
        action.add_unless_empty("MemberName", members_.name_of(interface));
        action.add_unless_empty("StateInterface", command.device);
        ask(Asked::member, action, id, now, each);
    }
}

void Session::log_out(const AgentStateCommand& command, CommandDone done, Now now) {
    const std::string interface = translator_.interface_of(command.agent);
    const std::vector<std::string> queues = command.queues.empty() ? members_.queues_of(interface) : command.queues;
    if (queues.empty()) return reply(std::move(done), CommandOutcome::succeeded, {});  // he is in none
    const CommandDone each = joined(std::move(done), queues.size());
    for (const std::string& queue : queues) {
        const std::string id = next_id();
        ask(Asked::member, Action("QueueRemove", id).add("Queue", queue).add("Interface", interface), id, now, each);
    }
}

}  // namespace citybridge::asterisk
