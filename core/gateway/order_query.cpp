#include "core/gateway/order_query.h"

#include <algorithm>
#include <charconv>

#include "core/api/records_json.h"
#include "core/desk/search_words.h"
#include "core/gateway/paging.h"

namespace citybridge::gateway {
namespace {

using Ask = std::function<std::string(const char*)>;

Result<> read_time(const Ask& ask, const char* name, std::optional<WallTime>& into) {
    const std::string text = ask(name);
    if (text.empty()) return ok();
    into = from_rfc3339(text);
    if (into) return ok();
    return Error{"request.bad_parameter", std::string("Parameter '") + name + "' holds '" + text +
                                              "', which is no time; write it like 2026-11-22T02:00:00.000Z."};
}

Result<> read_words(const Ask& ask, store::OrderQuery& query) {
    const std::string text = ask("text");
    if (text.empty()) return ok();
    query.words = desk::query_words(text);
    if (!query.words.empty()) return ok();
    return Error{"request.bad_parameter",
                 "Parameter 'text' holds nothing that could be looked for; give a word or a Chinese character."};
}

// An agent sees his own orders and those of his groups.
Result<> limit_to(const User& asker, store::OrderQuery& query) {
    if (asker.role != Role::agent) return ok();
    const bool own_group = std::find(asker.groups.begin(), asker.groups.end(), query.group) != asker.groups.end();
    if (!own_group && !query.owner.empty() && query.owner != asker.name)
        return Error{"auth.forbidden", "An agent sees his own orders and those of his groups."};
    query.seen_by = {asker.name, asker.groups};
    return ok();
}

Result<store::OrderQuery> read_query(const Ask& ask, const User& asker) {
    store::OrderQuery query;
    query.kind = ask("kind");
    query.state = ask("state");
    query.owner = ask("owner");
    query.customer = ask("customer");
    query.group = ask("group");
    query.city = ask("city");
    query.contact = ask("contact");
    query.open_only = ask("open") == "true";
    query.overdue_only = ask("overdue") == "true";
    if (ask("sort") == "due") query.sort = store::OrderQuery::Sort::due;
    for (const auto& read :
         {read_time(ask, "opened_from", query.opened_from), read_time(ask, "opened_until", query.opened_until),
          read_time(ask, "due_from", query.due_from), read_time(ask, "due_until", query.due_until),
          read_words(ask, query), limit_to(asker, query)})
        if (!read) return read.error();
    return query;
}

}  // namespace

Result<store::OrderQuery> order_query(const HttpRequest& request, const User& asker) {
    return read_query([&](const char* name) { return param(request, name); }, asker);
}

Result<store::OrderQuery> order_query(const nlohmann::json& filter, const User& asker) {
    return read_query([&](const char* name) { return text_field(filter, name); }, asker);
}

Result<> start_at(const std::string& key, store::OrderQuery& query) {
    query.after = key;
    if (key.empty() || query.sort == store::OrderQuery::Sort::created) return ok();
    std::int64_t due = 0;
    const std::size_t at = std::min(key.find(' '), key.size());
    const auto [end, fault] = std::from_chars(key.data(), key.data() + at, due);
    if (fault != std::errc{} || end != key.data() + at || at + 1 >= key.size())
        return Error{"request.bad_parameter", "Parameter 'cursor' must be a next_cursor of this list."};
    query.after_due = from_epoch_ms(due);
    query.after = key.substr(at + 1);
    return ok();
}

std::string key_of_next(const OrderRecord& last, const store::OrderQuery& query) {
    if (query.sort == store::OrderQuery::Sort::created) return last.id;
    return std::to_string(epoch_ms(last.due_at.value_or(WallTime{}))) + " " + last.id;
}

}  // namespace citybridge::gateway
