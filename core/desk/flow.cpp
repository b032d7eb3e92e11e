#include "core/desk/flow.h"

#include <algorithm>

namespace citybridge::desk {
namespace {

template <class T>
const T* by_name(const std::vector<T>& items, std::string_view name) {
    const auto it = std::find_if(items.begin(), items.end(), [&](const T& item) { return item.name == name; });
    return it == items.end() ? nullptr : &*it;
}

}  // namespace

bool listed(const std::vector<std::string>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

const FieldDef* Flow::field(std::string_view name) const { return by_name(fields, name); }
const StateDef* Flow::state(std::string_view name) const { return by_name(states, name); }
const ActionDef* Flow::action(std::string_view name) const { return by_name(actions, name); }

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

const Flow* FlowSet::find(std::string_view kind) const {
    const auto it = std::find_if(flows_.begin(), flows_.end(), [&](const Flow& flow) { return flow.kind == kind; });
    return it == flows_.end() ? nullptr : &*it;
}

std::string FlowSet::kinds() const {
    std::string out;
    for (const Flow& flow : flows_) out += (out.empty() ? "" : ", ") + flow.kind;
    return out;
}

}  // namespace citybridge::desk
