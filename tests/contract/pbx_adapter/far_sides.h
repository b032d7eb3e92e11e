#pragma once
// Every implementation the suite runs against.
#include "tests/contract/pbx_adapter/far_side.h"

namespace citybridge::contract {

std::vector<Implementation> implementations();

}  // namespace citybridge::contract
