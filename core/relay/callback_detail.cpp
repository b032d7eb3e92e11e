#include "core/relay/callback_detail.h"

namespace citybridge::relay {

CallbackDetail detail_of(const CallbackRecord& row) {
    const Fields& from = row.state_detail;
    CallbackDetail out;
    out.holder = from.value("holder", "target") == "origin" ? Holder::origin : Holder::target;
    out.hand = from.value("hand", std::int64_t{1});
    out.offered_to = from.value("offered_to", std::int64_t{0});
    out.life = from.value("life", std::int64_t{0});
    out.dials = from.value("dials", std::int64_t{0});
    out.far_dials = from.value("far_dials", std::int64_t{0});
    out.unsure = from.value("unsure", false);
    out.far_unsure = from.value("far_unsure", false);
    out.asked = from.value("asked", false);
    out.seen_generation = from.value("seen_generation", std::int64_t{0});
    out.seen_version = from.value("seen_version", std::int64_t{0});
    out.result = from.value("result", "");
    out.confirmed_by = from.value("confirmed_by", "");
    out.command = from.value("command", "");
    out.tried = from.value("tried", std::vector<std::string>{});
    out.told = from.value("told", false);
    if (const auto found = from.find("unknown"); found != from.end()) out.unknown = *found;
    return out;
}

void keep_detail(CallbackRecord& row, const CallbackDetail& detail) {
    Fields& to = row.state_detail;
    to["holder"] = to_string(detail.holder);
    to["hand"] = detail.hand;
    to["offered_to"] = detail.offered_to;
    to["life"] = detail.life;
    to["dials"] = detail.dials;
    to["far_dials"] = detail.far_dials;
    to["unsure"] = detail.unsure;
    to["far_unsure"] = detail.far_unsure;
    to["asked"] = detail.asked;
    to["seen_generation"] = detail.seen_generation;
    to["seen_version"] = detail.seen_version;
    to["result"] = detail.result;
    to["confirmed_by"] = detail.confirmed_by;
    to["command"] = detail.command;
    to["tried"] = detail.tried;
    to["told"] = detail.told;
    if (!detail.unknown.empty()) to["unknown"] = detail.unknown;
}

void keep_unknown(Fields& kept, const Fields& told) {
    constexpr std::size_t kMostFields = 100;
    for (const auto& [name, value] : told.items())
        if (kept.contains(name) || kept.size() < kMostFields) kept[name] = value;
}

}  // namespace citybridge::relay
