// What a person was told of orders, and what waits for his acknowledgement.
#include <algorithm>
#include <charconv>

#include "core/api/model_json.h"
#include "core/api/records_json.h"
#include "core/desk/access.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/handlers_flows.h"
#include "core/gateway/problem.h"
#include "core/store/keeping_reader.h"

namespace citybridge::gateway {
namespace {

using Json = nlohmann::ordered_json;

Json or_nothing(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json telling_json(const TellingRecord& row, const OrderRecord& order, const desk::Flow* flow) {
    return {{"id", row.id},
            {"order", row.order},
            {"order_kind", order.kind},
            {"order_title", flow == nullptr ? order.kind : flow->title},
            {"order_state", order.state},
            {"kind", row.kind},
            {"name", row.name},
            {"channel", row.channel},
            {"template", or_nothing(row.message)},
            {"to_user", or_nothing(row.to_user)},
            {"to_role", or_nothing(row.to_role)},
            {"to_group", or_nothing(row.to_group)},
            {"to_person", or_nothing(row.to_person)},
            {"at", to_rfc3339(row.at)},
            {"to_acknowledge", row.to_acknowledge},
            {"settled_at", row.settled_at ? Json(to_rfc3339(*row.settled_at)) : Json(nullptr)},
            {"settled_by", or_nothing(row.settled_by)}};
}

// "<epoch ms> <id>"
Result<> begin_behind(const std::string& key, store::TellingQuery& asked) {
    if (key.empty()) return ok();
    std::int64_t at = 0;
    const std::size_t blank = std::min(key.find(' '), key.size());
    const auto [end, fault] = std::from_chars(key.data(), key.data() + blank, at);
    if (fault != std::errc{} || end != key.data() + blank || blank + 1 >= key.size())
        return Error{"request.bad_parameter", "Parameter 'cursor' must be a next_cursor of this list."};
    asked.before_at = from_epoch_ms(at);
    asked.before_id = key.substr(blank + 1);
    return ok();
}

}  // namespace

HttpResponse get_tellings(const Call& call) {
    const auto start = page_start(call.request);
    if (!start) return problem(start.error());
    const desk::Actor asker = actor_of(call.user().user);
    store::TellingQuery asked;
    asked.user = asker.user;
    asked.role = asker.role;
    asked.groups = asker.groups;
    asked.waiting = param(call.request, "state") != "all";
    if (auto set = begin_behind(*start, asked); !set) return problem(set.error());
    const std::size_t limit = page_limit(call.request);
    asked.limit = limit + 1;
    store::Readers& readers = call.services.durable.readers();
    auto rows = store::tellings_to(readers, asked);
    if (!rows) return problem(rows.error());
    const bool more = rows->size() > limit;
    if (more) rows->resize(limit);
    std::vector<std::string> ids;
    for (const TellingRecord& row : *rows) ids.push_back(row.order);
    const auto orders = store::orders_by_id(readers, ids);
    if (!orders) return problem(orders.error());
    const desk::FlowSet& flows = call.services.durable.desk().flows();
    Json items = Json::array();
    for (const TellingRecord& row : *rows) {
        const auto order = std::find_if(orders->begin(), orders->end(), [&](auto& o) { return o.id == row.order; });
        if (order == orders->end()) continue;
        // A kind that not everybody sees is told of to its own people; once settled he may be one no more.
        const desk::Flow* flow = flows.of(*order);
        if (flow != nullptr && row.settled_at && !desk::sees(*flow, asker, *order)) continue;
        items.push_back(telling_json(row, *order, flow));
    }
    std::string next;
    if (more) next = std::to_string(epoch_ms(rows->back().at)) + ' ' + rows->back().id;
    return page_response(std::move(items), next);
}

}  // namespace citybridge::gateway
