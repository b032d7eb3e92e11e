#pragma once
// Handlers of handlers_verification.cpp and handlers_messages.cpp.
#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

HttpResponse post_verification(const Call& call);
HttpResponse get_verifications(const Call& call);
HttpResponse get_verification(const Call& call);
HttpResponse post_verification_check(const Call& call);
HttpResponse post_verification_resend(const Call& call);
HttpResponse post_verification_unlock(const Call& call);

HttpResponse get_blocked(const Call& call);
HttpResponse post_blocked(const Call& call);
HttpResponse post_message_preview(const Call& call);

}  // namespace citybridge::gateway
