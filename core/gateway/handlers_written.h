#pragma once
// Short messages that people write: handlers of handlers_written.cpp, and how others show one.
#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

HttpResponse post_message(const Call& call);
HttpResponse get_message(const Call& call);
HttpResponse get_messages(const Call& call);

// Of one whose order the asker does not see: without number and text.
Result<nlohmann::ordered_json> shown_message(const Call& call, const WrittenMessageRecord& row);

}  // namespace citybridge::gateway
