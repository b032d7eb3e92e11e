#pragma once
// How a caller proves who he is (B4; docs/verification.md): what may be asked of the desk.
#include <string>

#include "core/api/capabilities.h"

namespace citybridge::desk {

// A code to the number on file. The caller of the API names a customer and never a number.
struct StartVerification {
    std::string customer;  // id
    std::string purpose;
    std::string order;    // id of an open order of his; empty: none
    std::string contact;  // id; empty: none
    std::string nonce;    // random, from who asks: the desk has no dice
};

// What is done with one that is there; `what` is never `start`.
struct StepVerification {
    std::string id;
    VerificationAsk::What what = VerificationAsk::What::check;
    std::string code;    // of `check`; in no row and no log
    std::string reason;  // of `unlock`: why, for the history
};

}  // namespace citybridge::desk
