#include "plugins/link_nats/pending.h"

namespace citybridge::link_nats {

bool Pending::add(const std::string& id, DeliveryDone done, MonoTime until) {
    const std::lock_guard lock(mutex_);
    if (received_.contains(id)) return false;
    waits_.insert_or_assign(id, Wait{std::move(done), until});
    return true;
}

std::optional<DeliveryDone> Pending::take(const std::string& id) {
    const auto found = waits_.find(id);
    if (found == waits_.end()) return std::nullopt;
    DeliveryDone done = std::move(found->second.done);
    waits_.erase(found);
    return done;
}

std::optional<Answer> Pending::settle(const std::string& id, const CityVerdict& verdict) {
    const std::lock_guard lock(mutex_);
    if (auto done = take(id)) return Answer{std::move(*done), city_reply(verdict.answer, verdict.code, verdict.detail)};
    // Never a refusal: a person may send the message again when the far side has been put right.
    if (verdict.answer != CityAnswer::received || !received_.insert(id).second) return std::nullopt;
    received_in_order_.push_back(id);
    if (received_in_order_.size() > kRemembered) {
        received_.erase(received_in_order_.front());
        received_in_order_.pop_front();
    }
    return std::nullopt;
}

std::optional<Answer> Pending::end(const std::string& id, CityAnswer how, std::string code, std::string detail) {
    const std::lock_guard lock(mutex_);
    auto done = take(id);
    if (!done) return std::nullopt;
    return Answer{std::move(*done), city_reply(how, std::move(code), std::move(detail))};
}

std::optional<Answer> Pending::failed(const std::string& id, std::string code, std::string detail) {
    return end(id, CityAnswer::not_now, std::move(code), std::move(detail));
}

std::optional<Answer> Pending::refused(const std::string& id, std::string code, std::string detail) {
    return end(id, CityAnswer::refused, std::move(code), std::move(detail));
}

std::vector<Answer> Pending::expire(MonoTime now) {
    const std::lock_guard lock(mutex_);
    std::vector<Answer> out;
    for (auto wait = waits_.begin(); wait != waits_.end();) {
        if (now < wait->second.until) {
            ++wait;
            continue;
        }
        out.emplace_back(std::move(wait->second.done),
                         city_reply(CityAnswer::not_now, "link_nats.no_receipt",
                                    "the broker has the message; the far city has not said that it has it"));
        wait = waits_.erase(wait);
    }
    return out;
}

}  // namespace citybridge::link_nats
