#include "plugins/erp_rest/settings_table.h"

#include "core/api/setting_rows.h"

namespace citybridge::erp_rest {
namespace {

using setting_rows::choice;
using setting_rows::integer;
using setting_rows::list;
using setting_rows::required;
using setting_rows::secret;
using setting_rows::text;

using W = Written;

std::vector<Setting<W>> make_addresses() {
    return {
        required(text("url", "", "Base address of the ERP, as in https://erp.example/api; paths are put behind it.",
                      &W::url)),
        choice("open_order_method", "POST|PUT|PATCH", "POST", "Method of open_order messages.", &W::open_order_method),
        text("open_order_path", "/orders",
             "Their path; {id} is the message's key, {order} our order, {external_id} the ERP's number for it, {kind} "
             "the message's kind.",
             &W::open_order_path),
        choice("append_note_method", "POST|PUT|PATCH", "POST", "Method of append_note messages.",
               &W::append_note_method),
        text("append_note_path", "/orders/{external_id}/notes", "Their path.", &W::append_note_path),
        choice("other_method", "POST|PUT|PATCH", "POST", "Method of messages of every other kind.", &W::other_method),
        text("other_path", "/{kind}", "Their path.", &W::other_path),
        text("find_path", "",
             "Path of a GET that looks for a message's effect, as in /orders?citybridge_id={id}; needed with "
             "repeats=findable.",
             &W::find_path),
        text("id_pointer", "/id", "JSON pointer of the ERP's number in an answer; empty: the whole answer.",
             &W::id_pointer),
        text("find_id_pointer", "/0/id", "JSON pointer of the ERP's number in the answer to find_path.",
             &W::find_id_pointer),
        text("find_key_pointer", "/0/citybridge_id",
             "JSON pointer of our key in the answer to find_path: what carries another key is not ours; empty: not "
             "checked.",
             &W::find_key_pointer),
        choice("find_absent", "empty_list|status_404", "empty_list",
               "How the answer to find_path says that there is nothing.", &W::find_absent),
    };
}

std::vector<Setting<W>> make_identity() {
    return {
        text("key_header", "Idempotency-Key", "Header that carries our key; empty: no header.", &W::key_header),
        text("key_field", "citybridge_id", "Field of the content that carries our key; empty: no field.",
             &W::key_field),
        choice("auth", "none|basic|bearer|header", "none", "How the node proves who it is.", &W::auth),
        text("user", "", "User of auth=basic.", &W::user),
        text("auth_header", "X-Api-Key", "Header of auth=header.", &W::auth_header),
        secret("secret", "Password of basic, token of bearer, value of header.", &W::secret),
        choice("repeats", "dedupes|findable|neither", "neither",
               "What the ERP does with a key it has seen: dedupes takes no second effect; findable stores the key and "
               "is searched before a repetition; neither would make a second record, so that after an unclear answer "
               "a person decides.",
               &W::repeats),
    };
}

std::vector<Setting<W>> make_waits() {
    return {
        integer("timeout_ms", "ms", "20000", 100, 600'000, "Time for one attempt, from connecting to the whole answer.",
                &W::timeout_ms),
        integer("connect_timeout_ms", "ms", "5000", 100, 60'000, "Longest wait for the connection, TLS included.",
                &W::connect_timeout_ms),
        integer("far_timeout_ms", "ms", "60000", 0, 3'600'000,
                "After an unclear answer: how long the ERP may still be working on the message.", &W::far_timeout_ms),
        integer("connections", "", "4", 1, 256, "Messages on their way at once.", &W::connections),
        text("retry_schedule", "5s, 15s, 30s, 1m, 2m, 5m, 5m, 10m, 10m, 15m, 30m, 30m, 1h, 1h, 2h, 2h, 4h, 4h, 8h",
             "Waits between attempts; after the last one the message waits for a person.", &W::retry_schedule),
        integer("jitter_percent", "percent", "20", 0, 100, "Each wait is lengthened by up to this share, at random.",
                &W::jitter_percent),
        integer("longest_retry_after_ms", "ms", "3600000", 0, 86'400'000,
                "A longer Retry-After is taken for this long.", &W::longest_retry_after_ms),
        list("success_statuses", "2xx", "Statuses that mean that the ERP has it: numbers or 2xx, 4xx, 5xx.",
             &W::success_statuses),
        list("refused_statuses", "",
             "Further statuses, beside 3xx and 4xx, that mean certainly without effect and not to be repeated.",
             &W::refused_statuses),
        list("events", "",
             "Events it wants as messages of kind event: names such as contact.ended, groups such as order.*, or *.",
             &W::events),
        text("ca_file", "", "Certificates that the ERP's is checked against, PEM; empty: the system's.", &W::ca_file),
    };
}

}  // namespace

const std::vector<Setting<Written>>& settings_table() {
    static const std::vector<Setting<Written>> rows = [] {
        std::vector<Setting<Written>> out = make_addresses();
        for (auto more : {make_identity(), make_waits()}) out.insert(out.end(), more.begin(), more.end());
        return out;
    }();
    return rows;
}

}  // namespace citybridge::erp_rest
