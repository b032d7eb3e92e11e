#include "core/desk/flow.h"

#include <algorithm>

namespace citybridge::desk {
namespace {

template <class T>
const T* by_name(const std::vector<T>& items, std::string_view name) {
    const auto it = std::find_if(items.begin(), items.end(), [&](const T& item) { return item.name == name; });
    return it == items.end() ? nullptr : &*it;
}

bool before(const Flow& a, const Flow& b) { return a.kind != b.kind ? a.kind < b.kind : a.version > b.version; }

}  // namespace

bool listed(const std::vector<std::string>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::string_view to_string(FieldType value) {
    switch (value) {
        case FieldType::text: return "text";
        case FieldType::integer: return "integer";
        case FieldType::boolean: return "boolean";
        case FieldType::choice: return "choice";
        case FieldType::date: return "date";
        case FieldType::time: return "time";
        case FieldType::phone: return "phone";
        case FieldType::email: return "email";
        case FieldType::user: return "user";
        case FieldType::group: return "group";
        case FieldType::article: return "article";
        case FieldType::order: return "order";
    }
    return "";
}

const FieldDef* Flow::field(std::string_view name) const { return by_name(fields, name); }
const StateDef* Flow::state(std::string_view name) const { return by_name(states, name); }
const ActionDef* Flow::action(std::string_view name) const { return by_name(actions, name); }
const FollowUpDef* Flow::follow_up(std::string_view name) const { return by_name(follow_ups, name); }
const ChainDef* Flow::chain(std::string_view name) const { return by_name(chains, name); }
const EscalationDef* Flow::escalation(std::string_view name) const { return by_name(escalations, name); }
const TemplateDef* Flow::message(std::string_view name) const { return by_name(templates, name); }
const ApprovalDef* Flow::approval(std::string_view name) const { return by_name(approvals, name); }

const ErpDef* Flow::erp_of_source(std::string_view instance) const {
    for (const ErpDef& erp : erps)
        if (erp.connector == instance || listed(erp.hooks, instance)) return &erp;
    return nullptr;
}

const StateDef& Flow::initial() const {
    return *std::find_if(states.begin(), states.end(), [](const StateDef& state) { return state.initial; });
}

bool Flow::is_closed(std::string_view name) const {
    const StateDef* found = state(name);
    return found != nullptr && found->closed;
}

FlowSet::FlowSet(std::vector<Flow> flows) {
    for (Flow& flow : flows) flows_.push_back(std::make_shared<const Flow>(std::move(flow)));
    std::sort(flows_.begin(), flows_.end(), [](const auto& a, const auto& b) { return before(*a, *b); });
}

const Flow* FlowSet::find(std::string_view kind) const {
    const auto it = std::lower_bound(flows_.begin(), flows_.end(), kind,
                                     [](const auto& flow, std::string_view wanted) { return flow->kind < wanted; });
    return it == flows_.end() || (*it)->kind != kind ? nullptr : it->get();
}

const Flow* FlowSet::find(std::string_view kind, std::int64_t version) const {
    const Flow* newest = find(kind);
    if (newest == nullptr || newest->version == version) return newest;
    for (const auto& flow : flows_)
        if (flow->kind == kind && flow->version == version) return flow.get();
    return newest;
}

std::vector<const Flow*> FlowSet::all() const {
    std::vector<const Flow*> out;
    for (const auto& flow : flows_)
        if (out.empty() || out.back()->kind != flow->kind) out.push_back(flow.get());
    return out;
}

void FlowSet::keep(std::shared_ptr<const Flow> older) {
    const auto it = std::lower_bound(flows_.begin(), flows_.end(), older,
                                     [](const auto& a, const auto& b) { return before(*a, *b); });
    if (it != flows_.end() && (*it)->kind == older->kind && (*it)->version == older->version) return;
    flows_.insert(it, std::move(older));
}

std::string FlowSet::kinds() const {
    std::string out;
    for (const Flow* flow : all()) out += (out.empty() ? "" : ", ") + flow->kind;
    return out;
}

}  // namespace citybridge::desk
