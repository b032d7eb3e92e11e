#pragma once
// A flow as JSON for a user interface: what may be filled in and done, and the
// words to say. What only the engine needs is left out.
#include "core/desk/flow.h"
#include "core/desk/script_words.h"

namespace citybridge::desk {

// Names of the templates that people may send to customers by SMS: those marked so, and those the flow tells customers.
std::vector<std::string> customer_templates(const Flow& flow);

nlohmann::ordered_json flow_summary(const Flow& flow);  // kind, version, title
nlohmann::ordered_json flow_definition(const Flow& flow, const Scripts& shown);

// Words of the parts, for JSON and for pages: "after 2h, next day at 10:30", "overdue:first_contact", "role:admin".
std::string words_of(const Term& term);
std::string words_of(const Trigger& trigger);
std::string words_of(const Recipient& recipient);
std::string words_of(Millis stretch);
// What there are words to say for, each once, in the order of the file.
std::vector<Trigger> occasions(const Flow& flow);
// Of each the newest version that the file itself calls approved.
std::vector<const ScriptDef*> shown_scripts(const Flow& flow);

}  // namespace citybridge::desk
