#pragma once
// Steps of customer_requests.h and outgoing_requests.h.
#include "core/desk/context.h"

namespace citybridge::desk {

// customer_merge.cpp
Result<Decision> merge_customers(const Context& context, const MergeCustomers& what);
// order_extras.cpp
Result<Decision> assign_order(const Context& context, const AssignOrder& what);
Result<Decision> add_attachment(const Context& context, const AddAttachment& what);
Result<Decision> remove_attachment(const Context& context, const RemoveAttachment& what);
// outgoing.cpp
Result<Decision> open_outgoing_list(const Context& context, const OpenOutgoingList& what);
Result<Decision> add_entries(const Context& context, const AddEntries& what);
Result<Decision> close_outgoing_list(const Context& context, const CloseOutgoingList& what);
// outgoing_calls.cpp
Result<Decision> take_entry(const Context& context, const TakeEntry& what);
Result<Decision> finish_entry(const Context& context, const FinishEntry& what);
Result<Decision> release_entry(const Context& context, const ReleaseEntry& what);

std::string entry_id(const std::string& list, const OutgoingEntryRecord& row);
std::string list_of_entry(const std::string& id);

}  // namespace citybridge::desk
