#pragma once
// What handlers of durable requests share: from a call to a request of the
// desk, from its answer to HTTP.
#include "core/desk/access.h"
#include "core/gateway/http_types.h"
#include "core/gateway/paging.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

desk::Actor actor_of(const User& user);
// With a fresh id (UUIDv7, RFC 9562: rows of one time lie side by side).
desk::Request request_of(const Call& call, decltype(desk::Request::what) what);
// Hands it to the durable strand; the answer says committed.
HttpResponse submit(const Call& call, decltype(desk::Request::what) what);
HttpResponse answer_of(const Result<DurableAnswer>& answer);

// E.164; an error names the field.
Result<std::string> number_of(const Call& call, std::string_view field, const std::string& text);
}  // namespace citybridge::gateway
