// One library of a misbehaving plugin: named after its fault.
#include "tests/unit/host/broken/misbehaving.h"

namespace citybridge::test {

constexpr std::string_view kFault = MISBEHAVIOUR;

}  // namespace citybridge::test

CITYBRIDGE_PLUGIN(citybridge::test::Misbehaving, MISBEHAVIOUR, "1.2.3");
