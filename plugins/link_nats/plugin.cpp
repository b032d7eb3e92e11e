// The library's manifest.
#include "plugins/link_nats/link_nats.h"

using citybridge::link_nats::LinkNats;

CITYBRIDGE_PLUGIN(LinkNats, "link_nats", "0.1.0");
