#include "core/calls/transfer_reason.h"

#include "core/calls/contact_record.h"

namespace citybridge::calls {
namespace {

constexpr int kCallRejected = 21;

}  // namespace

// Q.850. 1 unallocated number, 3 no route to destination, 16 normal clearing, 17 user busy, 18 no user responding,
// 19 no answer, 22 number changed, 26 answered elsewhere, 28 incomplete number, 31 normal; the rest is the network's.
TransferReason reason_of_cause(int cause) {
    switch (cause) {
        case 0:
        case 16:
        case 26:
        case 31: return TransferReason::cancelled;
        case 17: return TransferReason::busy;
        case 18:
        case 19: return TransferReason::no_answer;
        case kCallRejected: return TransferReason::rejected;
        case 1:
        case 3:
        case 22:
        case 28: return TransferReason::no_such_number;
        default: return TransferReason::unreachable;
    }
}

TransferReason reason_of_dial(DialResult result, int cause) {
    switch (result) {
        case DialResult::answered: return TransferReason::none;
        case DialResult::no_answer: return TransferReason::no_answer;
        // Asterisk says "busy" for a declined call too.
        case DialResult::busy: return cause == kCallRejected ? TransferReason::rejected : TransferReason::busy;
        case DialResult::rejected: return TransferReason::rejected;
        case DialResult::cancelled: return TransferReason::cancelled;
        case DialResult::failed: break;
    }
    const TransferReason why = reason_of_cause(cause);
    return why == TransferReason::cancelled ? TransferReason::unreachable : why;
}

TransferResult result_for(TransferReason reason) {
    switch (reason) {
        case TransferReason::none: return TransferResult::completed;
        case TransferReason::cancelled:
        case TransferReason::hung_up:
        case TransferReason::customer_hung_up: return TransferResult::cancelled;
        case TransferReason::busy:
        case TransferReason::no_answer:
        case TransferReason::rejected:
        case TransferReason::no_such_number:
        case TransferReason::unreachable: return TransferResult::failed;
    }
    return TransferResult::failed;
}

TransferReason who_gave_up(const ContactRecord& record, const Channel& target) {
    if (record.customer_hung_up_at) return TransferReason::customer_hung_up;
    const bool spoke = target.state == ChannelState::up;
    return spoke && target.hung_up ? TransferReason::hung_up : TransferReason::cancelled;
}

void explain_last_transfer(ContactRecord& record, const Channel& target, int cause) {
    if (!target.dial_ended || target.state == ChannelState::up || record.view.transfers.empty()) return;
    Transfer& last = record.view.transfers.back();
    if (last.to != party_name(target) || last.result != TransferResult::failed) return;
    if (last.reason == TransferReason::busy) last.reason = reason_of_dial(DialResult::busy, cause);
    if (last.reason == TransferReason::unreachable) last.reason = reason_of_dial(DialResult::failed, cause);
}

}  // namespace citybridge::calls
