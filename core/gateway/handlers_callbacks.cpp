// Callbacks between cities: what may be promised, the tasks, and what people do with them.
#include "core/gateway/handlers_callbacks.h"

#include "core/gateway/crypto.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields_callbacks.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"
#include "core/relay/city_transfer.h"
#include "core/store/callback_reader.h"
#include "core/store/undelivered_reader.h"
#include "core/store/waiting_reader.h"

namespace citybridge::gateway {
namespace {

using Json = nlohmann::ordered_json;
using Act = relay::ActOnCallback::What;

HttpResponse unknown_city(const std::string& id) {
    return problem("callback.unknown_city", "No city \"" + id + "\" is in this node's directory of cities.");
}

// For how long the oldest message to the city, or to its deputy, has been waiting.
Result<std::map<std::string, Millis>> waiting(const Call& call, const desk::City& city, WallTime now) {
    std::vector<std::string> destinations{city.destination};
    const desk::City* deputy = call.services.durable.desk().cities().find(city.deputy);
    if (deputy != nullptr) destinations.push_back(deputy->destination);
    const auto since = store::oldest_waiting(call.services.durable.readers(), destinations);
    if (!since) return since.error();
    std::map<std::string, Millis> out;
    for (const auto& [destination, oldest] : *since) out[destination] = now - oldest;
    // A line may be down without anything to say.
    for (const auto& [destination, line] : call.services.durable.city_lines())
        if (!line.reachable) out[destination] = std::max(out[destination], line.silent);
    return out;
}

Result<desk::CityPromise> promise(const Call& call, const desk::City& city, WallTime now) {
    const auto lines = waiting(call, city, now);
    if (!lines) return lines.error();
    const desk::Desk& desk = call.services.durable.desk();
    return desk::promise_of(desk.cities(), *desk.calendars(), city, now, *lines);
}

// Of whom, if the request names a customer.
Result<> fill_customer(const Call& call, relay::OfferCallback& offer) {
    if (offer.customer.empty()) return ok();
    const auto customer = call.services.durable.readers().customer(offer.customer);
    if (!customer) return customer.error();
    if (!*customer) return Error{"customer.unknown", "No customer has this id."};
    const CustomerRecord& row = **customer;
    if (offer.name.empty()) offer.name = row.name;
    if (offer.number.empty()) offer.number = row.preferred_number;
    if (offer.number.empty() && !row.numbers.empty()) offer.number = row.numbers.front();
    return ok();
}

// What leaves this city with the task.
void pack(const desk::City& city, const std::string& notes, relay::OfferCallback& offer) {
    if (city.notes_travel && !notes.empty()) offer.data["notes"] = notes;
    if (city.recording_travels && !offer.contact.empty()) offer.data["recording"] = offer.contact;
    if (!city.customer_travels) offer.name.clear();
}

// After an on-line transfer (D2) both cities see why it came to nothing.
Result<> link_transfer(const Call& call, const std::string& id, relay::OfferCallback& offer) {
    if (id.empty()) return ok();
    const auto row = call.services.durable.readers().command(id);
    if (!row) return row.error();
    if (!*row || (*row)->kind != relay::kTransferOut) return Error{"transfer.unknown", "No transfer has this id here."};
    offer.data["transfer"] = {{"id", id}, {"reason", (*row)->reason}};
    return ok();
}

Json city_json(const desk::City& city, const std::vector<CityRecord>& known, const CityLines& lines) {
    Json out{{"id", city.id},         {"name", city.name},   {"hotline", city.hotline}, {"calendar", city.calendar},
             {"deputy", city.deputy}, {"protocol", nullptr}, {"generation", nullptr},   {"heard_at", nullptr}};
    const auto found = lines.find(city.destination);
    const CityLine line = found == lines.end() ? CityLine{} : found->second;
    out["reachable"] = line.reachable;
    out["silent_seconds"] = line.silent.count() / 1'000;
    out["answered_at"] = line.answered_at ? Json(to_rfc3339(*line.answered_at)) : Json(nullptr);
    for (const CityRecord& row : known) {
        if (row.city != city.id) continue;
        out["protocol"] = row.protocol;
        out["generation"] = row.generation;
        if (row.heard_at) out["heard_at"] = to_rfc3339(*row.heard_at);
    }
    return out;
}

// Committed, then given to the PBX; whoever repeats the request rings nobody twice.
HttpResponse dial(const Call& call, relay::ActOnCallback act) {
    const User& asker = call.user().user;
    if (asker.agent.empty()) return problem("request.missing_field", "The asker takes no calls: he has no agent.");
    if (const Result<> possible = call.services.live.may_dial(asker.agent); !possible) return problem(possible.error());
    const std::string id = act.command = random_hex(16);
    call.services.commands.add(id, asker.name, "");
    const auto kept = call.services.durable.submit(request_of(call, desk::StepCallback{std::move(act)}), call.key);
    if (!kept || kept->replayed) {
        call.services.commands.remove(id);
        return answer_of(kept);
    }
    const std::string number = Json::parse(kept->reply.body).value("number", "");
    if (const Result<> taken = call.services.live.dial({id, asker.name, asker.agent, number}); !taken)
        call.services.live.give_up({id, asker.name, CommandOutcome::failed, taken.error().code, ""});
    return answer_of(kept);
}

// A colleague, by name: nobody else can answer for anything.
Result<> is_colleague(const Call& call, const char* field, const std::string& name) {
    const auto user = name.empty() ? std::nullopt : call.services.sessions.find_user(name);
    if (name.empty() || (user && user->role != Role::erp && user->role != Role::node)) return ok();
    return Error{"request.bad_field", std::string("Field '") + field + "' must be the name of a user of this node."};
}

// Messages to the other city that wait for a person: it does not know what they tell.
Json with_undelivered(Json callback, const std::map<std::string, std::int64_t>& lost) {
    const auto found = lost.find(callback["id"].get<std::string>());
    callback["undelivered"] = found == lost.end() ? 0 : found->second;
    return callback;
}

}  // namespace

HttpResponse get_cities(const Call& call) {
    const auto known = store::read_cities(call.services.durable.readers());
    if (!known) return problem(known.error());
    const CityLines lines = call.services.durable.city_lines();
    Json items = Json::array();
    for (const auto& [id, city] : call.services.durable.desk().cities().all)
        items.push_back(city_json(city, *known, lines));
    return page_response(std::move(items), {});
}

HttpResponse get_city_promise(const Call& call) {
    const desk::Desk& desk = call.services.durable.desk();
    const desk::City* city = desk.cities().find(call.params[0]);
    if (city == nullptr) return unknown_city(call.params[0]);
    const WallTime now = system_now().wall;
    const auto made = promise(call, *city, now);
    if (!made) return problem(made.error());
    const bool possible = made->when != desk::CityPromise::When::not_now;
    return json_response(200, {{"city", made->city},
                               {"when", to_string(made->when)},
                               {"promised_at", possible ? Json(to_rfc3339(made->promised_at)) : Json(nullptr)},
                               {"reason", made->reason},
                               {"sentence", desk::sentence(desk.cities(), *desk.calendars(), *made, now)}});
}

HttpResponse post_callback(const Call& call) {
    const auto body = read_object(call.request.body, kCallbackFields);
    if (!body) return problem(body.error());
    const desk::City* asked = call.services.durable.desk().cities().find(text_field(*body, "city"));
    if (asked == nullptr) return unknown_city(text_field(*body, "city"));
    const WallTime now = system_now().wall;
    const auto made = promise(call, *asked, now);
    if (!made) return problem(made.error());
    if (made->when == desk::CityPromise::When::not_now)
        return problem("callback.unreachable", asked->name +
                                                   " has not been reached for longer than a promise to the "
                                                   "customer would be; nothing was promised.");
    const desk::City& city = *call.services.durable.desk().cities().find(made->city);
    relay::OfferCallback offer;
    offer.id = "cb_" + uuid_v7(now);
    offer.target = city.id;
    offer.name = text_field(*body, "name");
    offer.customer = text_field(*body, "customer");
    offer.contact = text_field(*body, "contact");
    offer.order = text_field(*body, "order");
    offer.group = text_field(*body, "group");
    offer.promised_at = made->promised_at;
    if (const std::string number = text_field(*body, "number"); !number.empty()) {
        auto e164 = number_of(call, "number", number);
        if (!e164) return problem(e164.error());
        offer.number = std::move(*e164);
    }
    if (auto filled = fill_customer(call, offer); !filled) return problem(filled.error());
    if (offer.number.empty())
        return problem("request.missing_field", "Field 'number' is missing, and no customer has one.");
    pack(city, text_field(*body, "notes"), offer);
    if (auto linked = link_transfer(call, text_field(*body, "transfer"), offer); !linked)
        return problem(linked.error());
    return submit(call, desk::StepCallback{std::move(offer)});
}

HttpResponse get_callbacks(const Call& call) {
    auto after = page_start(call.request);
    if (!after) return problem(after.error());
    store::CallbackQuery query;
    query.state = param(call.request, "state");
    if (!query.state.empty() && !callback_state_from(query.state))
        return problem("request.bad_parameter", "Parameter 'state' must be a state of callbacks, such as accepted.");
    query.city = param(call.request, "city");
    query.owner = param(call.request, "owner");
    query.side = param(call.request, "side");
    query.customer = param(call.request, "customer");
    query.open_only = param(call.request, "open") == "true";
    query.after = *after;
    const std::size_t limit = page_limit(call.request);
    query.limit = limit + 1;
    auto rows = store::read_callbacks(call.services.durable.readers(), query);
    if (!rows) return problem(rows.error());
    const bool more = rows->size() > limit;
    if (more) rows->resize(limit);
    const auto lost = store::undelivered_callbacks(call.services.durable.readers());
    if (!lost) return problem(lost.error());
    Json items = Json::array();
    for (const CallbackRecord& row : *rows) items.push_back(with_undelivered(relay::callback_json(row), *lost));
    return page_response(std::move(items), more ? rows->back().id : std::string());
}

HttpResponse get_callback(const Call& call) {
    const auto row = store::read_callback(call.services.durable.readers(), call.params[0]);
    if (!row) return problem(row.error());
    if (!*row) return problem("callback.unknown", "No callback has this id.");
    const auto history = store::read_callback_history(call.services.durable.readers(), call.params[0]);
    if (!history) return problem(history.error());
    const auto lost = store::undelivered_callbacks(call.services.durable.readers());
    if (!lost) return problem(lost.error());
    return json_response(200, with_undelivered(relay::callback_json(**row, *history), *lost));
}

HttpResponse post_callback_action(const Call& call) {
    const auto body = read_object(call.request.body, kCallbackActFields);
    if (!body) return problem(body.error());
    const auto what = relay::callback_act_from(call.params[1]);
    if (!what) return problem("callback.bad_request", "There is no such action on callbacks: " + call.params[1] + ".");
    relay::ActOnCallback act;
    act.what = *what;
    act.id = call.params[0];
    act.text = text_field(*body, "text");
    act.to = text_field(*body, "to");
    act.outcome = text_field(*body, "outcome");
    act.confirmed_by = text_field(*body, "confirmed_by");
    if (act.what == Act::assign && act.to.empty())
        return problem("request.missing_field", "Field 'to' is missing: who is to do it.");
    for (const auto& [field, name] : {std::pair{"to", act.to}, {"confirmed_by", act.confirmed_by}})
        if (const Result<> known = is_colleague(call, field, name); !known) return problem(known.error());
    if (act.what == Act::dial) return dial(call, std::move(act));
    if (act.what != Act::offer_again) return submit(call, desk::StepCallback{std::move(act)});
    const auto row = store::read_callback(call.services.durable.readers(), act.id);
    if (!row) return problem(row.error());
    if (!*row) return problem("callback.unknown", "No callback has this id.");
    const desk::City* city = call.services.durable.desk().cities().find((*row)->target);
    if (city == nullptr) return unknown_city((*row)->target);
    const auto made = promise(call, *city, system_now().wall);
    if (!made) return problem(made.error());
    if (made->when != desk::CityPromise::When::not_now) act.promised_at = made->promised_at;
    return submit(call, desk::StepCallback{std::move(act)});
}

}  // namespace citybridge::gateway
