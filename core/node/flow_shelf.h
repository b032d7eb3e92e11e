#pragma once
// Versions of flows that open orders began with, kept in the store with their
// text (meta "flow:KIND:VERSION"), so that an order stays on its version
// whatever the files say today.
#include "core/desk/flow.h"
#include "core/store/reader.h"
#include "core/store/store.h"

namespace citybridge {

// The flows of the files with the older versions that open orders use. Nothing is written. Codes "store.*";
// "flow.version_in_use": a file says other things than before under the same version, and open orders use it.
Result<desk::FlowSet> with_versions_in_use(desk::FlowSet current, store::Store& store, store::Readers& readers);
// Keeps the text of every flow of the files. Code "store.*".
Result<> keep_versions(const desk::FlowSet& current, store::Store& store);

}  // namespace citybridge
