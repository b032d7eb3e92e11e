// Steps of one order that every flow knows: given to somebody else, a file added or taken away.
#include "core/api/desk_records.h"
#include "core/desk/access.h"
#include "core/desk/customer_steps.h"
#include "core/desk/json_text.h"
#include "core/desk/order_access.h"
#include "core/desk/step.h"

namespace citybridge::desk {
namespace {

const std::vector<std::string> kAssigners{"team_lead", "supervisor", "admin"};
const std::vector<std::string> kAttachers{"agent", "team_lead", "supervisor", "admin", "erp"};

Result<Found> reached(const Context& context, const std::string& id) {
    auto found = find_order(context, id);
    if (!found) return found;
    if (auto may = may_reach(context.actor(), *found->order); !may) return may.error();
    return found;
}

}  // namespace

Result<Decision> assign_order(const Context& context, const AssignOrder& what) {
    if (!has_role(context.actor(), kAssigners))
        return Error{"auth.forbidden", "giving orders to others needs one of the roles " + joined(kAssigners)};
    auto found = reached(context, what.order);
    if (!found) return found.error();
    const auto& [before, flow] = *found;
    if (flow->is_closed(before->state))
        return Error{"order.action_not_possible",
                     "order " + before->id + " is " + before->state + ", so nobody works on it any more"};
    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    step.history().action = "assigned_to";
    step.history().text = what.note;
    if (what.owner && *what.owner != before->owner) {
        step.history().detail["owner_before"] = before->owner;
        step.history().detail["owner"] = *what.owner;
        step.order().owner = *what.owner;
    }
    if (what.group && *what.group != before->group) {
        step.history().detail["group_before"] = before->group;
        step.history().detail["group"] = *what.group;
        step.order().group = *what.group;
    }
    return step.finish(OrderChanged::What::changed, 200);
}

Result<Decision> add_attachment(const Context& context, const AddAttachment& what) {
    if (!has_role(context.actor(), kAttachers))
        return Error{"auth.forbidden", "attaching files needs one of the roles " + joined(kAttachers)};
    auto found = reached(context, what.order);
    if (!found) return found.error();
    const auto& [before, flow] = *found;
    AttachmentRecord row = what.row;
    row.order = what.order;
    row.added_by = context.actor().user;
    row.added_at = context.now.wall;
    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    step.history().action = "attached";
    step.history().detail["attachment"] = row.id;
    step.history().detail["name"] = row.name;
    step.changes().desk.attachments.push_back(row);
    Decision decision = step.finish(OrderChanged::What::noted, 201);
    decision.reply = {201, "/v1/orders/" + row.order + "/attachments/" + row.id, dumped(to_json(row))};
    return decision;
}

Result<Decision> remove_attachment(const Context& context, const RemoveAttachment& what) {
    auto found = reached(context, what.order);
    if (!found) return found.error();
    const auto& [before, flow] = *found;
    const AttachmentRecord* row = context.view.attachment(what.id);
    if (row == nullptr || row->order != what.order)
        return Error{"attachment.unknown", "order " + what.order + " has no attachment " + what.id +
                                               "; GET /v1/orders/{id}/attachments lists them"};
    if (!has_role(context.actor(), kAssigners) && row->added_by != context.actor().user)
        return Error{"auth.forbidden",
                     "only who attached a file may take it away, or one of the roles " + joined(kAssigners)};
    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    step.history().action = "attachment_removed";
    step.history().detail["attachment"] = row->id;
    step.history().detail["name"] = row->name;
    step.changes().desk.removed_attachments.push_back(row->id);
    Decision decision = step.finish(OrderChanged::What::noted, 200);
    decision.reply = {204, "", ""};
    return decision;
}

}  // namespace citybridge::desk
