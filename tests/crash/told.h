#pragma once
// What callers asked for and what they were told, for the comparison with the
// store afterwards.
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace citybridge::crash {

// One request with an Idempotency-Key. The key is its mark as well: the order's field `wish`, a note's text, the number
// that is dialled are made of it, so that its effect can be found and counted.
struct Wish {
    enum class What { open, note, act, dial };
    What what = What::open;
    std::string user;
    std::string key;
    std::string order;   // of note and act
    std::string action;  // of act
};

struct Answer {
    int status = 0;  // as over HTTP; 0: none came
    std::string code;
    std::string order;  // of open
    std::string body;
    bool replayed = false;
    int life = 0;  // of the node that was asked
};

// How callers reach a node.
class Door {
public:
    virtual ~Door() = default;
    virtual Answer ask(const Wish& wish) = 0;
};

struct Told {
    std::vector<std::pair<Wish, Answer>> done;  // 2xx
    std::vector<Wish> never;                    // every answer said that nothing was done, and nobody asked again
    std::vector<std::string> mistakes;          // answers that contradict each other or say nonsense
    std::size_t orders = 0;                     // of `done`
    std::size_t unanswered = 0;                 // attempts: the connection was cut, or nobody listened
    std::size_t unavailable = 0;                // attempts: 503
    std::size_t unknown = 0;                    // attempts: 504
    std::map<std::string, std::size_t> codes;   // of both
    std::size_t repeated = 0;                   // answered keys that were asked once more

    void add(Told&& other);
};

}  // namespace citybridge::crash
