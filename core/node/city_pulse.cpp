#include "core/node/city_pulse.h"

#include "core/api/records_json.h"

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
        if (!answered.answered) return;
        const Now then = system_now();
        answered.heard = then.mono;
        answered.answered_at = then.wall;
    });
}

CityLines CityPulse::lines(MonoTime now) const {
    CityLines out;
    const std::lock_guard lock(shared_->mutex);
    for (const auto& [destination, line] : shared_->lines) {
        CityLine& told = out[destination];
        told.city = line.city;
        told.answered_at = line.answered_at;
        told.asked = line.n != 0 && line.connector != nullptr;
        // Asked again a moment ago is no silence yet.
        told.reachable = !told.asked || (line.answered && now - line.heard <= 2 * every_);
        if (!told.reachable) told.silent = std::max(Millis{0}, now - line.heard);
    }
    return out;
}

std::string CityPulse::answered_text() const {
    nlohmann::ordered_json out;
    const std::lock_guard lock(shared_->mutex);
    for (const auto& [destination, line] : shared_->lines)
        if (line.answered_at) out[line.city] = epoch_ms(*line.answered_at);
    return out.is_null() ? std::string() : out.dump();
}

void CityPulse::remember(const std::string& answered_text) {
    const auto answered = answered_from(answered_text);
    const std::lock_guard lock(shared_->mutex);
    for (auto& [destination, line] : shared_->lines)
        if (const auto found = answered.find(line.city); found != answered.end()) line.answered_at = found->second;
}

std::map<std::string, WallTime> CityPulse::answered_from(const std::string& text) {
    std::map<std::string, WallTime> out;
    const auto read = nlohmann::ordered_json::parse(text, nullptr, false);
    if (!read.is_object()) return out;
    for (const auto& [city, at] : read.items())
        if (at.is_number_integer()) out[city] = from_epoch_ms(at.get<std::int64_t>());
    return out;
}

}  // namespace citybridge
