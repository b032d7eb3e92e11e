#include "core/api/past_calls.h"

#include <algorithm>
#include <utility>

namespace citybridge {
namespace {

constexpr Millis kTryAgain{1'000};
constexpr int kReadings = 2;
constexpr std::size_t kMostFilled = 100'000;
// The live strand takes all of a batch or none.
constexpr std::size_t kBatch = 256;

}  // namespace

bool lies_in(const Outage& outage, WallTime begin, WallTime end) {
    return begin >= std::max(outage.from - kRecordSlack, outage.since_up) && end <= outage.to + kRecordSlack &&
           begin <= outage.to && end >= outage.from - kRecordSlack && begin <= end;
}

PastCalls::PastCalls(Lane& lane, PastCallsSettings settings, Emit emit, Log log)
    : lane_(lane), settings_(std::move(settings)), emit_(std::move(emit)), log_(std::move(log)) {}

PastCalls::~PastCalls() { lane_.cancel(timer_); }

Outages::Facts PastCalls::facts_of(std::span<const PbxSignal> signals) const {
    return settings_.files.empty() ? Outages::Facts{} : Outages::facts_of(signals);
}

void PastCalls::told(Outages::Facts facts) {
    if (settings_.files.empty()) return;
    const bool was_up = outages_.link_is_up();
    const bool up = facts.up;
    outages_.told(std::move(facts), lane_.now().wall);
    if (!up || was_up || outages_.outages().empty()) return;
    // A reading under way is of before this outage: all is read again.
    readings_ = 0;
    tails_.clear();
    schedule(settings_.delay);
}

void PastCalls::schedule(Millis wait) {
    lane_.cancel(timer_);
    timer_ = lane_.after(wait, [this] {
        timer_ = 0;
        if (!found_.empty()) return hand_over();
        tails_.empty() ? begin_reading() : read_on();
    });
}

void PastCalls::begin_reading() {
    // Cut again: the next link's snapshot comes first, and starts this anew.
    if (!outages_.link_is_up() || outages_.outages().empty()) return;
    const WallTime back_to = outages_.outages().front().from - 2 * kRecordSlack;
    tails_.clear();
    for (const RecordFile& file : settings_.files) tails_.emplace_back(file.path, file.time_of, back_to);
    tail_ = 0;
    texts_.clear();
    read_on();
}

// One bounded piece of reading per turn: the link's own work comes in between.
void PastCalls::read_on() {
    const auto more = tails_[tail_].step();
    if (!more) complain(more.error());
    if (!more || !*more) {
        texts_.push_back(tails_[tail_].take_text());
        ++tail_;
    }
    if (tail_ < tails_.size()) return schedule(Millis{0});
    tails_.clear();
    finish_reading();
}

void PastCalls::finish_reading() {
    const bool last = ++readings_ >= kReadings;
    if (filled_.size() > kMostFilled) filled_.clear();
    for (const Outage& outage : outages_.outages()) {
        FoundCalls found = settings_.find(texts_, outage, outages_, last);
        if (found.bad_rows > 0 && last)
            log_(LogLevel::warning, "records.malformed",
                 std::to_string(found.bad_rows) +
                     " lines of the PBX's records are not as they must be, such as: " + found.bad_example);
        for (PbxSignal& signal : found.signals)
            if (filled_.insert(signal.channel).second) found_.push_back(std::move(signal));
    }
    texts_.clear();
    if (last) outages_.forget_outages();
    if (!found_.empty())
        log_(LogLevel::info, "records.filled_in",
             std::to_string(found_.size()) + " calls of an outage were found in the PBX's records");
    hand_over();
}

void PastCalls::hand_over() {
    while (!found_.empty()) {
        const std::size_t count = std::min(found_.size(), kBatch);
        // Only while the link is up: what is told of the past stands behind the snapshot.
        if (!outages_.link_is_up() || !emit_(std::span(found_).first(count))) return schedule(kTryAgain);
        found_.erase(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(count));
    }
    if (readings_ < kReadings && !outages_.outages().empty()) schedule(settings_.again);
}

void PastCalls::complain(const Error& error) { log_(LogLevel::warning, error.code, error.detail); }

}  // namespace citybridge
