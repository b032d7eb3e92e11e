#pragma once
// A flow as JSON for a user interface: what may be filled in and done, and the
// words to say. What only the engine needs is left out.
#include "core/desk/flow.h"

namespace citybridge::desk {

nlohmann::ordered_json flow_summary(const Flow& flow);     // kind, version, title
nlohmann::ordered_json flow_definition(const Flow& flow);  // scripts: the newest approved version of each

// Words of the parts, for JSON and for pages: "after 2h, next day at 10:30", "overdue:first_contact", "role:admin".
std::string words_of(const Term& term);
std::string words_of(const Trigger& trigger);
std::string words_of(const Recipient& recipient);
std::string words_of(Millis stretch);
// The newest approved version of each script, in the order of the file.
std::vector<const ScriptDef*> shown_scripts(const Flow& flow);

}  // namespace citybridge::desk
