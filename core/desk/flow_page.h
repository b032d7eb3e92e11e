#pragma once
// docs/flows/KIND.md: a flow for people to read, with a state diagram as
// Mermaid text. Written from the definition by ./dev docs.
#include "core/desk/flow.h"

namespace citybridge::desk {

std::string flow_page(const Flow& flow);
// docs/flows/README.md: all kinds.
std::string flow_index(const FlowSet& flows);
std::string state_diagram(const Flow& flow);  // stateDiagram-v2

}  // namespace citybridge::desk
