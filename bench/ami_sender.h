#pragma once
// A process that plays whole manager streams over loopback, so that the cost
// of sending is not on the reader's account.
#include <string>
#include <vector>

#include "bench/child.h"
#include "bench/sockets.h"

namespace citybridge::bench {

class AmiSender {
public:
    // `streams` is copied into the child by the fork.
    explicit AmiSender(const std::vector<std::string>& streams);

    // A connection on which stream number `index` comes, once, and then its end.
    Socket open(std::size_t index) const;

private:
    Socket listener_;
    Child child_;
};

}  // namespace citybridge::bench
