// Files that belong to orders. The bytes are on the disk before the row is committed, so nothing acknowledged is lost;
// bytes without a row are swept.
#include "core/api/model_json.h"
#include "core/gateway/attachment_kind.h"
#include "core/gateway/crypto.h"
#include "core/gateway/customer_fields.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/handlers.h"
#include "core/gateway/handlers_desk.h"
#include "core/gateway/http_codec.h"
#include "core/gateway/problem.h"
#include "core/store/desk_reader.h"

namespace citybridge::gateway {
namespace {

Result<> sees_order(const Call& call) {
    const auto order = call.services.durable.readers().order(call.params[0]);
    if (!order) return order.error();
    if (!*order || !desk::reaches(actor_of(call.user().user), **order))
        return Error{"order.unknown", "No order of yours has this id."};
    return ok();
}

Result<AttachmentRecord> visible_attachment(const Call& call) {
    if (auto sees = sees_order(call); !sees) return sees.error();
    const auto row = store::attachment(call.services.durable.readers(), call.params[1]);
    if (!row) return row.error();
    if (!*row || (*row)->order != call.params[0])
        return Error{"attachment.unknown", "The order has no attachment with this id."};
    return **row;
}

Result<AttachmentRecord> read_file(const Call& call, std::size_t most) {
    const std::string& bytes = call.request.body;
    AttachmentRecord row;
    row.name = safe_name(param(call.request, "name"));
    if (row.name.empty())
        return Error{"attachment.bad_name", "Nothing is left of the name without path and control characters."};
    if (bytes.size() > most)
        return Error{"attachment.too_large", "The file has " + std::to_string(bytes.size()) + " bytes; " +
                                                 std::to_string(most) + " are the most."};
    row.media_type = media_type_of(bytes);
    if (row.media_type.empty())
        return Error{"attachment.bad_type", "The bytes are no pdf, png, jpeg, xlsx, docx or plain text in UTF-8."};
    row.size = static_cast<std::int64_t>(bytes.size());
    row.sha256 = sha256_hex(bytes);
    return row;
}

}  // namespace

HttpResponse get_attachments(const Call& call) {
    if (auto sees = sees_order(call); !sees) return problem(sees.error());
    const auto rows = store::attachments_of(call.services.durable.readers(), call.params[0]);
    if (!rows) return problem(rows.error());
    auto items = nlohmann::ordered_json::array();
    for (const AttachmentRecord& row : *rows) items.push_back(to_json(row));
    return page_response(std::move(items), {});
}

HttpResponse post_attachment(const Call& call) {
    AttachmentsPort* files = call.services.hooks.attachments;
    if (files == nullptr) return problem("attachment.unavailable", "This node keeps no attachments.");
    // Who may not add it must not fill the disk either.
    if (auto sees = sees_order(call); !sees) return problem(sees.error());
    auto row = read_file(call, files->most_bytes());
    if (!row) return problem(row.error());
    if (auto kept = files->keep(row->sha256, call.request.body); !kept) return problem(kept.error());
    desk::Request request = request_of(call, desk::AddAttachment{call.params[0], {}});
    row->id = "att_" + request.id;
    std::get<desk::AddAttachment>(request.what).row = std::move(*row);
    return answer_of(call.services.durable.submit(std::move(request), call.key));
}

HttpResponse get_attachment(const Call& call) {
    const auto row = visible_attachment(call);
    if (!row) return problem(row.error());
    AttachmentsPort* files = call.services.hooks.attachments;
    if (files == nullptr) return problem("attachment.unavailable", "This node keeps no attachments.");
    auto bytes = files->read(row->sha256);
    if (!bytes) return problem(bytes.error());
    HttpResponse response;
    response.body = std::move(*bytes);
    // Saved and never shown: a browser that opened it would do so with the asker's rights here.
    return response.with("Content-Type", row->media_type)
        .with("Content-Disposition", "attachment; filename*=UTF-8''" + percent_encode(row->name))
        .with("Content-Security-Policy", "sandbox")
        .with("ETag", '"' + row->sha256 + '"');
}

HttpResponse delete_attachment(const Call& call) {
    return submit(call, desk::RemoveAttachment{call.params[0], call.params[1]});
}

}  // namespace citybridge::gateway
