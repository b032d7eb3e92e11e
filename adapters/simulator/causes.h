#pragma once
// Why a leg ended, in the PBX's numbers (Q.850) and in the words of command replies.
#include "core/api/signals.h"

namespace citybridge::simulator {

inline constexpr int kUnallocatedNumber = 1;
inline constexpr int kNormalClearing = 16;
inline constexpr int kUserBusy = 17;
inline constexpr int kNoAnswer = 19;
inline constexpr int kSubscriberAbsent = 20;
inline constexpr int kCallRejected = 21;

// Of a leg that was not answered.
constexpr int cause_of(DialResult result) {
    switch (result) {
        case DialResult::busy: return kUserBusy;
        case DialResult::no_answer: return kNoAnswer;
        case DialResult::rejected: return kCallRejected;
        case DialResult::failed: return kUnallocatedNumber;
        case DialResult::answered:
        case DialResult::cancelled: break;
    }
    return kNormalClearing;
}

constexpr const char* reason_of(DialResult result) {
    switch (result) {
        case DialResult::busy: return "busy";
        case DialResult::no_answer: return "no_answer";
        case DialResult::rejected: return "rejected";
        case DialResult::answered:
        case DialResult::cancelled:
        case DialResult::failed: break;
    }
    return "failed";
}

}  // namespace citybridge::simulator
