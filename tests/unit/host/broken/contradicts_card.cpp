// The card is right, the manifest is of another plugin and has no functions.
#include "core/api/manifest.h"

CITYBRIDGE_CARD(CITYBRIDGE_STR(CITYBRIDGE_ABI_VERSION), CITYBRIDGE_BUILD_TAG, "contradicts_card", "1");
extern "C" __attribute__((visibility("default"))) const citybridge::Manifest citybridge_manifest{
    citybridge::kAbiMagic, citybridge::kAbiVersion, CITYBRIDGE_BUILD_TAG, "another", "1", nullptr, nullptr, nullptr};
