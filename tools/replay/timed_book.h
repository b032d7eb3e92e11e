#pragma once
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/calls/call_book.h"
#include "tools/replay/ends.h"

namespace citybridge::replay {

// An adapter's session and the call book in this thread, on a clock that only its
// owner moves. `peer` plays the PBX and outlives it. Not thread-safe.
class TimedBook {
public:
    using See = std::function<void(const std::vector<Event>&)>;

    TimedBook(PeerEnd& peer, Wire wire, calls::CallSettings calls, See see);

    // Connected `kLead` before the recording begins, and idle until then.
    void connect(WallTime begins);
    // Pings, time-outs and wrap-up ends that fall due until `to` happen at their own time.
    // The monotonic clock never goes back, whatever a recording says.
    void advance(Now to);
    // Bytes of the PBX, in pieces of this size; 0: in one.
    void give(std::string_view bytes, std::size_t piece_bytes = 0);

private:
    void settle();
    void tell();

    PeerEnd& peer_;
    std::unique_ptr<ClientEnd> session_;
    calls::CallBook book_;
    See see_;
    Now now_{};
    std::vector<Event> events_;
};

}  // namespace citybridge::replay
