// The card is right, the manifest is not there.
#include "core/api/manifest.h"

CITYBRIDGE_CARD(CITYBRIDGE_STR(CITYBRIDGE_ABI_VERSION), CITYBRIDGE_BUILD_TAG, "no_manifest", "1");
