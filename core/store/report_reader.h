#pragma once
// Facts of a period for reports, page by page: no page holds a transaction or
// a lock for longer than it is read, so that nothing waits for a report.
#include <functional>
#include <memory>
#include <optional>

#include "core/api/report_facts.h"
#include "core/store/store.h"

namespace citybridge::store {

// Stops when it returns false.
template <class Fact>
using TakeFact = std::function<bool(const Fact&)>;

struct FactLimits {
    std::size_t rows = 5'000'000;  // of one kind
    Millis time{60'000};           // of one kind
    std::size_t page = 4'000;
};

class ReportReader {
public:
    virtual ~ReportReader() = default;

    // By the moment they belong to, within [from, to); in order of time. Codes besides "store.*": "report.too_big",
    // "report.too_slow".
    // `dispositions`: with what people said of the contact afterwards; costs a look-up each.
    virtual Result<> contacts(WallTime from, WallTime to, bool dispositions, const TakeFact<ContactFact>& take) = 0;
    virtual Result<> parts(WallTime from, WallTime to, const TakeFact<PartFact>& take) = 0;
    // All that touch the period, open ones included; no order promised.
    virtual Result<> intervals(WallTime from, WallTime to, const TakeFact<AgentInterval>& take) = 0;
    virtual Result<> orders(WallTime from, WallTime to, const TakeFact<OrderFact>& take) = 0;
    virtual Result<> scores(WallTime from, WallTime to, const TakeFact<QualityScore>& take) = 0;

    virtual Result<std::vector<AgentInterval>> open_intervals() = 0;
    virtual Result<std::vector<QualityScore>> scores_of(const std::string& contact) = 0;
    // Of agents that talked in it, when it has ended.
    virtual Result<std::vector<PartFact>> parts_of(const std::string& contact) = 0;
    // Newest first.
    virtual Result<std::vector<ReportRun>> runs(const std::string& report, std::size_t limit) = 0;
    virtual Result<std::optional<ReportRun>> first_run(const std::string& report) = 0;  // by made_at
    virtual Result<bool> has_run(const ReportRun& run) = 0;
};

// One session of its own, so that a long report takes none from those who look up customers. Any thread, one at a
// time: others wait up to settings.busy_timeout ("store.busy").
Result<std::unique_ptr<ReportReader>> open_report_reader(const StoreSettings& settings, FactLimits limits = {});

}  // namespace citybridge::store
