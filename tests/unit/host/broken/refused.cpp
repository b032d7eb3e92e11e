// A library the host must refuse by its card: card and manifest agree, but are
// of another interface or another compiler.
#include "core/api/manifest.h"
#include "tests/unit/host/broken/ran.h"

CITYBRIDGE_CARD(CITYBRIDGE_STR(REFUSED_ABI), REFUSED_BUILD, "refused", "1");
extern "C" __attribute__((visibility("default"))) const citybridge::Manifest citybridge_manifest{
    citybridge::kAbiMagic, REFUSED_ABI, REFUSED_BUILD, "refused", "1", nullptr, nullptr, nullptr};
