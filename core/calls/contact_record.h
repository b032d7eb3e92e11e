#pragma once
// Decisions about one contact that need nothing but its record.
#include "core/calls/records.h"

namespace citybridge::calls {

// DESIGN section 6, "a contact as JSON".
ContactState state_of(const ContactRecord& record, bool anchor_up, bool anchor_hears);
Outcome outcome_of(const ContactRecord& record);
// `ended_at`: when the customer's channel ended; `linked`: the link was up and told us of it.
EndedBy ended_by_of(const ContactRecord& record, WallTime ended_at, bool linked);

// Whom a transfer is to: his agent id, else his number.
std::string party_name(const Channel& channel);

// The customer's call ended before the PBX answered it. Where nobody was tried the
// cause (Q.850) is all there is: an extension that does not exist, a line that is barred.
void refused(ContactRecord& record, int cause);

void close_talk(ContactRecord& record, WallTime at);
void close_hold(ContactRecord& record, std::string_view channel, WallTime at);
void close_all_holds(ContactRecord& record, WallTime at);
// The hold that only its end has told was none, if that end came after `told_since`.
void withdraw_hold(ContactRecord& record, WallTime told_since);
// The hold of a channel that leaves the customer for a consultation was not pressed: the PBX put him on music.
void drop_hold(ContactRecord& record, std::string_view channel, WallTime at);
// Fixes wait_ms once: from entering the queue or the first ring until `at`.
void close_wait(ContactRecord& record, WallTime at);

}  // namespace citybridge::calls
