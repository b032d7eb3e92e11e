// One library of a misbehaving plugin: named after its fault.
#include "tests/unit/host/broken/fault.h"

namespace citybridge::test {

constexpr std::string_view kFault = MISBEHAVIOUR;

}  // namespace citybridge::test

CITYBRIDGE_CARD(CITYBRIDGE_STR(CITYBRIDGE_ABI_VERSION), CITYBRIDGE_BUILD_TAG, MISBEHAVIOUR, "1.2.3");
extern "C" __attribute__((visibility("default")))
const citybridge::Manifest citybridge_manifest{citybridge::kAbiMagic,
                                               citybridge::kAbiVersion,
                                               CITYBRIDGE_BUILD_TAG,
                                               MISBEHAVIOUR,
                                               "1.2.3",
                                               &citybridge::test::misbehaving_settings,
                                               &citybridge::test::make_misbehaving,
                                               &citybridge::test::drop_misbehaving};
