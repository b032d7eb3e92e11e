#pragma once
// Pages of lists that begin with the newest: the cursor is the time and the id of the last one.
#include "core/gateway/http_types.h"
#include "core/gateway/paging.h"
#include "core/gateway/services.h"
#include "core/store/desk_reader.h"

namespace citybridge::gateway {

// Code "request.bad_parameter".
Result<store::Before> before_of(const Call& call, std::size_t limit);
std::string key_before(WallTime at, const std::string& id);

}  // namespace citybridge::gateway
