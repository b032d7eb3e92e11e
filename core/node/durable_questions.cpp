// What the durable strand is asked, or told, between two batches.
#include <spdlog/spdlog.h>

#include <future>

#include "core/node/durable_strand.h"
#include "core/node/flow_shelf.h"

namespace citybridge {
namespace {

Error too_many_wait() {
    return {"node.busy", "too much waits for the durable strand; nothing was done: try again in a moment"};
}

// What waits in the strand's queue is still done when it comes to it.
Error not_in_time() {
    return {
        "node.busy",
        "the durable strand did not come to it in time and may still do it; look at what is in force before you try "
        "again"};
}

}  // namespace

template <class T>
T DurableStrand::on_strand(std::function<T()> work) {
    const auto answer = std::make_shared<std::promise<T>>();
    auto future = answer->get_future();
    {
        const std::lock_guard lock(mutex_);
        if (!running_ || stopping_) return too_many_wait();
        questions_.push_back([answer, work = std::move(work)] { answer->set_value(work()); });
    }
    waiting_.notify_one();
    if (future.wait_for(settings_.answer_timeout) != std::future_status::ready) return not_in_time();
    return future.get();
}

Result<std::vector<relay::DestinationStatus>> DurableStrand::destinations() {
    using Answer = Result<std::vector<relay::DestinationStatus>>;
    return on_strand<Answer>([this]() -> Answer { return lanes_.relay().status(); });
}

Result<DurableAnswer> DurableStrand::set_disabled(const std::string& destination, bool disabled) {
    return on_strand<Result<DurableAnswer>>([this, destination, disabled]() -> Result<DurableAnswer> {
        if (!lanes_.knows(destination)) return Error{"destination.unknown", "no connector has the name " + destination};
        if (auto kept = lanes_.keep_disabled(*store_, destination, disabled); !kept) return kept.error();
        lanes_.relay().set_disabled(destination, disabled);
        return DurableAnswer{};
    });
}

Result<> DurableStrand::set_book(desk::FlowBook book) {
    return on_strand<Result<>>([this, book = std::move(book)]() mutable -> Result<> {
        auto flows = with_versions_in_use(std::move(book.flows), *store_, *readers_);
        if (!flows) return flows.error();
        book.flows = std::move(*flows);
        if (auto kept = keep_versions(book.flows, *store_); !kept) return kept;
        desk_.set_book(std::move(book));
        return ok();
    });
}

Result<> DurableStrand::set_calendars(desk::Calendars calendars) {
    return on_strand<Result<>>([this, calendars = std::move(calendars)]() -> Result<> {
        business_time_.replace(calendars);
        return ok();
    });
}

Result<> DurableStrand::migrate(const std::string& kind, std::int64_t version, const std::string& user) {
    return on_strand<Result<>>([this, kind, version, user] { return migrations_.begin(kind, version, user); });
}

}  // namespace citybridge
