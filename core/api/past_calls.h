#pragma once
// Calls of an outage, filled in from the PBX's own records (signal::PastCall):
// when the link is back, and a PBX has had time to write, its logs are read and
// what they hold of the outage is told once. The adapter's lane only.
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/api/link.h"
#include "core/api/outages.h"
#include "core/api/plugin.h"
#include "core/api/record_tail.h"

namespace citybridge {

struct RecordFile {
    std::string path;
    RecordTail::TimeOf time_of;
};

// What the records hold of one outage. `signals`: PastCall, one per call.
struct FoundCalls {
    std::vector<PbxSignal> signals;
    std::size_t bad_rows = 0;  // lines that are no records
    std::string bad_example;   // the first of them, shortened
};

struct PastCallsSettings {
    std::vector<RecordFile> files;  // empty: nothing is filled in
    Millis delay{5'000};            // after the link is back: the PBX writes a record when its call is over
    Millis again{60'000};           // after the first reading, for records that were written late
    // `texts`: one per file. `last`: nothing more is read of this outage.
    std::function<FoundCalls(const std::vector<std::string>& texts, const Outage& outage, const Outages& known,
                             bool last)>
        find;
};

// Clocks of the PBX and of this machine differ, and records have whole seconds.
inline constexpr Millis kRecordSlack{30'000};
// Whether a call of the records lies in an outage; calls that were seen are told apart by their channels.
bool lies_in(const Outage& outage, WallTime begin, WallTime end);

class PastCalls {
public:
    // All or none are taken, like Host::signal.
    using Emit = std::function<bool(std::span<PbxSignal>)>;
    using Log = std::function<void(LogLevel, std::string_view code, std::string_view text)>;
    PastCalls(Lane& lane, PastCallsSettings settings, Emit emit, Log log);
    ~PastCalls();
    PastCalls(const PastCalls&) = delete;
    PastCalls& operator=(const PastCalls&) = delete;

    // Bytes came over the link.
    void heard() { outages_.heard(lane_.now().wall); }
    // What of a batch is to be told when it was taken; made before, because who takes it moves it away.
    Outages::Facts facts_of(std::span<const PbxSignal> signals) const;
    void told(Outages::Facts facts);

private:
    void schedule(Millis wait);
    void begin_reading();
    void read_on();
    void finish_reading();
    void hand_over();
    void complain(const Error& error);

    Lane& lane_;
    const PastCallsSettings settings_;
    const Emit emit_;
    const Log log_;
    Outages outages_;
    int readings_ = 0;  // of the outages that wait
    TimerId timer_ = 0;
    std::vector<RecordTail> tails_;
    std::size_t tail_ = 0;
    std::vector<std::string> texts_;
    std::vector<PbxSignal> found_;
    std::set<std::string> filled_;  // channels told as PastCall
};

}  // namespace citybridge
