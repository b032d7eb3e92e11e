#pragma once
// Contact::allowed: which of the PBX's actions make sense for a contact now.
#include <string>
#include <vector>

#include "core/calls/records.h"

namespace citybridge::calls {

// `consulting`: somebody is being consulted about it at this moment.
std::vector<std::string> allowed_now(const ContactRecord& record, const std::vector<CallAction>& actions,
                                     bool consulting);

}  // namespace citybridge::calls
