#pragma once
// Steps of callbacks between cities; core/relay decides on them.
#include "core/relay/callback.h"

namespace citybridge::desk {

struct StepCallback {
    decltype(relay::CallbackInput::what) what;
};

}  // namespace citybridge::desk
