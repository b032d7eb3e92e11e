// What the durable strand does about callbacks between cities by itself.
#include <spdlog/spdlog.h>

#include "core/node/durable_strand.h"
#include "core/store/undelivered_reader.h"

namespace citybridge {
namespace {

constexpr Millis kCountEvery{10'000};
constexpr Millis kKeepAnsweredEvery{60'000};

desk::Request callback_request(std::string id, decltype(relay::CallbackInput::what) what) {
    return {std::move(id), {"system", "system", {}}, desk::StepCallback{std::move(what)}};
}

}  // namespace

// The other cities hear of this store's life before anything else is told them; and what was dialling when the process
// of before ended is not known.
Result<> DurableStrand::start_callbacks() {
    const auto step = [this](const std::string& id, decltype(relay::CallbackInput::what) what) {
        again_.emplace_back(OwnStep{callback_request(id, std::move(what))});
    };
    for (const auto& [id, city] : desk_.cities().all) step("greet." + id, relay::GreetCity{id});
    store::CallbackQuery dialling;
    dialling.state = to_string(CallbackState::dialling);
    dialling.open_only = true;
    dialling.limit = 10'000;
    const auto rows = store::read_callbacks(*readers_, dialling);
    if (!rows) return rows.error();
    for (const CallbackRecord& row : *rows) {
        const relay::CallbackDetail detail = relay::detail_of(row);
        if (detail.holder != relay::side_of(row)) continue;
        relay::CallbackDialEnded lost;
        lost.id = row.id;
        lost.command = detail.command;
        lost.word = "node_restarted";
        step("lost." + row.id, std::move(lost));
    }
    return ok();
}

// Nobody waits for it; what does not fit in counts as lost when its time is up.
void DurableStrand::dialling_ended(relay::CallbackDialEnded what) {
    const std::string id = "ended." + what.command;
    enqueue(OwnStep{callback_request(id, std::move(what))});
}

void DurableStrand::count_city_message(const desk::Request& request, const Result<desk::Decision>& decision) {
    const auto* taken = std::get_if<desk::TakeInbound>(&request.what);
    if (taken == nullptr || (taken->message.type != "city_message" && taken->message.type != "city_transfer")) return;
    const bool again = decision && decision->changes.inbox.empty();
    links_.message(taken->message.source, !decision ? "refused" : again ? "duplicate" : "taken");
}

// For the doctor, who may look while no node runs. Signs of life themselves leave no row.
void DurableStrand::keep_answered(Now now) {
    if (now.mono < next_answered_) return;
    const std::string answered = pulse_.answered_text();
    if (answered.empty()) return;
    next_answered_ = now.mono + kKeepAnsweredEvery;
    if (auto kept = store_->set_meta(kCitiesAnsweredMeta, answered); !kept)
        spdlog::warn("{} {}", kept.error().code, kept.error().detail);
}

// For /metrics. The store counts: what it holds is what both cities will see.
void DurableStrand::count_callbacks(Now now) {
    if (now.mono < next_callback_count_) return;
    next_callback_count_ = now.mono + kCountEvery;
    links_.look();
    for (const auto& [destination, line] : pulse_.lines(now.mono)) links_.line(line, now.wall);
    if (const auto dead = store::undelivered_to_cities(*readers_); dead) links_.undelivered(*dead);
    const auto counts = store::count_callbacks(*readers_);
    if (counts)
        metrics_.callbacks(*counts, now.wall);
    else
        spdlog::warn("{} {}", counts.error().code, counts.error().detail);
}

}  // namespace citybridge
