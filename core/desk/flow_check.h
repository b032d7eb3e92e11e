#pragma once
// What must hold across the parts of one flow: names used are defined, states
// can be reached, someone may carry out every action.
#include <vector>

#include "core/desk/flow.h"

namespace citybridge::desk {

struct ActionPlaces {
    Position name, from, to, roles, required_fields, optional_fields;
};
struct FollowUpPlaces {
    Position name, due_state, set_by, settled_by;
};
// Where everything stands in the file; same order as in the Flow.
struct FlowPlaces {
    Position kind, open_roles, note_roles;
    std::vector<Position> fields;
    std::vector<Position> states;
    std::vector<ActionPlaces> actions;
    std::vector<FollowUpPlaces> follow_ups;
    std::vector<std::vector<Position>> sends;
};

void check_flow(const Flow& flow, const FlowPlaces& places, Problems& problems);

}  // namespace citybridge::desk
