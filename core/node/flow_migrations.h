#pragma once
// Open orders go over to the newest version of their flow, because somebody asked for it: in chunks between the durable
// strand's other work, and on after a restart. The strand's own; not thread-safe.
#include <deque>
#include <string>
#include <vector>

#include "core/desk/desk.h"
#include "core/node/durable_input.h"
#include "core/store/reader.h"
#include "core/store/store.h"

namespace citybridge {

class FlowMigrations {
public:
    static constexpr std::size_t kAtOnce = 64;  // orders in one batch: others' steps share its commit
    static constexpr int kPasses = 3;           // what is found again and again does not come along
    static constexpr Millis kRetry{1'000};      // while the store cannot be read

    // All outlive it.
    FlowMigrations(const desk::Desk& desk, store::Store& store, store::Readers& readers)
        : desk_(desk), store_(store), readers_(readers) {}

    // What was under way when the process of before ended. Code "store.*".
    Result<> start();
    // Durable when it returns. Codes "flow.unknown" (not the newest version), "store.*".
    Result<> begin(const std::string& kind, std::int64_t version, const std::string& user);

    std::vector<DurableInput> take(Now now);
    std::optional<Millis> wait(Now now) const;

private:
    struct Job {
        std::string kind;
        std::int64_t version = 0;
        std::string user;
        std::string after{};     // last order looked at
        bool found_any = false;  // in this pass; only a pass that finds nothing is the last
        int passes = 0;
        std::size_t refused = 0;  // in this pass
    };
    bool superseded(const Job& job) const;
    void pass_ended(Job& job);
    void end(const char* how);

    const desk::Desk& desk_;
    store::Store& store_;
    store::Readers& readers_;
    std::deque<Job> jobs_;
    MonoTime not_before_{};
};

}  // namespace citybridge
