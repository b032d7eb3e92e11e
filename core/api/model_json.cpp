#include "core/api/model_json.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json recording_json(const Recording& recording) {
    return {{"id", recording.id},
            {"file", recording.file},
            {"state", to_string(recording.state)},
            {"started_at", to_rfc3339(recording.started_at)},
            {"ended_at", recording.ended_at ? Json(to_rfc3339(*recording.ended_at)) : Json(nullptr)}};
}

Json transfer_json(const Transfer& transfer) {
    return {{"kind", to_string(transfer.kind)},
            {"from_agent", text_or_null(transfer.from_agent)},
            {"to", text_or_null(transfer.to)},
            {"result", to_string(transfer.result)},
            {"reason", text_or_null(std::string(to_string(transfer.reason)))},
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

// Bytes that need no escape and are ASCII are copied as they are; the rest is the library's.
void put(std::string& out, std::string_view text) {
    for (const char c : text)
        if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) {
            out += dump(Json(text));
            return;
        }
    out += '"';
    out += text;
    out += '"';
}
void put_or_null(std::string& out, std::string_view text) { text.empty() ? void(out += "null") : put(out, text); }
void put_time(std::string& out, WallTime at) {
    out += '"';
    out += to_rfc3339(at);
    out += '"';
}
void put_time(std::string& out, const std::optional<WallTime>& at) { at ? put_time(out, *at) : void(out += "null"); }
template <class E>
void put_word(std::string& out, const std::optional<E>& w) {
    w ? put(out, to_string(*w)) : void(out += "null");
}
template <class Items, class Fn>
void put_list(std::string& out, const Items& items, Fn fn) {
    out += '[';
    bool first = true;
    for (const auto& item : items) {
        if (!first) out += ',';
        first = false;
        fn(item);
    }
    out += ']';
}
void put_leg(std::string& out, const Leg& leg) {
    out += "{\"role\":";
    put(out, to_string(leg.role));
    out += ",\"number\":";
    put_or_null(out, leg.number);
    out += ",\"name\":";
    put_or_null(out, leg.name);
    out += ",\"agent\":";
    put_or_null(out, leg.agent);
    out += ",\"device\":";
    put_or_null(out, leg.device);
    out += ",\"pbx_ids\":";
    put_list(out, leg.pbx_ids, [&](const std::string& id) { put(out, id); });
    out += ",\"joined_at\":";
    put_time(out, leg.joined_at);
    out += ",\"left_at\":";
    put_time(out, leg.left_at);
    out += '}';
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
        if (!e.details.empty()) out["details"] = nlohmann::ordered_json::parse(e.details);
        out["contact"] = to_json(*e.contact);
    }
    void operator()(const AgentChanged& e) const { out["agent"] = to_json(*e.agent); }
    void operator()(const CommandFinished& e) const {
        out["command_id"] = e.command_id;
        out["outcome"] = to_string(e.outcome);
        out["reason"] = text_or_null(e.reason);
        out["contact"] = text_or_null(e.contact_id);
    }
    void operator()(const OrderChanged& e) const { out["order"] = nlohmann::ordered_json::parse(e.json); }
    void operator()(const PaperChanged& e) const {
        out[e.type.substr(0, e.type.find('.'))] = nlohmann::ordered_json::parse(e.json);
    }
    void operator()(const PbxLinkChanged& e) const {
        out["pbx"] = e.pbx;
        out["up"] = e.up;
        out["reason"] = text_or_null(e.reason);
    }
};

}  // namespace

void write_json(std::string& out, const Offer& offer) {
    out += "{\"id\":";
    put(out, offer.id);
    out += ",\"agent\":";
    put_or_null(out, offer.agent);
    out += ",\"device\":";
    put_or_null(out, offer.device);
    out += ",\"state\":";
    put(out, to_string(offer.state));
    out += ",\"offered_at\":";
    put_time(out, offer.offered_at);
    out += ",\"ended_at\":";
    put_time(out, offer.ended_at);
    out += '}';
}

void write_json(std::string& out, const Contact& c) {
    out += "{\"id\":";
    put(out, c.id);
    out += ",\"direction\":";
    put(out, to_string(c.direction));
    out += ",\"customer_number\":";
    put_or_null(out, c.customer_number);
    out += ",\"customer_number_e164\":";
    put_or_null(out, c.customer_number_e164);
    out += ",\"called_number\":";
    put_or_null(out, c.called_number);
    out += ",\"queue\":";
    put_or_null(out, c.queue);
    out += ",\"state\":";
    put(out, to_string(c.state));
    out += ",\"outcome\":";
    put_word(out, c.outcome);
    out += ",\"started_at\":";
    put_time(out, c.started_at);
    out += ",\"queued_at\":";
    put_time(out, c.queued_at);
    out += ",\"answered_at\":";
    put_time(out, c.answered_at);
    out += ",\"ended_at\":";
    put_time(out, c.ended_at);
    out += ",\"ended_by\":";
    put_word(out, c.ended_by);
    out += ",\"wait_ms\":";
    c.wait ? void(out += std::to_string(c.wait->count())) : void(out += "null");
    out += ",\"talk_ms\":";
    out += std::to_string(c.talk.count());
    out += ",\"hold_ms\":";
    out += std::to_string(c.hold.count());
    out += c.inferred ? ",\"inferred\":true" : ",\"inferred\":false";
    out += ",\"legs\":";
    put_list(out, c.legs, [&](const Leg& leg) { put_leg(out, leg); });
    out += ",\"offers\":";
    put_list(out, c.offers, [&](const Offer& offer) { write_json(out, offer); });
    out += ",\"holds\":";
    put_list(out, c.holds, [&](const Hold& hold) {
        out += "{\"by\":";
        put(out, to_string(hold.by));
        out += ",\"from\":";
        put_time(out, hold.from);
        out += ",\"to\":";
        put_time(out, hold.to);
        out += '}';
    });
    out += ",\"transfers\":";
    put_list(out, c.transfers, [&](const Transfer& t) { out += dump(transfer_json(t)); });
    out += ",\"survey\":";
    out += dump(survey_json(c.survey));
    out += ",\"recordings\":";
    put_list(out, c.recordings, [&](const Recording& r) { out += dump(recording_json(r)); });
    out += ",\"disposition\":";
    put_or_null(out, c.disposition);
    out += ",\"attributes\":";
    out += dump(Json(c.attributes));
    out += ",\"allowed\":";
    put_list(out, c.allowed, [&](const std::string& each) { put(out, each); });
    out += '}';
}

Json to_json(const Offer& offer) {
    std::string text;
    write_json(text, offer);
    return Json::parse(text);
}

Json to_json(const Contact& contact) {
    std::string text;
    write_json(text, contact);
    return Json::parse(text);
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
