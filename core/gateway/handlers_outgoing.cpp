// Outgoing lists (B16): made and filled by leaders, called by agents one entry at a time.
#include <algorithm>
#include <charconv>

#include "core/api/model_json.h"
#include "core/api/records_json.h"
#include "core/gateway/crypto.h"
#include "core/gateway/customer_fields.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/handlers.h"
#include "core/gateway/handlers_desk.h"
#include "core/gateway/outgoing_csv.h"
#include "core/gateway/problem.h"
#include "core/store/desk_reader.h"

namespace citybridge::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDaysAfterPeriod = 4;
constexpr std::size_t kMostSolved = 200'000;

bool sees(const User& user, const OutgoingListRecord& list) {
    return user.role != Role::agent || list.group.empty() ||
           std::find(user.groups.begin(), user.groups.end(), list.group) != user.groups.end();
}

Result<OutgoingListRecord> visible_list(const Call& call) {
    const auto list = store::outgoing_list(call.services.durable.readers(), call.params[0]);
    if (!list) return list.error();
    if (!*list || !sees(call.user().user, **list)) return Error{"outgoing.unknown", "No outgoing list has this id."};
    return **list;
}

// "<number> <id>" of the last row of the page before.
bool split_key(const std::string& key, std::int64_t& number, std::string& id) {
    const std::size_t at = std::min(key.find(' '), key.size());
    const auto [end, fault] = std::from_chars(key.data(), key.data() + at, number);
    if (fault != std::errc{} || end != key.data() + at || at + 1 >= key.size()) return false;
    id = key.substr(at + 1);
    return true;
}

Error bad_cursor() { return {"request.bad_parameter", "Parameter 'cursor' must be a next_cursor of this list."}; }

// How far the list is: by state, and of what was called by result.
Result<Json> progress_of(const Call& call, const std::string& list) {
    const auto counts = store::count_entries(call.services.durable.readers(), list);
    if (!counts) return counts.error();
    Json states = Json::object(), results = Json::object();
    for (const auto state : {EntryState::waiting, EntryState::taken, EntryState::done, EntryState::skipped})
        states[std::string(to_string(state))] = 0;
    for (const auto result : {EntryResult::success, EntryResult::complaint, EntryResult::unreachable,
                              EntryResult::wrong_number, EntryResult::follow_up})
        results[std::string(to_string(result))] = 0;
    std::int64_t total = 0, tries = 0;
    for (const store::EntryCount& each : *counts) {
        total += each.count;
        tries += each.tries;
        Json& state = states[std::string(to_string(each.state))];
        state = state.get<std::int64_t>() + each.count;
        if (each.result == EntryResult::none) continue;
        Json& result = results[std::string(to_string(each.result))];
        result = result.get<std::int64_t>() + each.count;
    }
    return Json{{"total", total}, {"tries", tries}, {"states", std::move(states)}, {"results", std::move(results)}};
}

}  // namespace

bool is_small_number(std::string_view text) {
    return !text.empty() && text.size() <= 2 && text[0] != '0' &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_month(std::string_view text) { return from_rfc3339(std::string(text) + "-01T00:00:00.000Z").has_value(); }

HttpResponse get_outgoing_lists(const Call& call) {
    auto key = page_start(call.request);
    if (!key) return problem(key.error());
    store::Before before;
    const std::size_t limit = page_limit(call.request);
    before.limit = limit + 1;
    std::int64_t until = 0;
    if (!key->empty()) {
        if (!split_key(*key, until, before.id)) return problem(bad_cursor());
        before.at = from_epoch_ms(until);
    }
    auto lists = store::outgoing_lists(call.services.durable.readers(), before);
    if (!lists) return problem(lists.error());
    const bool more = lists->size() > limit;
    if (more) lists->resize(limit);
    Json items = Json::array();
    for (const OutgoingListRecord& list : *lists)
        if (sees(call.user().user, list)) items.push_back(to_json(list));
    return page_response(std::move(items),
                         more ? std::to_string(epoch_ms(lists->back().until)) + " " + lists->back().id : std::string());
}

HttpResponse post_outgoing_list(const Call& call) {
    const auto body = read_object(call.request.body, kOutgoingFields);
    if (!body) return problem(body.error());
    desk::OpenOutgoingList open;
    open.kind = text_field(*body, "kind");
    open.name = text_field(*body, "name");
    open.group = text_field(*body, "group");
    open.window.period = text_field(*body, "period");
    if (!open.window.period.empty()) open.window.working_days = kDaysAfterPeriod;
    if (const std::string from = text_field(*body, "from"); !from.empty()) {
        const auto time = from_rfc3339(from);
        if (!time || !open.window.period.empty())
            return problem("request.bad_field",
                           "Field 'from' must be a time like 2026-11-22T02:00:00.000Z, and goes "
                           "without 'period'.");
        open.window.from = *time;
    }
    if (const auto days = body->find("working_days"); days != body->end())
        open.window.working_days = static_cast<int>(std::min<std::int64_t>(days->get<std::int64_t>(), 1'000));
    return submit(call, std::move(open));
}

HttpResponse get_outgoing_list(const Call& call) {
    const auto list = visible_list(call);
    if (!list) return problem(list.error());
    auto progress = progress_of(call, list->id);
    if (!progress) return problem(progress.error());
    Json out = to_json(*list);
    out["progress"] = std::move(*progress);
    return json_response(200, out);
}

HttpResponse post_outgoing_close(const Call& call) { return submit(call, desk::CloseOutgoingList{call.params[0]}); }

HttpResponse get_outgoing_entries(const Call& call) {
    const auto list = visible_list(call);
    if (!list) return problem(list.error());
    auto key = page_start(call.request);
    if (!key) return problem(key.error());
    store::EntryQuery query;
    query.list = list->id;
    query.state = entry_state_from(param(call.request, "state"));
    if (const std::string result = param(call.request, "result"); !result.empty())
        query.result = entry_result_from(result);
    if (!key->empty() && !split_key(*key, query.after_line, query.after_id)) return problem(bad_cursor());
    const std::size_t limit = page_limit(call.request);
    query.limit = limit + 1;
    auto entries = store::outgoing_entries(call.services.durable.readers(), query);
    if (!entries) return problem(entries.error());
    const bool more = entries->size() > limit;
    if (more) entries->resize(limit);
    Json items = Json::array();
    for (const OutgoingEntryRecord& entry : *entries) items.push_back(to_json(entry));
    return page_response(std::move(items),
                         more ? std::to_string(entries->back().line) + " " + entries->back().id : std::string());
}

HttpResponse post_outgoing_entries(const Call& call) {
    const std::string* type = call.request.header("content-type");
    if (type == nullptr || !type->starts_with("text/csv"))
        return problem("request.media_type", "Send the file with Content-Type: text/csv.");
    auto file = read_outgoing_csv(call.request.body, [&](const std::string& number) {
        auto good = number_of(call, "number", number);
        return good ? *good : std::string();
    });
    if (!file) return problem(file.error());
    return submit(call, desk::AddEntries{call.params[0], std::move(file->rows), std::move(file->errors)});
}

HttpResponse post_outgoing_next(const Call& call) { return submit(call, desk::TakeEntry{call.params[0]}); }

HttpResponse post_entry_result(const Call& call) {
    const auto body = read_object(call.request.body, kResultFields);
    if (!body) return problem(body.error());
    return submit(call, desk::FinishEntry{call.params[0],
                                          entry_result_from(text_field(*body, "result")).value_or(EntryResult::none),
                                          text_field(*body, "remark")});
}

HttpResponse post_entry_release(const Call& call) { return submit(call, desk::ReleaseEntry{call.params[0]}); }

// Drawn by the hash of seed and order: the same request gives the same calls, on every node and at any time.
HttpResponse get_call_sample(const Call& call) {
    const std::string month = param(call.request, "month");
    const auto from = from_rfc3339(month + "-01T00:00:00.000Z");
    if (!from) return problem("request.bad_parameter", "Parameter 'month' must be a month like 2026-11.");
    const auto first = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*from));
    const WallTime until = std::chrono::sys_days(first + std::chrono::months(1));
    std::string seed = param(call.request, "seed"), wanted = param(call.request, "per_agent");
    if (seed.empty()) seed = month;
    const std::size_t most = wanted.empty() ? 5 : static_cast<std::size_t>(std::stoi(wanted));
    const auto calls = store::solved_calls(call.services.durable.readers(), *from, until, kMostSolved);
    if (!calls) return problem(calls.error());
    std::map<std::string, std::map<std::string, const store::SolvedCall*>> by_agent;
    for (const store::SolvedCall& each : *calls) {
        auto& drawn = by_agent[each.owner];
        drawn.emplace(sha256_hex(seed + "\n" + each.order), &each);
        if (drawn.size() > most) drawn.erase(std::prev(drawn.end()));
    }
    Json items = Json::array();
    for (const auto& [agent, drawn] : by_agent)
        for (const auto& [hash, each] : drawn)
            items.push_back({{"agent", agent},
                             {"order", each->order},
                             {"contact", each->contact},
                             {"customer", each->customer.empty() ? Json(nullptr) : Json(each->customer)}});
    return json_response(200, {{"month", month},
                               {"seed", seed},
                               {"solved", calls->size()},
                               {"complete", calls->size() < kMostSolved},
                               {"items", std::move(items)}});
}

}  // namespace citybridge::gateway
