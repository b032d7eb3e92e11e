#include "tools/demo/callback_judge.h"

#include <set>

#include "tools/demo/json_values.h"

namespace citybridge::demo {
namespace {

using Json = Api::Json;
using Mistakes = std::vector<std::string>;
using Cities = std::map<std::string, CityCallbacks>;

bool is_end(const std::string& state) { return state == "done" || state == "failed"; }

// A dial whose command did not make the agent's phone ring to the end called nobody.
void read_history(const Json& history, CallbackBook& book) {
    std::set<std::string> in_vain;
    for (const Json& entry : history)
        if (text_or_empty(entry["action"]) == "not_dialled")
            in_vain.insert(text_or_empty(entry["detail"].value("command", Json())));
    for (const Json& entry : history) {
        const bool ended = is_end(text_or_empty(entry["to_state"])) && !is_end(text_or_empty(entry["from_state"]));
        if (ended) ++book.ends;
        const Json& detail = entry["detail"];
        if (text_or_empty(entry["action"]) == "dial" && !detail.contains("confirmed_by") &&
            !in_vain.contains(text_or_empty(detail.value("command", Json()))))
            ++book.unconfirmed_dials;
    }
}

const CallbackBook* find(const Cities& cities, const std::string& city, const std::string& id, const char* side) {
    const auto found = cities.find(city);
    if (found == cities.end()) return nullptr;
    for (const CallbackBook& book : found->second.books)
        if (book.id == id && book.side == side) return &book;
    return nullptr;
}

void judge_acknowledged(const std::string& city, const Cities& cities, std::set<std::string>& ids, Mistakes& mistakes) {
    for (const HandedOver& each : cities.at(city).handed_over) {
        if (!ids.insert(each.callback).second)
            mistakes.push_back("two requests were acknowledged with one callback, " + each.callback);
        const CallbackBook* book = find(cities, city, each.callback, "origin");
        if (book == nullptr)
            mistakes.push_back("the acknowledged callback " + each.callback + " is not in the books of " + city);
        else if (book->target != each.city)
            mistakes.push_back(each.callback + " was for " + each.city + " and went to " + book->target);
    }
}

void judge_ends(const std::string& city, const CallbackBook& book, Mistakes& mistakes) {
    if (book.ends != (is_end(book.state) ? 1 : 0))
        mistakes.push_back(book.id + " is " + book.state + " in " + city + " and ended " + std::to_string(book.ends) +
                           " times");
    if (book.unconfirmed_dials > 1)
        mistakes.push_back(book.id + " was dialled " + std::to_string(book.unconfirmed_dials) +
                           " times without anybody's confirmation");
}

void judge_pair(const CallbackBook& here, const CallbackBook& there, Mistakes& mistakes) {
    const auto alike = [&](const char* what, const std::string& a, const std::string& b) {
        if (a != b)
            mistakes.push_back(here.id + ": its " + what + " is \"" + a + "\" in " + here.origin + " and \"" + b +
                               "\" in " + here.target);
    };
    alike("state", here.state, there.state);
    alike("outcome", here.outcome, there.outcome);
    alike("holder", here.holder, there.holder);
    alike("epoch", std::to_string(here.epoch), std::to_string(there.epoch));
}

}  // namespace

bool is_open(const CallbackBook& book) { return !is_end(book.state); }

Result<std::vector<CallbackBook>> read_callbacks(Api& admin) {
    const auto rows = admin.list("/v1/callbacks");
    if (!rows) return rows.error();
    std::vector<CallbackBook> out;
    for (const Json& row : *rows) {
        CallbackBook book;
        book.id = text_or_empty(row["id"]);
        // As one answer: the list is older.
        const auto whole = admin.call("GET", "/v1/callbacks/" + book.id);
        if (!whole) return whole.error();
        const Json& now = whole->body;
        if (whole->status != 200 || !now.contains("history"))
            return Error{"demo.list",
                         "GET /v1/callbacks/" + book.id + " was answered with " + std::to_string(whole->status)};
        book.side = text_or_empty(now["side"]);
        book.origin = text_or_empty(now["origin"]);
        book.target = text_or_empty(now["target"]);
        book.state = text_or_empty(now["state"]);
        book.outcome = text_or_empty(now["outcome"]);
        book.holder = text_or_empty(now["holder"]);
        book.epoch = now["epoch"].get<std::int64_t>();
        read_history(now["history"], book);
        out.push_back(std::move(book));
    }
    return out;
}

std::vector<std::string> judge_callbacks(const std::map<std::string, CityCallbacks>& cities) {
    Mistakes mistakes;
    std::set<std::string> acknowledged;
    for (const auto& [city, callbacks] : cities) judge_acknowledged(city, cities, acknowledged, mistakes);
    for (const auto& [city, callbacks] : cities) {
        for (const CallbackBook& book : callbacks.books) {
            judge_ends(city, book, mistakes);
            if (book.side == "origin" && !acknowledged.contains(book.id))
                mistakes.push_back(city + " has a callback nobody handed over: " + book.id);
            const bool here = city == (book.side == "origin" ? book.origin : book.target);
            if (!here) mistakes.push_back(book.id + " is in " + city + ", where it does not belong");
            if (book.side == "target" && find(cities, book.origin, book.id, "origin") == nullptr)
                mistakes.push_back(book.id + " is in " + city + " and not in the books of " + book.origin);
            if (book.side != "origin") continue;
            const CallbackBook* there = find(cities, book.target, book.id, "target");
            if (there == nullptr)
                mistakes.push_back(book.id + " never came to " + book.target);
            else
                judge_pair(book, *there, mistakes);
        }
    }
    return mistakes;
}

}  // namespace citybridge::demo
