// What a contact was about (A10).
#include "core/desk/json_text.h"
#include "core/desk/paper.h"

namespace citybridge::desk {
namespace {

std::string leaves_below(const Disposition& entry) {
    std::vector<std::string> codes;
    for (const Disposition& child : entry.children) codes.push_back(child.code);
    return joined(codes);
}

}  // namespace

Result<Decision> set_disposition(const Context& context, const SetDisposition& what) {
    if (!has_role(context.actor(), {"agent", "team_lead", "supervisor", "admin"}))
        return Error{"auth.forbidden", "a disposition is given by agents, team leads and above"};
    const auto centre = context.settings.centre->get();
    if (centre->dispositions.empty())
        return Error{"disposition.none", "this city has no dispositions; name a file of them in its configuration"};
    const Disposition* entry = centre->dispositions.find(what.code);
    if (entry == nullptr)
        return Error{"disposition.unknown",
                     "there is no disposition \"" + what.code + "\"; GET /v1/dispositions lists those there are"};
    if (!entry->children.empty())
        return Error{"disposition.not_a_leaf",
                     "\"" + what.code + "\" is divided further; choose one of " + leaves_below(*entry)};
    DispositionRecord row{what.contact, entry->code, entry->path,          context.settings.city,
                          what.queue,   what.agent,  context.actor().user, context.now.wall};
    if (const DispositionRecord* before = context.view.disposition(what.contact)) {
        // A correction counts where the conversation was counted, not on the day it is made.
        row.at = before->at;
        if (row.agent.empty()) row.agent = before->agent;
        if (row.queue.empty()) row.queue = before->queue;
    }
    Decision out;
    const Fields shown = to_json(row);
    const std::string json = dumped(shown);
    out.reply = {200, "", json};
    out.events.emplace_back(PaperChanged{"disposition.set", what.contact, {context.actor().user}, {}, false, json});
    tell_subscribers(context, "disposition.set", "disposition." + context.request.id, what.contact,
                     {{"disposition", shown}}, out.changes);
    out.changes.papers.dispositions.push_back(std::move(row));
    return out;
}

}  // namespace citybridge::desk
