#pragma once
// Manager events of calls that ring one agent of a queue and are given up: the
// texts of a recorded call, as they pass the adapter's filters, with other ids.
#include <cstddef>
#include <cstdint>
#include <string>

namespace citybridge::bench {

struct CallTexts {
    std::string before;    // the caller arrives, joins the queue, a phone is dialled
    std::string ringing;   // one event: the phone rings
    std::string after;     // the caller hangs up, both channels end
    std::string customer;  // the caller's number, no other call's
};

class CallScript {
public:
    // `recording`: text of the capture 05b-abandon-ringing. Throws
    // std::runtime_error if it is not that call.
    explicit CallScript(const std::string& recording);

    // `agent`: four digits.
    CallTexts call(std::uint64_t number, int agent) const;
    std::size_t events_per_call() const { return events_; }

private:
    std::string before_, ringing_, after_;
    std::size_t events_ = 0;
};

}  // namespace citybridge::bench
