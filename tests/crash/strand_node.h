#pragma once
// The durable half of a node in this process: strand, desk, relay and store,
// with the shipped flows and model far sides.
#include <prometheus/registry.h>

#include "core/node/durable_strand.h"
#include "tests/crash/far_side.h"
#include "tests/crash/told.h"

namespace citybridge::crash {

// The far sides a flow speaks to, which outlive every node: the ERP, and a subscriber of all order events.
struct Neighbours {
    explicit Neighbours(std::uint64_t seed) : erp(Repeats::findable, seed), events(Repeats::dedupes, seed + 1) {}
    // The ERP says that it dedupes, and makes a record of every repetition.
    struct Lying {};
    Neighbours(std::uint64_t seed, Lying)
        : erp(Repeats::neither, seed, Repeats::dedupes), events(Repeats::dedupes, seed + 1) {}
    FarSide erp;
    FarSide events;
};

using Wrap = std::function<std::unique_ptr<store::Store>(std::unique_ptr<store::Store>)>;

// A strand with the shipped flows, not started. `wrap` puts something between it and the store.
Result<std::unique_ptr<DurableStrand>> make_strand(const store::StoreSettings& settings,
                                                   const std::vector<desk::Subscriber>& subscribers,
                                                   prometheus::Registry& metrics, const Wrap& wrap = {});
// A caller's way into it.
std::unique_ptr<Door> door_of(DurableStrand& strand);

class StrandNode {
public:
    static Result<std::unique_ptr<StrandNode>> start(const store::StoreSettings& settings, Neighbours& neighbours,
                                                     const Wrap& wrap = {});
    ~StrandNode() { stop(); }
    StrandNode(const StrandNode&) = delete;
    StrandNode& operator=(const StrandNode&) = delete;

    void stop();
    DurableStrand& strand() { return *strand_; }
    std::unique_ptr<Door> door();
    // Everything was delivered; false: something is not after `longest`.
    bool wait_delivered(Millis longest);

private:
    explicit StrandNode(Neighbours& neighbours) : neighbours_(neighbours) {}

    Neighbours& neighbours_;
    prometheus::Registry metrics_;
    std::unique_ptr<DurableStrand> strand_;
};

}  // namespace citybridge::crash
