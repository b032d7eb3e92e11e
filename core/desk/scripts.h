#pragma once
// Words to say (标准话述) and who approved them. What the flows' files say is proposed to a paper of its own per kind
// and occasion ("scr_repair.state.calling"); people see the newest words that all have approved, whatever the files
// say meanwhile.
//
// body: {"flow", "on", "version", "text" (absent: nothing was approved yet), "approvals": [{"name", "user", "at"}] of
// what waits, "next": {"title", "text", "version", "returned": {"by", "text", "at"} or absent} or absent}. Every
// version is kept for ever as the detail of an entry. States: review (nothing to be seen yet), published, changed
// (published, and new words wait), retired (its flow has it no more; orders of older versions go on with it).
#include <map>
#include <string>

#include "core/desk/flow.h"
#include "core/desk/paper.h"
#include "core/desk/script_words.h"

namespace citybridge::desk {

// What the files themselves call approved: for a centre that approves elsewhere, and for the stories.
Scripts approved_in_files(const FlowSet& flows);

std::string script_id(const std::string& kind, const Trigger& on);
// What the files say and the papers do not yet; in the order in which they are to be taken.
std::vector<ProposeScript> script_proposals(const FlowSet& flows, const std::map<std::string, PaperRecord>& papers);
// Names of the approvals that are still missing; none if nothing waits.
std::vector<std::string> missing_approvals(const Centre& centre, const PaperRecord& script);
// He could give one of them now.
bool waits_for(const Centre& centre, const PaperRecord& script, const Actor& actor);

Result<Decision> propose_script(const Context& context, const ProposeScript& what);

}  // namespace citybridge::desk
