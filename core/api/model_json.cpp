#include "core/api/model_json.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

Json time_or_null(const std::optional<WallTime>& time) { return time ? Json(to_rfc3339(*time)) : Json(nullptr); }
Json ms_or_null(const std::optional<Millis>& value) { return value ? Json(value->count()) : Json(nullptr); }
Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

template <class Enum>
Json word_or_null(const std::optional<Enum>& value) {
    return value ? Json(to_string(*value)) : Json(nullptr);
}

Json leg_json(const Leg& leg) {
    return {{"role", to_string(leg.role)},
            {"number", text_or_null(leg.number)},
            {"name", text_or_null(leg.name)},
            {"agent", text_or_null(leg.agent)},
            {"device", text_or_null(leg.device)},
            {"pbx_ids", leg.pbx_ids},
            {"joined_at", time_or_null(leg.joined_at)},
            {"left_at", time_or_null(leg.left_at)}};
}

Json transfer_json(const Transfer& transfer) {
    return {{"kind", to_string(transfer.kind)},
            {"from_agent", text_or_null(transfer.from_agent)},
            {"to", text_or_null(transfer.to)},
            {"result", to_string(transfer.result)},
            {"at", to_rfc3339(transfer.at)}};
}

// A key the caller pressed is a number to everyone who counts with it; other scores stay text.
Json survey_json(const std::optional<Survey>& survey) {
    if (!survey) return nullptr;
    const std::string& score = survey->score;
    const bool number =
        !score.empty() && score.size() <= 9 && score.find_first_not_of("0123456789") == std::string::npos;
    return {{"score", number ? Json(std::stoi(score)) : Json(score)}, {"at", to_rfc3339(survey->at)}};
}

template <class Items, class Fn>
Json array_of(const Items& items, Fn to_item) {
    Json out = Json::array();
    for (const auto& item : items) out.push_back(to_item(item));
    return out;
}

struct BodyJson {
    Json& out;
    void operator()(const ContactChanged& e) const {
        if (e.what == ContactChanged::What::merged) {
            out["id"] = e.contact->id;
            out["into"] = e.merged_into;
            return;
        }
        out["contact"] = to_json(*e.contact);
    }
    void operator()(const OfferChanged& e) const {
        out["offer"] = to_json(e.offer);
        out["contact"] = to_json(*e.contact);
    }
    void operator()(const AgentChanged& e) const { out["agent"] = to_json(*e.agent); }
    void operator()(const CommandFinished& e) const {
        out["command_id"] = e.command_id;
        out["outcome"] = to_string(e.outcome);
        out["reason"] = text_or_null(e.reason);
        out["contact"] = text_or_null(e.contact_id);
    }
    void operator()(const PbxLinkChanged& e) const {
        out["pbx"] = e.pbx;
        out["up"] = e.up;
        out["reason"] = text_or_null(e.reason);
    }
};

}  // namespace

Json to_json(const Offer& offer) {
    return {{"id", offer.id},
            {"agent", text_or_null(offer.agent)},
            {"device", text_or_null(offer.device)},
            {"state", to_string(offer.state)},
            {"offered_at", to_rfc3339(offer.offered_at)},
            {"ended_at", time_or_null(offer.ended_at)}};
}

Json to_json(const Contact& c) {
    return {{"id", c.id},
            {"direction", to_string(c.direction)},
            {"customer_number", text_or_null(c.customer_number)},
            {"customer_number_e164", text_or_null(c.customer_number_e164)},
            {"called_number", text_or_null(c.called_number)},
            {"queue", text_or_null(c.queue)},
            {"state", to_string(c.state)},
            {"outcome", word_or_null(c.outcome)},
            {"started_at", to_rfc3339(c.started_at)},
            {"queued_at", time_or_null(c.queued_at)},
            {"answered_at", time_or_null(c.answered_at)},
            {"ended_at", time_or_null(c.ended_at)},
            {"ended_by", word_or_null(c.ended_by)},
            {"wait_ms", ms_or_null(c.wait)},
            {"talk_ms", c.talk.count()},
            {"hold_ms", c.hold.count()},
            {"inferred", c.inferred},
            {"legs", array_of(c.legs, leg_json)},
            {"offers", array_of(c.offers, [](const Offer& offer) { return to_json(offer); })},
            {"holds", array_of(c.holds,
                               [](const Hold& hold) {
                                   return Json{{"by", to_string(hold.by)},
                                               {"from", to_rfc3339(hold.from)},
                                               {"to", time_or_null(hold.to)}};
                               })},
            {"transfers", array_of(c.transfers, transfer_json)},
            {"survey", survey_json(c.survey)},
            {"recordings", c.recordings},
            {"disposition", text_or_null(c.disposition)},
            {"attributes", Json(c.attributes)},
            {"allowed", c.allowed}};
}

Json to_json(const Agent& a) {
    return {{"id", a.id},
            {"name", text_or_null(a.name)},
            {"device", text_or_null(a.device)},
            {"queues", a.queues},
            {"state", to_string(a.state)},
            {"reason", text_or_null(a.reason)},
            {"since", to_rfc3339(a.since)},
            {"cause", text_or_null(a.cause)},
            {"contact", text_or_null(a.contact)}};
}

Json to_json(const EventEnvelope& envelope) {
    Json out{{"type", event_type(envelope.event)}, {"at", to_rfc3339(envelope.at)}};
    std::visit(BodyJson{out}, envelope.event);
    return out;
}

std::string dump(const Json& value, int indent) {
    return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace citybridge
