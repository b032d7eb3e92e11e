#pragma once
#include <string>
#include <vector>

#include "core/api/model.h"
#include "core/api/time.h"

namespace citybridge::calls {

struct CallSettings {
    std::string city{};
    std::string pbx{};  // instance name in the configuration
    // A device whose own number has this many digits is an agent's, also without configuration.
    int agent_digits_min = 3;
    int agent_digits_max = 5;
    int wrap_up_seconds = 0;           // 0: what the queue says
    std::string region = "CN";         // for customer_number_e164
    std::string outside_prefix = "9";  // digits for an outside line, taken off for E.164
    // What becomes of an agent whose desktop vanished and did not come back in time.
    enum class DesktopGone { none, not_ready, logged_out } desktop_gone = DesktopGone::none;
    Millis desktop_grace{60'000};
    Millis sweep_every{1'000};          // looking for agents shown busy for no reason; 0: never
    std::vector<CallAction> actions{};  // what the adapter can do with a contact
};

}  // namespace citybridge::calls
