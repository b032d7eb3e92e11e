#pragma once
// Of an exchange after a restore: what had ended. One of two cities may have forgotten an end, or hold one that was
// overtaken after its backup; both must hold the same in the end.
//
// The restored city lists what ended lately, as little of each as tells its end, by id and in pages: page n says from
// which id to which it lists everything it knows. The other merges what it knows otherwise, as with open tasks, and
// tells in full what ended lately within those ids and is not listed.
#include <set>
#include <string>
#include <vector>

#include "core/relay/callback_message.h"
#include "core/relay/callback_step.h"

namespace citybridge::relay {

// "ended" of each message of an exchange: at least one. `told`: those that are told in any case.
std::vector<Fields> ended_pages(const CallbackContext& context, const std::string& city,
                                const std::set<std::string>& told);
// What the answer tells of them. `settled`: those that it tells already; then these, too.
void answer_ended(const CallbackContext& context, const CityMessage& message, std::set<std::string>& settled,
                  std::vector<Fields>& tasks, CallbackDecision& out);
// It ended here, too, in the same hand and with the same outcome: nothing is to be said or written.
bool is_same_end(const CallbackRecord* row, const ToldTask& told);

}  // namespace citybridge::relay
