#pragma once
// What the files of the durable strand share: a decided step, and small helpers.
#include "core/node/durable_strand.h"

namespace citybridge {

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};
// Clang up to 16 does not make one for an aggregate.
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

// One step of a batch, decided: either changes and an answer, or why not.
struct DurableStrand::Pending {
    DurableDone done{};
    Result<DurableAnswer> answer = DurableAnswer{};
    std::vector<Event> events{};
    std::string delivered{};                 // outbox id whose progress this is
    std::optional<OutboxRecord> acted_on{};  // as it is after a person's act
};

inline desk::Request ended_request(const OutboxRecord& message) {
    return {message.id + ".ended", {"system", "system", {}}, desk::DeliveryEnded{message}};
}

}  // namespace citybridge
