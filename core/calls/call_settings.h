#pragma once
#include <string>
#include <vector>

namespace citybridge::calls {

struct CallSettings {
    std::string city{};
    std::string pbx{};  // instance name in the configuration
    // A device whose own number has this many digits is an agent's, also without configuration.
    int agent_digits_min = 3;
    int agent_digits_max = 5;
    int wrap_up_seconds = 0;              // 0: what the queue says
    std::string region = "CN";            // for customer_number_e164
    std::string outside_prefix = "9";     // digits for an outside line, taken off for E.164
    std::vector<std::string> commands{};  // what the adapter can do with a contact
};

}  // namespace citybridge::calls
