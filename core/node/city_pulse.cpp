#include "core/node/city_pulse.h"

namespace citybridge {

CityPulse::CityPulse(const desk::CitySet& cities, std::string own_city, std::string generation)
    : every_(cities.pulse_every), own_(std::move(own_city)), generation_(std::move(generation)) {
    for (const auto& [id, city] : cities.all) shared_->lines[city.destination].city = id;
}

void CityPulse::add(const std::string& destination, OutboundConnector* connector) {
    if (const auto line = shared_->lines.find(destination); line != shared_->lines.end())
        line->second.connector = connector;
}

void CityPulse::beat(Now now) {
    for (auto& [destination, line] : shared_->lines) {
        if (line.connector == nullptr || now.mono < line.next) continue;
        line.next = now.mono + every_;
        ask(destination, line, now);
    }
}

void CityPulse::ask(const std::string& destination, Line& line, Now now) {
    {
        const std::lock_guard lock(shared_->mutex);
        if (line.waiting) return;
        if (line.n == 0) line.heard = now.mono;
        line.waiting = true;
        ++line.n;
    }
    OutboxRecord message;
    message.id = std::string("pulse.") + own_ + '.' + generation_ + '.' + std::to_string(line.n);
    message.destination = destination;
    message.key = kCityPulse;
    message.kind = kCityPulse;
    message.payload = nlohmann::ordered_json{{"from", own_}, {"to", line.city}}.dump();
    message.created_at = message.next_at = message.updated_at = now.wall;
    line.connector->deliver(message, [shared = shared_, destination](const DeliveryReply& reply) {
        const std::lock_guard lock(shared->mutex);
        Line& answered = shared->lines.at(destination);
        answered.waiting = false;
        // A node of before this kind of message does not understand it, and is there.
        const bool spoke = reply.outcome == DeliveryOutcome::refused && reply.code.starts_with("hook.");
        answered.answered = reply.outcome == DeliveryOutcome::delivered || spoke;
        if (answered.answered) answered.heard = system_now().mono;
    });
}

std::map<std::string, Millis> CityPulse::silent(MonoTime now) const {
    std::map<std::string, Millis> out;
    const std::lock_guard lock(shared_->mutex);
    for (const auto& [destination, line] : shared_->lines) {
        const bool asked = line.n != 0 && line.connector != nullptr;
        // Asked again a moment ago is no silence yet.
        if (!asked || (line.answered && now - line.heard <= 2 * every_)) continue;
        out[destination] = std::max(Millis{0}, now - line.heard);
    }
    return out;
}

}  // namespace citybridge
