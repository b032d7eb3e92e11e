#pragma once
// Handlers around customers and orders, by file.
#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

// handlers_merge.cpp
HttpResponse post_customer_merge(const Call& call);
HttpResponse get_customer_history(const Call& call);
// handlers_bulk.cpp
HttpResponse post_orders_bulk(const Call& call);
// handlers_outgoing.cpp
HttpResponse get_outgoing_lists(const Call& call);
HttpResponse post_outgoing_list(const Call& call);
HttpResponse get_outgoing_list(const Call& call);
HttpResponse post_outgoing_close(const Call& call);
HttpResponse get_outgoing_entries(const Call& call);
HttpResponse post_outgoing_entries(const Call& call);
HttpResponse post_outgoing_next(const Call& call);
HttpResponse post_entry_result(const Call& call);
HttpResponse post_entry_release(const Call& call);
HttpResponse get_call_sample(const Call& call);
// handlers_attachments.cpp
HttpResponse get_attachments(const Call& call);
HttpResponse post_attachment(const Call& call);
HttpResponse get_attachment(const Call& call);
HttpResponse delete_attachment(const Call& call);

}  // namespace citybridge::gateway
