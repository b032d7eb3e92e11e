// One thing done to many orders: each order is a step of its own, and a refused one stops no other.
#include <set>

#include "core/api/model_json.h"
#include "core/gateway/customer_fields.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/handlers.h"
#include "core/gateway/handlers_desk.h"
#include "core/gateway/order_query.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMost = 1'000;
constexpr std::size_t kAtOnce = 250;  // a strand's batch: others come between

struct Chosen {
    std::vector<std::string> ids;
    bool more = false;  // the filter holds others
};

Result<Chosen> filtered(const Call& call, const nlohmann::json& body) {
    const auto& filter = body.at("filter");
    for (const auto& [name, value] : filter.items())
        if (!value.is_string())
            return Error{"request.bad_field", "Field 'filter' holds '" + name + "', which must be a text."};
    const auto checked = read_object(filter.dump(), kOrdersQuery);
    if (!checked) return Error{"request.bad_field", "Field 'filter': " + checked.error().detail};
    if (filter.contains("cursor") || filter.contains("limit"))
        return Error{"request.bad_field", "Field 'filter' takes no cursor and no limit; give limit beside it."};
    auto query = order_query(filter, call.user().user);
    if (!query) return query.error();
    std::size_t limit = kMost;
    if (body.contains("limit")) limit = body.at("limit").get<std::size_t>();
    if (limit == 0 || limit > kMost) return Error{"request.bad_field", "Field 'limit' must be 1 to 1000."};
    query->limit = limit + 1;
    const auto orders = call.services.durable.readers().orders(*query);
    if (!orders) return orders.error();
    Chosen out;
    for (const OrderRecord& order : *orders)
        if (out.ids.size() < limit) out.ids.push_back(order.id);
    out.more = orders->size() > limit;
    return out;
}

Result<Chosen> chosen(const Call& call, const nlohmann::json& body) {
    if (body.contains("ids") == body.contains("filter"))
        return Error{"request.bad_field", "Give either 'ids' or 'filter'."};
    if (body.contains("filter")) return filtered(call, body);
    Chosen out;
    std::set<std::string> seen;
    for (const std::string& id : texts_field(body, "ids"))
        if (seen.insert(id).second) out.ids.push_back(id);
    if (out.ids.empty()) return Error{"request.bad_field", "Field 'ids' names no order."};
    return out;
}

// Repeated with the same key it means the same orders, whatever the filter would find by now.
Result<Chosen> chosen_once(const Call& call, const nlohmann::json& body) {
    auto now = chosen(call, body);
    if (!now || !call.key) return now;
    RequestKey key = *call.key;
    key.key += "#orders";
    const auto kept =
        call.services.durable.record({}, {200, "", dump(Json{{"ids", now->ids}, {"more", now->more}})}, key);
    if (!kept) return kept.error();
    const Json first = Json::parse(kept->reply.body, nullptr, false);
    return Chosen{first.at("ids").get<std::vector<std::string>>(), first.at("more").get<bool>()};
}

using What = decltype(desk::Request::what);

using StepOf = std::function<What(const std::string&)>;

Result<StepOf> step_of(const nlohmann::json& body) {
    const std::string what = text_field(body, "do"), note = text_field(body, "note");
    if (what == "assign") {
        desk::AssignOrder assign;
        if (body.contains("owner")) assign.owner = text_field(body, "owner");
        if (body.contains("group")) assign.group = text_field(body, "group");
        assign.note = note;
        if (!assign.owner && !assign.group)
            return Error{"request.missing_field", "Field 'owner' or 'group' is missing: to whom?"};
        return StepOf([assign](const std::string& id) mutable -> What {
            assign.order = id;
            return assign;
        });
    }
    if (what == "note") {
        if (note.empty()) return Error{"request.missing_field", "Field 'note' is missing."};
        return StepOf([note](const std::string& id) -> What { return desk::AddNote{id, note}; });
    }
    desk::ActOnOrder act;
    act.action = text_field(body, "action");
    if (act.action.empty()) return Error{"request.missing_field", "Field 'action' is missing: which one?"};
    act.note = note;
    if (const auto found = body.find("fields"); found != body.end())
        for (const auto& [name, value] : found->items()) act.fields[name] = value;
    return StepOf([act](const std::string& id) mutable -> What {
        act.order = id;
        return act;
    });
}

Json result_of(const std::string& id, const Result<DurableAnswer>& answer) {
    if (answer) return {{"id", id}, {"status", answer->reply.status}, {"code", nullptr}, {"detail", nullptr}};
    const ProblemKind& kind = problem_kind(answer.error().code);
    return {{"id", id}, {"status", kind.status}, {"code", kind.code}, {"detail", answer.error().detail}};
}

}  // namespace

HttpResponse post_orders_bulk(const Call& call) {
    const auto body = read_object(call.request.body, kBulkFields);
    if (!body) return problem(body.error());
    const auto step = step_of(*body);
    if (!step) return problem(step.error());
    const auto orders = chosen_once(call, *body);
    if (!orders) return problem(orders.error());
    Json results = Json::array();
    std::size_t done = 0;
    for (std::size_t from = 0; from < orders->ids.size(); from += kAtOnce) {
        std::vector<std::pair<desk::Request, std::optional<RequestKey>>> steps;
        const std::size_t to = std::min(from + kAtOnce, orders->ids.size());
        for (std::size_t i = from; i < to; ++i) {
            std::optional<RequestKey> key = call.key;
            if (key) key->key += "#" + orders->ids[i];
            steps.emplace_back(request_of(call, (*step)(orders->ids[i])), std::move(key));
        }
        const auto answers = call.services.durable.submit_all(std::move(steps));
        for (std::size_t i = from; i < to; ++i) {
            const auto& answer = answers[i - from];
            done += answer ? 1U : 0U;
            results.push_back(result_of(orders->ids[i], answer));
        }
    }
    return json_response(200, {{"done", done},
                               {"refused", orders->ids.size() - done},
                               {"more", orders->more},
                               {"results", std::move(results)}});
}

}  // namespace citybridge::gateway
