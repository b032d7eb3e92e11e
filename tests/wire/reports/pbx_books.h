#pragma once
// A PBX's own books of its queue calls, read with nothing of the project but a
// file reader: what the figures of reports are compared with.
#include <map>
#include <string>

namespace citybridge::wire {

// Times in whole seconds, as the PBX wrote them.
struct BookedCall {
    std::string agent;  // as the PBX names him in its book
    long entered = 0;
    long answered = 0;  // 0: never
    long ended = 0;     // 0: not in the book
    long wait = 0;
    long talk = 0;
    bool abandoned = false;
};
// By the caller's channel.
using Book = std::map<std::string, BookedCall>;

Book read_queue_log(const std::string& text);
// FreeSWITCH's CDRs: the caller's row says queue and agent, the row of the leg that answered says when.
Book read_callcenter_cdr(const std::string& text);

}  // namespace citybridge::wire
