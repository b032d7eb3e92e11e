#include "core/relay/callback_message.h"

#include <algorithm>
#include <array>

#include "core/api/records_json.h"
#include "core/relay/callback.h"

namespace citybridge::relay {
namespace {

using Json = nlohmann::ordered_json;

constexpr Millis kOldest{3650LL * 86'400'000};
constexpr std::int64_t kMostCount = 1LL << 53;             // what a number of JSON holds exactly
constexpr std::int64_t kLatestMs = 253'402'300'799'000LL;  // the year 9999
constexpr std::array<std::string_view, 4> kTypes{"task", "hello", "exchange", "exchanged"};
constexpr std::array<std::string_view, 26> kTaskFields{
    "offered_to",     "id",       "origin",  "target",     "epoch",   "hand",    "version",
    "holder",         "state",    "outcome", "result",     "dials",   "unsure",  "far_dials",
    "far_unsure",     "ask",      "number",  "name",       "owner",   "contact", "promised_at",
    "promised_in_ms", "moved_ms", "data",    "created_ms", "ended_ms"};

Error bad(const std::string& what) {
    return {"hook.not_understood",
            "this is no message between cities of protocol " + std::to_string(kCallbackProtocol) + ": " + what};
}

bool is_id(const std::string& text, std::size_t most) {
    return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
    });
}

// Numbers that only grow from zero. What cannot be one spoils the message: a count near the end of its type would
// overflow in the next step.
class Counts {
public:
    std::int64_t at(const Json& from, const char* name) { return checked(from.at(name).get<std::int64_t>()); }
    std::int64_t value(const Json& from, const char* name) { return checked(from.value(name, std::int64_t{0})); }
    std::int64_t checked(std::int64_t count) {
        good_ = good_ && count >= 0 && count <= kMostCount;
        return count;
    }
    bool good() const { return good_; }

private:
    bool good_ = true;
};

std::optional<Millis> read_age(const Json& from, const char* name) {
    const auto found = from.find(name);
    if (found == from.end()) return {};
    return std::clamp(Millis{found->get<std::int64_t>()}, Millis{0}, kOldest);
}

void read_times(const Json& from, ToldTask& out) {
    out.row.promised_at =
        from_epoch_ms(std::clamp(from.value("promised_at", std::int64_t{0}), std::int64_t{0}, kLatestMs));
    if (const auto in = from.find("promised_in_ms"); in != from.end())
        out.promised_in = std::clamp(Millis{in->get<std::int64_t>()}, -kOldest, kOldest);
    out.created_ago = read_age(from, "created_ms");
    out.ended_ago = read_age(from, "ended_ms");
    out.moved = read_age(from, "moved_ms");
}

Result<ToldTask> read_task(const Json& from, const std::string& me, const std::string& sender) {
    ToldTask out;
    CallbackRecord& row = out.row;
    row.id = from.at("id").get<std::string>();
    row.origin = from.at("origin").get<std::string>();
    row.target = from.at("target").get<std::string>();
    if (!is_id(row.id, 64)) return bad("a task's id is not one");
    row.side = row.origin == me ? "origin" : "target";
    if ((row.origin == me ? row.target : row.origin) != sender || (row.origin != me && row.target != me))
        return bad("task " + row.id + " is not between " + sender + " and " + me);
    Counts counts;
    row.epoch = counts.at(from, "epoch");
    row.version = counts.at(from, "version");
    const auto state = callback_state_from(from.at("state").get<std::string>());
    if (!state) return bad("task " + row.id + " has a state that is not known here");
    row.state = *state;
    row.outcome = from.value("outcome", "");
    row.number = from.value("number", "");
    row.name = from.value("name", "");
    row.owner = from.value("owner", "");
    if (const auto data = from.find("data"); data != from.end() && data->is_object()) row.data = *data;
    read_times(from, out);
    out.detail.holder = from.at("holder").get<std::string>() == "origin" ? Holder::origin : Holder::target;
    out.detail.hand = counts.at(from, "hand");
    out.detail.offered_to = counts.value(from, "offered_to");
    out.detail.dials = counts.at(from, "dials");
    out.detail.unsure = from.value("unsure", false);
    out.detail.far_dials = counts.value(from, "far_dials");
    out.detail.far_unsure = from.value("far_unsure", false);
    out.detail.result = from.value("result", "");
    if (!counts.good()) return bad("task " + row.id + " has a count that cannot be");
    out.ask = from.value("ask", false);
    for (const auto& [name, value] : from.items())
        if (std::find(kTaskFields.begin(), kTaskFields.end(), name) == kTaskFields.end()) out.unknown[name] = value;
    return out;
}

void take_heard(const Json& data, CityMessage& out) {
    const auto heard = data.find("heard");
    if (heard == data.end()) return;
    out.heard = heard->at("generation").get<std::int64_t>();
    out.heard_life = heard->value("life", "");
}

Result<std::vector<ToldTask>> read_tasks(const Json& from, const CityMessage& message) {
    std::vector<ToldTask> out;
    for (const Json& each : from) {
        auto task = read_task(each, message.to, message.from);
        if (!task) return task.error();
        out.push_back(std::move(*task));
    }
    return out;
}

Result<> read_ended(const Json& data, CityMessage& out) {
    const auto ended = data.find("ended");
    if (ended == data.end() || out.type != CityMessage::Type::exchange) return ok();
    auto tasks = read_tasks(ended->at("tasks"), out);
    if (!tasks) return tasks.error();
    out.tells_ended = true;
    out.ended_after = ended->at("after").get<std::string>();
    out.ended_to = ended->at("to").get<std::string>();
    out.ended = std::move(*tasks);
    return ok();
}

Result<CityMessage> read(const Json& data, const std::string& me) {
    CityMessage out;
    out.protocol = data.at("protocol").get<std::int64_t>();
    out.from = data.at("from").get<std::string>();
    out.to = data.at("to").get<std::string>();
    if (!is_id(out.from, 64)) return bad("\"from\" is no city id");
    if (out.to != me) return bad("it is for city \"" + out.to.substr(0, 64) + "\"");
    Counts counts;
    out.generation = counts.at(data, "generation");
    out.life = data.value("life", "");
    if (!out.life.empty() && !is_id(out.life, 64)) return bad("\"life\" is no id");
    take_heard(data, out);
    counts.checked(out.heard);
    const auto type = std::find(kTypes.begin(), kTypes.end(), data.at("type").get<std::string>());
    if (type == kTypes.end()) return bad("its type is not known here");
    out.type = static_cast<CityMessage::Type>(type - kTypes.begin());
    out.chunk = counts.value(data, "chunk");
    out.chunks = counts.value(data, "chunks");
    out.part = counts.value(data, "part");
    out.parts = counts.value(data, "parts");
    out.for_generation = counts.value(data, "for_generation");
    if (!counts.good()) return bad("it has a count that cannot be");
    if (out.type == CityMessage::Type::hello) return out;
    auto tasks =
        read_tasks(out.type == CityMessage::Type::task ? Json::array({data.at("task")}) : data.at("tasks"), out);
    if (!tasks) return tasks.error();
    out.tasks = std::move(*tasks);
    if (auto ended = read_ended(data, out); !ended) return ended.error();
    return out;
}

}  // namespace

Result<CityMessage> read_city_message(const Json& data, const std::string& me) {
    try {
        return read(data, me);
    } catch (const Json::exception&) {
        return bad("a field is missing or of another kind");
    }
}

CityMessage read_heard(const Json& data) {
    CityMessage out;
    try {
        take_heard(data, out);
        out.from = data.at("from").get<std::string>();
        out.generation = data.at("generation").get<std::int64_t>();
        return out;
    } catch (const Json::exception&) {
        return {};
    }
}

Fields task_fields(const CallbackRecord& row, const CallbackDetail& detail, WallTime now) {
    Fields out{{"id", row.id},
               {"origin", row.origin},
               {"target", row.target},
               {"epoch", row.epoch},
               {"hand", detail.hand},
               {"offered_to", detail.offered_to},
               {"version", row.version},
               {"holder", to_string(detail.holder)},
               {"state", to_string(row.state)},
               {"outcome", row.outcome},
               {"result", detail.result},
               {"dials", detail.dials},
               {"unsure", detail.unsure},
               {"far_dials", detail.far_dials},
               {"far_unsure", detail.far_unsure},
               {"owner", row.owner},
               {"number", row.number},
               {"name", row.name},
               {"promised_at", epoch_ms(row.promised_at)},
               {"promised_in_ms", (row.promised_at - now).count()}};
    if (row.side == "origin" && !row.data.empty() && !row.data.contains(kErased)) out["data"] = row.data;
    return out;
}

Fields city_envelope(const CallbackSettings& settings, const std::string& to, const CityRecord* far, const char* type) {
    const std::string heard_life = far == nullptr ? "" : far->detail.value("life", "");
    return {{"protocol", kCallbackProtocol},
            {"from", settings.city},
            {"to", to},
            {"generation", own_generation(settings, far)},
            {"life", settings.life},
            {"heard", Fields{{"generation", generation_of(far)}, {"life", heard_life}}},
            {"type", type}};
}

std::int64_t own_generation(const CallbackSettings& settings, const CityRecord* city) {
    if (city == nullptr) return settings.generation;
    const auto own = city->detail.find("own");
    if (own == city->detail.end()) return settings.generation;
    const auto raised = own->value("generation", std::int64_t{0});
    // What an earlier life went up to is used up.
    return std::max(settings.generation, own->value("life", "") == settings.life ? raised : raised + 1);
}

bool of_other_life(const CityRecord* sender, const CityMessage& message) {
    if (sender == nullptr || sender->generation != message.generation || message.life.empty()) return false;
    const std::string known = sender->detail.value("life", "");
    return !known.empty() && known != message.life;
}

bool is_outlived(const CallbackSettings& settings, const CityRecord* sender, const CityMessage& message) {
    const std::int64_t own = own_generation(settings, sender);
    if (message.heard != own) return message.heard > own;
    return !settings.life.empty() && !message.heard_life.empty() && message.heard_life != settings.life;
}

bool exchange_is_lost(const CallbackSettings& settings, const CityRecord* before, const CityMessage& message) {
    if (before == nullptr || message.generation <= before->generation) return false;
    const auto exchange = before->detail.find("exchange");
    return exchange != before->detail.end() &&
           exchange->value("generation", std::int64_t{0}) == own_generation(settings, before);
}

std::int64_t generation_of(const CityRecord* city) { return city == nullptr ? 0 : city->generation; }

CityRecord heard_from(const CityRecord* before, const CityMessage& message, WallTime now) {
    CityRecord out = before == nullptr ? CityRecord{} : *before;
    out.city = message.from;
    // Of two lives with one number the first stays known: the other hears of it, and goes above.
    const bool unnamed = out.detail.value("life", "").empty() && !message.life.empty();
    if (message.generation > out.generation || (message.generation == out.generation && unnamed))
        out.detail["life"] = message.life;
    out.generation = std::max(out.generation, message.generation);
    // One that was put back to an older program tells so with its newest generation.
    if (message.generation >= out.generation) out.protocol = message.protocol;
    out.heard_at = now;
    out.updated_at = now;
    ++out.revision;
    return out;
}

}  // namespace citybridge::relay
