// A shared library that is no plugin, whatever it exports.
#include "tests/unit/host/broken/ran.h"

extern "C" __attribute__((visibility("default"))) const int citybridge_manifest = 1;
