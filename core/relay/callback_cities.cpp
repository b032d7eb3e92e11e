#include "core/relay/callback_cities.h"

#include <algorithm>
#include <set>

#include "core/relay/callback_ended.h"

namespace citybridge::relay {
namespace {

constexpr std::size_t kPartBytes = 400'000;  // well below what a link carries at once

OutboxRecord to_city(const CallbackContext& context, const std::string& city, std::string id, const Fields& payload) {
    OutboxRecord out;
    out.id = std::move(id);
    out.destination = context.settings.cities.at(city).destination;
    out.key = "cities";
    out.kind = "city_message";
    out.payload = payload.dump();
    out.created_at = out.next_at = out.updated_at = context.now.wall;
    return out;
}

// Ids in messages tell lives apart by this much of theirs.
std::string life_mark(const std::string& life) { return life.empty() ? std::string() : '.' + life.substr(0, 8); }

// "exchange.hangzhou.beijing.g7.3fa81c20": of one life of one store to one city.
std::string message_id(const CallbackContext& context, const char* what, const std::string& city) {
    return std::string(what) + '.' + context.settings.city + '.' + city + ".g" +
           std::to_string(own_generation(context.settings, context.city_row(city))) + life_mark(context.settings.life);
}

Fields envelope(const CallbackContext& context, const std::string& city, const char* type) {
    return city_envelope(context.settings, city, context.city_row(city), type);
}

// Tasks in as many messages as they need, in their order.
std::vector<Fields> in_parts(std::vector<Fields> tasks, std::size_t most) {
    std::vector<Fields> parts{Fields::array()};
    std::size_t bytes = 0;
    for (Fields& task : tasks) {
        const std::size_t size = task.dump().size();
        if (!parts.back().empty() && (bytes + size > kPartBytes || parts.back().size() >= most)) {
            parts.push_back(Fields::array());
            bytes = 0;
        }
        bytes += size;
        parts.back().push_back(std::move(task));
    }
    return parts;
}

// `told`: those that are told in any case.
void ask_exchange(const CallbackContext& context, const std::string& city, const std::set<std::string>& told,
                  CityRecord& row, CallbackDecision& out) {
    std::vector<Fields> tasks;
    for (const CallbackRecord* each : context.view.open_callbacks(city)) {
        if (told.contains(each->id)) continue;
        CallbackChange change = context.change(*each);  // makes it uncertain
        tasks.push_back(change.next_message());
        change.finish(out);
    }
    const auto parts = in_parts(std::move(tasks), context.settings.exchange_at_once);
    const auto ended = ended_pages(context, city, told);
    const std::size_t chunks = std::max(parts.size(), ended.size());
    for (std::size_t i = 0; i < chunks; ++i) {
        Fields payload = envelope(context, city, "exchange");
        payload["chunk"] = i + 1;
        payload["chunks"] = chunks;
        payload["tasks"] = i < parts.size() ? parts[i] : Fields::array();
        if (i < ended.size()) payload["ended"] = ended[i];
        // To another life of the other store it is another message.
        out.changes.outbox.push_back(to_city(context, city,
                                             message_id(context, "exchange", city) + ".to" +
                                                 std::to_string(generation_of(context.city_row(city))) + '.' +
                                                 std::to_string(i + 1),
                                             payload));
    }
    row.detail["exchange"] =
        Fields{{"generation", own_generation(context.settings, &row)}, {"chunks", chunks}, {"seen", Fields::object()}};
}

// Every part of every chunk was answered.
bool complete(const Fields& exchange) {
    const auto chunks = exchange.at("chunks").get<std::size_t>();
    const Fields& seen = exchange.at("seen");
    if (seen.size() < chunks) return false;
    return std::all_of(seen.begin(), seen.end(), [](const Fields& chunk) {
        return chunk.at("got").size() >= chunk.at("parts").get<std::size_t>();
    });
}

}  // namespace

bool is_reconciled(const CallbackSettings& settings, const CityRecord* city) {
    const std::int64_t own = own_generation(settings, city);
    if (own == 0) return true;
    return city != nullptr && city->detail.value("reconciled", std::int64_t{0}) == own;
}

bool is_to_exchange(const CallbackSettings& settings, const CityRecord* city) {
    if (is_reconciled(settings, city)) return false;
    if (city == nullptr) return true;
    const auto exchange = city->detail.find("exchange");
    return exchange == city->detail.end() ||
           exchange->value("generation", std::int64_t{0}) != own_generation(settings, city);
}

Result<CallbackDecision> greet_city(const CallbackContext& context, const GreetCity& what) {
    CallbackDecision out;
    if (context.city(what.city) == nullptr)
        return Error{"callback.unknown_city", "no city \"" + what.city + "\" is in this node's <cities>"};
    const CityRecord* before = context.view.city(what.city);
    CityRecord row = before == nullptr ? CityRecord{} : *before;
    row.city = what.city;
    const std::int64_t own = own_generation(context.settings, before);
    const Fields told{{"generation", own}, {"protocol", kCallbackProtocol}, {"life", context.settings.life}};
    const auto last = row.detail.find("told");
    const bool known = last != row.detail.end() && *last == told;
    const bool exchanges = is_to_exchange(context.settings, before);
    if (known && !exchanges) return out;
    if (!known)
        out.changes.outbox.push_back(to_city(
            context, what.city, message_id(context, "hello", what.city) + ".p" + std::to_string(kCallbackProtocol),
            envelope(context, what.city, "hello")));
    if (exchanges) ask_exchange(context, what.city, {}, row, out);
    row.detail["told"] = told;
    row.updated_at = context.now.wall;
    ++row.revision;
    out.changes.callback.cities.push_back(std::move(row));
    return out;
}

void answer_exchange(const CallbackContext& context, const CityMessage& message, CallbackDecision& out) {
    std::vector<Fields> tasks;
    std::set<std::string> listed;
    for (const ToldTask& told : message.tasks) {
        CallbackChange change = merged(context, message, told);
        tasks.push_back(change.next_message());
        change.finish(out);
        listed.insert(told.row.id);
    }
    answer_ended(context, message, listed, tasks, out);
    // Those it does not remember; with the first chunk all others, some of which a later one lists: twice does no harm.
    if (message.chunk == 1)
        for (const CallbackRecord* each : context.view.open_callbacks(message.from)) {
            if (listed.contains(each->id)) continue;
            CallbackChange change = context.change(*each);
            tasks.push_back(change.next_message());
            change.finish(out);
        }
    const auto parts = in_parts(std::move(tasks), context.settings.exchange_at_once);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Fields payload = envelope(context, message.from, "exchanged");
        payload["for_generation"] = message.generation;
        payload["chunk"] = message.chunk;
        payload["part"] = i + 1;
        payload["parts"] = parts.size();
        payload["tasks"] = parts[i];
        out.changes.outbox.push_back(to_city(context, message.from,
                                             message_id(context, "exchanged", message.from) + ".for" +
                                                 std::to_string(message.generation) + life_mark(message.life) + ".to" +
                                                 std::to_string(message.heard) + '.' + std::to_string(message.chunk) +
                                                 '.' + std::to_string(i + 1),
                                             payload));
    }
    out.result = "exchanged";
}

void take_exchanged(const CallbackContext& context, const CityMessage& message, CallbackDecision& out) {
    for (const ToldTask& told : message.tasks) {
        if (is_same_end(context.view.callback(told.row.id), told)) continue;
        CallbackChange change = merged(context, message, told);
        change.finish(out);
    }
}

void answer_hello(const CallbackContext& context, const CityMessage& message, CallbackDecision& out) {
    if (generation_of(context.sender) == message.generation && !of_other_life(context.sender, message)) return;
    out.changes.outbox.push_back(to_city(context, message.from,
                                         message_id(context, "heard", message.from) + ".for" +
                                             std::to_string(message.generation) + life_mark(message.life) + ".p" +
                                             std::to_string(message.protocol),
                                         envelope(context, message.from, "hello")));
}

bool go_above(const CallbackContext& context, const CityMessage& message, CityRecord& sender) {
    if (!is_outlived(context.settings, &sender, message)) return false;
    sender.detail["own"] = Fields{{"life", context.settings.life}, {"generation", message.heard + 1}};
    sender.detail.erase("exchange");
    return true;
}

void exchange_again(const CallbackContext& context, const CityMessage& message, CityRecord& sender,
                    CallbackDecision& out) {
    // What this decision changed already says so itself; the view does not hold it.
    std::set<std::string> told;
    for (const CallbackRecord& each : out.changes.callback.callbacks) told.insert(each.id);
    ask_exchange(context, message.from, told, sender, out);
}

void keep_city(const CallbackContext& context, const CityMessage& message, CityRecord sender, CallbackDecision& out) {
    const CityRecord* before = context.view.city(message.from);
    const std::int64_t own = own_generation(context.settings, &sender);
    const auto exchange = sender.detail.find("exchange");
    const bool answers = message.type == CityMessage::Type::exchanged && message.for_generation == own &&
                         exchange != sender.detail.end() && exchange->value("generation", std::int64_t{0}) == own;
    // A part that was not asked for answers nothing, and would be kept for nothing.
    if (answers && message.chunk >= 1 && message.chunk <= exchange->at("chunks").get<std::int64_t>() &&
        message.part >= 1 && message.part <= message.parts) {
        Fields& chunk = (*exchange)["seen"][std::to_string(message.chunk)];
        chunk["parts"] = message.parts;
        chunk["got"][std::to_string(message.part)] = true;
        if (complete(*exchange)) {
            sender.detail["reconciled"] = own;
            sender.detail.erase("exchange");
        }
    }
    // Every message would write this row otherwise.
    const bool news = before == nullptr || before->generation != sender.generation ||
                      before->protocol != sender.protocol || before->detail != sender.detail || !before->heard_at ||
                      context.now.wall - *before->heard_at > Millis{60'000};
    if (news) out.changes.callback.cities.push_back(std::move(sender));
}

}  // namespace citybridge::relay
