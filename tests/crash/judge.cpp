#include "tests/crash/judge.h"

#include <algorithm>

namespace citybridge::crash {
namespace {

constexpr std::size_t kPage = 200;
constexpr std::size_t kMostMistakes = 100;

std::string text_at(const Fields& fields, const char* name) {
    const auto found = fields.find(name);
    return found != fields.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Judge::Judge(store::Readers& readers) : readers_(readers) {
    read_orders();
    for (const auto& [id, order] : orders_) read_history(order);
}

void Judge::mistake(const std::string& what) {
    if (mistakes_.size() < kMostMistakes) mistakes_.push_back(what);
}

void Judge::read_orders() {
    store::OrderQuery query;
    query.limit = kPage;
    for (;;) {
        const auto page = readers_.orders(query);
        if (!page) return mistake("orders cannot be read: " + page.error().detail);
        for (const OrderRecord& order : *page) {
            if (!orders_.emplace(order.id, order).second) mistake("order " + order.id + " is listed twice");
            if (const std::string mark = text_at(order.fields, "wish"); !mark.empty())
                places_[mark].push_back({order.id, "opened"});
        }
        if (page->size() < kPage) return;
        query.after = page->back().id;
    }
}

void Judge::read_history(const OrderRecord& order) {
    const auto history = readers_.history(order.id);
    if (!history) return mistake("history of " + order.id + " cannot be read: " + history.error().detail);
    std::int64_t n = 0;
    for (const HistoryRecord& row : *history) {
        ++history_rows_;
        if (row.n != ++n)
            mistake("history of " + order.id + " has " + std::to_string(row.n) + " as its " + std::to_string(n) +
                    "th row");
        if ((row.action == "opened") != (n == 1))
            mistake("row " + std::to_string(n) + " of " + order.id + " is " + row.action);
        if (row.actor.starts_with("erp:"))
            ++inbound_[row.actor.substr(4) + ' ' + order.id + ' ' + text_at(row.detail, "message")];
        else if (row.actor != "system" && row.action != "opened")
            places_[row.text].push_back({order.id, row.action});
    }
    if (n != order.history_n || n != order.revision)
        mistake("order " + order.id + " counts " + std::to_string(order.history_n) + " history rows and has " +
                std::to_string(n));
}

void Judge::done(const Wish& wish, const Answer& answer) {
    const auto found = places_.find(wish.key);
    if (found == places_.end()) return mistake("lost: " + wish.key + ", answered " + std::to_string(answer.status));
    const Place& place = found->second.front();
    const bool right = wish.what == Wish::What::open   ? place.order == answer.order && place.action == "opened"
                       : wish.what == Wish::What::note ? place.order == wish.order && place.action == "note"
                                                       : place.order == wish.order && place.action == wish.action;
    if (!right) mistake(wish.key + " is at " + place.order + " as " + place.action);
}

void Judge::told(const Told& told) {
    for (const std::string& each : told.mistakes) mistake(each);
    for (const auto& [wish, answer] : told.done)
        if (wish.what != Wish::What::dial) done(wish, answer);
    for (const Wish& wish : told.never)
        if (places_.contains(wish.key)) mistake("there although it was refused: " + wish.key);
    for (const auto& [mark, places] : places_)
        if (places.size() > 1) mistake(mark + " is there " + std::to_string(places.size()) + " times");
}

void Judge::deliveries(const std::string& destination, const std::vector<LedgerLine>& ledger) {
    std::map<std::string, std::int64_t> seq;
    store::OutboxQuery query;
    query.destination = destination;
    query.limit = kPage;
    for (;;) {
        const auto page = readers_.outbox(query);
        if (!page) return mistake("the outbox cannot be read: " + page.error().detail);
        for (const OutboxRecord& row : *page) {
            if (!seq.emplace(row.id, row.seq).second) mistake("message " + row.id + " is there twice");
            if (row.state != OutboxState::delivered)
                mistake("message " + row.id + " is " + std::string(to_string(row.state)) + " (" + row.last_code + ")");
        }
        if (page->size() < kPage) break;
        query.before_seq = page->back().seq;
    }
    std::map<std::string, std::size_t> effects;
    for (const LedgerLine& line : ledger) {
        effects[line.id] += line.effects;
        if (!seq.contains(line.id)) mistake(destination + " has " + line.id + ", which we have not");
        if (line.effects != 1) mistake(line.id + " took effect " + std::to_string(line.effects) + " times");
    }
    for (const auto& [id, n] : seq)
        if (!effects.contains(id)) mistake(destination + " never got " + id);
    order_per_key(destination, ledger, seq);
}

void Judge::order_per_key(const std::string& destination, const std::vector<LedgerLine>& ledger,
                          const std::map<std::string, std::int64_t>& seq) {
    std::map<std::string, std::int64_t> last;
    for (const LedgerLine& line : ledger) {
        const auto found = seq.find(line.id);
        if (found == seq.end()) continue;
        std::int64_t& before = last[line.order];
        if (found->second < before) mistake(destination + " got " + line.id + " after a later one of its order");
        before = std::max(before, found->second);
    }
}

void Judge::inbound(const std::string& source, const std::string& order, const std::string& type) {
    const auto found = inbound_.find(source + ' ' + order + ' ' + type);
    const std::size_t effects = found == inbound_.end() ? 0 : found->second;
    if (effects != 1) mistake(type + " took effect " + std::to_string(effects) + " times on " + order);
}

}  // namespace citybridge::crash
