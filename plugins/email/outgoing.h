#pragma once
// An outbox message as a mail. Pure.
#include "core/api/records.h"
#include "plugins/email/settings.h"
#include "plugins/email/smtp_pool.h"
#include "plugins/email/token.h"

namespace citybridge::email {

// The payload is {"to", "name", "subject", "text"[, "html", "attachments": [{"name", "type", "base64"}], "confirm"]}.
// The same message gives the same bytes at every attempt. Errors: "email.bad_message", "email.bad_address",
// "email.bad_mail", "email.too_large", "email.no_confirm_key": no attempt will ever succeed.
Result<Prepared> prepare_mail(const OutboxRecord& message, const Writer& writer, const TokenKeys& keys);

}  // namespace citybridge::email
