#include "core/api/records.h"

#include <array>

#include "core/api/callbacks.h"

namespace citybridge {
namespace {

constexpr std::array<std::string_view, 4> kDeadlineWords{"open", "done", "overdue", "cancelled"};
constexpr std::array<std::string_view, 5> kOutboxWords{"pending", "delivered", "dead", "possibly_done", "cancelled"};

constexpr std::array<std::string_view, 11> kCallbackWords{"offered",  "received",  "accepted", "assigned",
                                                          "dialling", "done",      "failed",   "uncertain",
                                                          "returned", "withdrawn", "escalated"};

template <class Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N>& words, std::string_view word) {
    for (std::size_t i = 0; i < N; ++i)
        if (words[i] == word) return static_cast<Enum>(i);
    return {};
}

}  // namespace

std::string_view to_string(DeadlineState value) { return kDeadlineWords[static_cast<std::size_t>(value)]; }
std::string_view to_string(OutboxState value) { return kOutboxWords[static_cast<std::size_t>(value)]; }
std::optional<DeadlineState> deadline_state_from(std::string_view word) {
    return find<DeadlineState>(kDeadlineWords, word);
}
std::optional<OutboxState> outbox_state_from(std::string_view word) { return find<OutboxState>(kOutboxWords, word); }
std::string_view to_string(CallbackState value) { return kCallbackWords[static_cast<std::size_t>(value)]; }
std::optional<CallbackState> callback_state_from(std::string_view word) {
    return find<CallbackState>(kCallbackWords, word);
}

}  // namespace citybridge
