#pragma once
// A request at /v1/hooks/<instance> that holds several messages, such as a list of delivery reports. accept() packs
// them into one; the node takes them apart again, and each takes effect, is refused and is known as a repetition by
// itself. The request is answered 2xx when the node has all of them for good. Pure.
#include <vector>

#include "core/api/capabilities.h"

namespace citybridge {

// Of one connector. Precondition: not empty. A single one is left as it is.
InboundMessage pack_messages(std::vector<InboundMessage> messages);

// What pack_messages() was given, and one message as itself. Source and time of each are those of the whole: nothing
// inside can claim others. Empty: it says that it holds several, and is none that was packed.
std::vector<InboundMessage> unpack_messages(InboundMessage message);

}  // namespace citybridge
