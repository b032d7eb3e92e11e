#pragma once
// What the rules leave in VerificationRecord::detail for whoever looks at it later.

namespace citybridge {

// "start_again" or "go_to_a_shop": what is left to the agent once it is over, or its last message did not arrive.
inline constexpr const char* kWhenOver = "when_over";
// True: its code is not sent once more.
inline constexpr const char* kLastSend = "last_send";

}  // namespace citybridge
