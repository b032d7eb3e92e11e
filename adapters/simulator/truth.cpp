#include "adapters/simulator/truth.h"

#include <nlohmann/json.hpp>

namespace citybridge::simulator {
namespace {

nlohmann::json time_or_null(const std::optional<WallTime>& time) {
    return time ? nlohmann::json(to_rfc3339(*time)) : nlohmann::json(nullptr);
}

nlohmann::json to_json(const TruthOffer& offer) {
    return {{"agent", offer.agent},
            {"channel", offer.channel},
            {"end", to_string(offer.end)},
            {"offered_at", to_rfc3339(offer.rang_at)},
            {"ended_at", time_or_null(offer.ended_at)}};
}

nlohmann::json to_json(const TruthHold& hold) {
    return {{"by", to_string(hold.by)}, {"from", to_rfc3339(hold.from)}, {"to", to_rfc3339(hold.to)}};
}

nlohmann::json to_json(const TruthTransfer& transfer) {
    return {{"kind", to_string(transfer.kind)},
            {"from_agent", transfer.from_agent},
            {"to", transfer.to},
            {"at", to_rfc3339(transfer.at)}};
}

}  // namespace

std::string_view to_string(TruthOffer::End value) {
    switch (value) {
        case TruthOffer::End::answered: return "answered";
        case TruthOffer::End::missed: return "missed";
        case TruthOffer::End::refused: return "refused";
        case TruthOffer::End::lost: return "lost";
        case TruthOffer::End::dropped: return "dropped";
    }
    return "unknown";
}

nlohmann::json to_json(const TruthCall& call) {
    nlohmann::json out{{"number", call.number},
                       {"direction", to_string(call.direction)},
                       {"command_id", call.command_id},
                       {"contact", call.contact},
                       {"first_channel", call.first_channel},
                       {"channels", call.channels},
                       {"customer_number", call.customer_number},
                       {"customer_name", call.customer_name},
                       {"called_number", call.called_number},
                       {"ivr_digit", call.ivr_digit},
                       {"queue", call.queue},
                       {"caller", call.caller},
                       {"agent", call.agent},
                       {"started_at", to_rfc3339(call.started_at)},
                       {"dialled_at", time_or_null(call.dialled_at)},
                       {"queued_at", time_or_null(call.queued_at)},
                       {"answered_at", time_or_null(call.answered_at)},
                       {"ended_at", time_or_null(call.ended_at)},
                       {"outcome", to_string(call.outcome)},
                       {"ended_by", to_string(call.ended_by)},
                       {"talk_ms", call.talk.count()},
                       {"hold_ms", call.hold().count()},
                       {"survey_score", call.survey_score},
                       {"voicemail", call.voicemail}};
    out["wait_ms"] = call.wait ? nlohmann::json(call.wait->count()) : nlohmann::json(nullptr);
    out["offers"] = nlohmann::json::array();
    for (const auto& offer : call.offers) out["offers"].push_back(to_json(offer));
    out["holds"] = nlohmann::json::array();
    for (const auto& hold : call.holds) out["holds"].push_back(to_json(hold));
    out["transfers"] = nlohmann::json::array();
    for (const auto& transfer : call.transfers) out["transfers"].push_back(to_json(transfer));
    out["in_vain"] = call.in_vain;
    out["recordings"] = call.recordings;
    return out;
}

}  // namespace citybridge::simulator
