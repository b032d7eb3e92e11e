#pragma once
// handlers_transfers.cpp: on-line transfers between cities.
#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

HttpResponse post_transfer_to_city(const Call& call);
HttpResponse get_transfers(const Call& call);
HttpResponse get_transfer(const Call& call);

}  // namespace citybridge::gateway
