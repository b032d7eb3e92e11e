#include "core/node/catch_up.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>

#include "core/store/keeping_reader.h"

namespace citybridge {
namespace {

// What is made up for by now; a later part gets a name of its own.
constexpr const char* kCaughtUp = "caught_up";
constexpr const char* kAll = "deadlines,words";
// What is found again and again does not come along: an order that is refused must not keep the strand busy.
constexpr int kPasses = 3;

DurableInput own(const std::string& order, decltype(desk::Request::what) what) {
    return OwnStep{desk::Request{order + ".caught_up", {"system", "system", {}}, std::move(what)}};
}

}  // namespace

Result<> CatchUp::start() {
    const auto before = store_.meta(kCaughtUp);
    if (!before) return before.error();
    if (*before != kAll) part_ = Part::deadlines;
    return ok();
}

Result<std::vector<DurableInput>> CatchUp::words_of(const std::vector<std::string>& orders) {
    const auto texts = store::texts_of(readers_, orders);
    if (!texts) return texts.error();
    std::map<std::string, desk::IndexOrder> steps;
    for (const std::string& order : orders) steps[order].order = order;
    for (const HistoryRecord& row : *texts)
        // What the node itself wrote is the flow's own words: everybody's order has them.
        if (row.action != "overdue") steps[row.order].texts.emplace_back(row.n, row.text);
    std::vector<DurableInput> out;
    out.reserve(steps.size());
    for (auto& [order, step] : steps) out.push_back(own(order, std::move(step)));
    return out;
}

Result<std::vector<DurableInput>> CatchUp::page() {
    const bool deadlines = part_ == Part::deadlines;
    const auto found = deadlines ? store::open_without_deadline(readers_, after_, kPage)
                                 : store::without_search_words(readers_, after_, kPage);
    if (!found) return found.error();
    if (found->last.empty()) {
        next_part();
        return std::vector<DurableInput>();
    }
    after_ = found->last;
    found_any_ = found_any_ || !found->orders.empty();
    if (!deadlines) return words_of(found->orders);
    std::vector<DurableInput> out;
    for (const std::string& order : found->orders) out.push_back(own(order, desk::WatchOrder{order}));
    return out;
}

// Steps of a pass may have been lost with the store: only one that finds nothing is the last.
void CatchUp::next_part() {
    after_.clear();
    const bool again = found_any_ && ++passes_ < kPasses;
    found_any_ = false;
    if (again) return;
    passes_ = 0;
    part_ = part_ == Part::deadlines ? Part::words : Part::done;
    if (part_ != Part::done) return;
    if (const auto kept = store_.set_meta(kCaughtUp, kAll); !kept)
        spdlog::warn("{} {}", kept.error().code, kept.error().detail);
    else
        spdlog::info("node.caught_up every open order has a deadline, and every order is found by its words");
}

std::vector<DurableInput> CatchUp::take(Now now) {
    if (part_ == Part::done || now.mono < not_before_) return {};
    auto out = page();
    not_before_ = now.mono + (out ? kPause : kRetry);
    return out ? std::move(*out) : std::vector<DurableInput>();
}

std::optional<Millis> CatchUp::wait(Now now) const {
    if (part_ == Part::done) return std::nullopt;
    return std::max(Millis{0}, not_before_ - now.mono);
}

}  // namespace citybridge
