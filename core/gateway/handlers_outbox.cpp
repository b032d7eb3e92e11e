#include <algorithm>
#include <charconv>

#include "core/api/records_json.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

constexpr std::size_t kReplayAtOnce = 1'000;

HttpResponse outbox_page(const Call& call, store::OutboxQuery query) {
    const auto start = page_start(call.request);
    if (!start) return problem(start.error());
    query.destination = param(call.request, "destination");
    query.key = param(call.request, "key");
    std::from_chars(start->data(), start->data() + start->size(), query.before_seq);
    const std::size_t limit = page_limit(call.request);
    query.limit = limit + 1;
    auto rows = call.services.durable.readers().outbox(query);
    if (!rows) return problem(rows.error());
    const bool more = rows->size() > limit;
    if (more) rows->resize(limit);
    auto items = nlohmann::ordered_json::array();
    for (const OutboxRecord& row : *rows) items.push_back(to_json(row, false));
    return page_response(std::move(items), more ? std::to_string(rows->back().seq) : std::string());
}

HttpResponse act(const Call& call, OutboxAct::What what) {
    const auto done = call.services.durable.act({what, call.params[0], call.user().user.name});
    if (!done) return problem(done.error());
    return json_response(200, {{"replayed", what == OutboxAct::What::cancel ? 0 : 1}, {"refused", 0}});
}

// Oldest first, so that the messages of a key go out in their order.
Result<std::vector<OutboxRecord>> given_up(const Call& call, const nlohmann::json& body) {
    std::vector<OutboxRecord> out;
    for (const OutboxState state : {OutboxState::dead, OutboxState::possibly_done}) {
        // What may have been done already is repeated only when that was asked for.
        if (state == OutboxState::possibly_done && text_field(body, "state") != "possibly_done") continue;
        if (state == OutboxState::dead && text_field(body, "state") == "possibly_done") continue;
        store::OutboxQuery query;
        query.state = to_string(state);
        query.destination = text_field(body, "destination");
        query.key = text_field(body, "key");
        query.limit = kReplayAtOnce;
        if (body.contains("to_seq")) query.before_seq = body["to_seq"].get<std::int64_t>() + 1;
        auto rows = call.services.durable.readers().outbox(query);
        if (!rows) return rows.error();
        out = std::move(*rows);
    }
    const std::int64_t from = body.contains("from_seq") ? body["from_seq"].get<std::int64_t>() : 0;
    std::erase_if(out, [&](const OutboxRecord& row) { return row.seq < from; });
    std::sort(out.begin(), out.end(), [](const OutboxRecord& a, const OutboxRecord& b) { return a.seq < b.seq; });
    return out;
}

}  // namespace

HttpResponse get_outbox(const Call& call) {
    store::OutboxQuery query;
    query.state = param(call.request, "state");
    query.order = param(call.request, "order");
    return outbox_page(call, query);
}

HttpResponse get_dead_letters(const Call& call) {
    store::OutboxQuery query;
    query.state = param(call.request, "state");
    if (query.state.empty()) query.state = to_string(OutboxState::dead);
    return outbox_page(call, query);
}

HttpResponse get_outbox_message(const Call& call) {
    const auto row = call.services.durable.readers().outbox_message(call.params[0]);
    if (!row) return problem(row.error());
    if (!*row) return problem("outbox.unknown", "No message has this id.");
    return json_response(200, to_json(**row, true));
}

HttpResponse post_outbox_replay(const Call& call) {
    const bool now = param(call.request, "out_of_turn") == "true";
    return act(call, now ? OutboxAct::What::replay_out_of_turn : OutboxAct::What::replay);
}

HttpResponse post_outbox_cancel(const Call& call) { return act(call, OutboxAct::What::cancel); }

HttpResponse post_dead_letters_replay(const Call& call) {
    const auto body = read_object(call.request.body, kReplayFields);
    if (!body) return problem(body.error());
    const auto rows = given_up(call, *body);
    if (!rows) return problem(rows.error());
    std::size_t replayed = 0, refused = 0;
    for (const OutboxRecord& row : *rows) {
        const auto done = call.services.durable.act({OutboxAct::What::replay, row.id, call.user().user.name});
        if (!done && done.error().code != "relay.not_replayable") return problem(done.error());
        ++(done ? replayed : refused);
    }
    return json_response(200, {{"replayed", replayed}, {"refused", refused}});
}

HttpResponse get_destinations(const Call& call) {
    const auto list = call.services.durable.destinations();
    if (!list) return problem(list.error());
    auto items = nlohmann::ordered_json::array();
    for (const relay::DestinationStatus& each : *list)
        items.push_back({{"name", each.name},
                         {"disabled", each.disabled},
                         {"breaker_open", each.breaker_open},
                         {"held", each.held},
                         {"on_the_way", each.on_the_way},
                         {"parked_keys", each.parked_keys}});
    return page_response(std::move(items), {});
}

HttpResponse put_destination_state(const Call& call) {
    const auto body = read_object(call.request.body, kDestinationFields);
    if (!body) return problem(body.error());
    const auto done = call.services.durable.set_disabled(call.params[0], text_field(*body, "state") == "disabled");
    if (!done) return problem(done.error());
    HttpResponse response;
    response.status = 204;
    return response;
}

}  // namespace citybridge::gateway
