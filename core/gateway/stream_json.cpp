#include "core/gateway/stream_json.h"

#include "core/api/model_json.h"

namespace citybridge::gateway {

std::string event_text(const std::string& id, const EventEnvelope& event) {
    // The frames of a ringing phone, straight to text: they are on the way to the screen.
    const auto* offer = std::get_if<OfferChanged>(&event.event);
    const auto* changed = std::get_if<ContactChanged>(&event.event);
    if (offer != nullptr || (changed != nullptr && changed->what != ContactChanged::What::merged)) {
        std::string out;
        out.reserve(2048);
        out += "{\"id\":\"" + id + "\",\"type\":\"";
        out += event_type(event.event);
        out += "\",\"at\":\"" + to_rfc3339(event.at) + '"';
        if (offer != nullptr) {
            out += ",\"offer\":";
            write_json(out, offer->offer);
            if (!offer->details.empty()) out += ",\"details\":" + offer->details;
        }
        out += ",\"contact\":";
        write_json(out, offer != nullptr ? *offer->contact : *changed->contact);
        out += '}';
        return out;
    }
    nlohmann::ordered_json frame{{"id", id}};
    nlohmann::ordered_json body = to_json(event);
    // contact.merged names its contact "id", which in a frame is the event's own name.
    if (const auto own = body.find("id"); own != body.end()) {
        const std::string contact = own->get<std::string>();
        const nlohmann::ordered_json into = body["into"];
        body.erase("into");
        body.erase("id");
        body["contact"] = contact;
        body["into"] = into;
    }
    frame.update(body);
    return dump(frame);
}

std::string goodbye_text(WallTime at, std::string_view reason) {
    return dump({{"type", "session.ended"}, {"at", to_rfc3339(at)}, {"reason", reason}});
}

std::string snapshot_text(const std::string& id, WallTime at, const LiveSnapshot& snapshot, const Viewer& viewer) {
    auto contacts = nlohmann::ordered_json::array();
    for (const ContactPtr& contact : snapshot.contacts)
        if (may_see(viewer, *contact)) contacts.push_back(to_json(*contact));
    auto agents = nlohmann::ordered_json::array();
    for (const AgentPtr& agent : snapshot.agents)
        if (may_see(viewer, *agent)) agents.push_back(to_json(*agent));
    return dump({{"id", id},
                 {"type", "snapshot"},
                 {"at", to_rfc3339(at)},
                 {"contacts", std::move(contacts)},
                 {"agents", std::move(agents)}});
}

}  // namespace citybridge::gateway
