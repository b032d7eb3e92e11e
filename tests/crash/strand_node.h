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
    FarSide erp;
    FarSide events;
};

class StrandNode {
public:
    using Wrap = std::function<std::unique_ptr<store::Store>(std::unique_ptr<store::Store>)>;

    // `wrap` puts something between strand and store.
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
