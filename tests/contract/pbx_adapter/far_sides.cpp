#include "tests/contract/pbx_adapter/far_sides.h"

namespace citybridge::contract {

std::vector<Implementation> implementations() {
    return {{"asterisk", make_asterisk_far_side},
            {"freeswitch", make_freeswitch_far_side},
            {"simulator", make_simulator_far_side}};
}

}  // namespace citybridge::contract
