// The library's manifest.
#include "plugins/link_https/link_https.h"

using citybridge::link_https::LinkHttps;

CITYBRIDGE_PLUGIN(LinkHttps, "link_https", "0.1.0");
