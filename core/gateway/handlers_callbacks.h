#pragma once
// handlers_callbacks.cpp: callbacks between cities.
#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

HttpResponse get_cities(const Call& call);
HttpResponse get_city_promise(const Call& call);
HttpResponse get_callbacks(const Call& call);
HttpResponse post_callback(const Call& call);
HttpResponse get_callback(const Call& call);
HttpResponse post_callback_action(const Call& call);

}  // namespace citybridge::gateway
