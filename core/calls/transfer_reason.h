#pragma once
// Why a transfer came to nothing, from what the PBX says of the call to whom it was for.
#include "core/calls/records.h"

namespace citybridge::calls {

// `cause`: Q.850, 0 if it is not told. `answered` has none.
TransferReason reason_of_dial(DialResult result, int cause);
// Of a line that ended before it was answered. cancelled: nothing went wrong, it was taken back.
TransferReason reason_of_cause(int cause);
// A consultation that ended for `reason`: given up by somebody, or failed.
TransferResult result_for(TransferReason reason);
// Nothing went wrong with the call to `target`: who wanted no more of it.
TransferReason who_gave_up(const ContactRecord& record, const Channel& target);
// The cause comes after the dial's end: the last transfer may be told more exactly by it.
void explain_last_transfer(ContactRecord& record, const Channel& target, int cause);

}  // namespace citybridge::calls
