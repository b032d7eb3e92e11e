#include "core/gateway/handing_over.h"

#include "core/api/model_json.h"
#include "core/gateway/crypto.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

std::string address_of(const std::string& command) { return "/v1/commands/" + command; }

CommandRecord command_of(const Call& call, const std::string& id, const CommandFacts& facts) {
    const WallTime now = system_now().wall;
    CommandRecord row;
    row.id = id;
    row.user = call.user().user.name;
    row.kind = facts.kind;
    row.contact = facts.contact;
    row.detail = facts.detail;
    row.at = row.updated_at = now;
    return row;
}

void note_not_sent(const Call& call, const std::string& id, const CommandFacts& facts) {
    Changes fact;
    fact.commands.push_back(command_of(call, id, facts));
    fact.commands.back().state = to_string(CommandOutcome::failed);
    fact.commands.back().reason = "store.outcome_unknown";
    call.services.durable.note(std::move(fact));
}

}  // namespace

// It is in the journal before the live strand knows it, because its result may come before `order` returns.
HttpResponse hand_over(const Call& call, const CommandFacts& facts, const GiveOrder& order) {
    const std::string id = random_hex(16);
    const std::string& user = call.user().user.name;
    call.services.commands.add(id, user, facts.contact);
    if (const Result<> taken = order(id, user); !taken) {
        call.services.commands.remove(id);
        return problem(taken.error());
    }
    Changes fact;
    fact.commands.push_back(command_of(call, id, facts));
    call.services.durable.note(std::move(fact));
    return json_response(202, {{"command_id", id}}).with("Location", address_of(id));
}

HttpResponse commit_first(const Call& call, const CommandFacts& facts, const GiveOrder& order) {
    const std::string id = random_hex(16);
    const std::string& user = call.user().user.name;
    const nlohmann::ordered_json answer{{"command_id", id}};
    Changes row;
    row.commands.push_back(command_of(call, id, facts));
    call.services.commands.add(id, user, facts.contact);
    const auto kept = call.services.durable.record(std::move(row), {202, address_of(id), dump(answer)}, call.key);
    if (!kept || kept->replayed) {
        call.services.commands.remove(id);
        // It may be committed yet; it was not sent, and whoever asks for it by the same key must learn that.
        if (!kept && kept.error().code == "store.outcome_unknown") note_not_sent(call, id, facts);
        return answer_of(kept);
    }
    // Taken back by its result, because whoever repeats it is told of this command.
    if (const Result<> taken = order(id, user); !taken)
        call.services.live.give_up({id, user, CommandOutcome::failed, taken.error().code, facts.contact});
    return answer_of(kept);
}

}  // namespace citybridge::gateway
