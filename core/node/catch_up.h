#pragma once
// What nodes of before did not do yet is made up for, once, in pages between the durable strand's other work: open
// orders that nothing is due of get a deadline, and orders the words that the search finds them by. The strand's own;
// not thread-safe.
#include <string>
#include <vector>

#include "core/node/durable_input.h"
#include "core/store/reader.h"
#include "core/store/store.h"

namespace citybridge {

class CatchUp {
public:
    static constexpr std::size_t kPage = 200;  // orders looked at in one go
    static constexpr Millis kPause{20};        // between pages
    static constexpr Millis kRetry{1'000};     // while the store cannot be read

    // Both outlive it.
    CatchUp(store::Store& store, store::Readers& readers) : store_(store), readers_(readers) {}

    // Code "store.*".
    Result<> start();
    std::vector<DurableInput> take(Now now);
    std::optional<Millis> wait(Now now) const;

private:
    enum class Part { deadlines, words, done };
    Result<std::vector<DurableInput>> page();
    Result<std::vector<DurableInput>> words_of(const std::vector<std::string>& orders);
    void next_part();

    store::Store& store_;
    store::Readers& readers_;
    Part part_ = Part::done;
    std::string after_;
    bool found_any_ = false;  // in this pass; only a pass that finds nothing is the last
    int passes_ = 0;
    MonoTime not_before_{};
};

}  // namespace citybridge
