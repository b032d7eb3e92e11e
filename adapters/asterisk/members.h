#pragma once
// What commands about agents need to know of the floor: which phones cannot be
// reached, who is in which queue and under what name. Learnt from the lists
// taken after connecting and from the events since.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/asterisk/framer.h"

namespace citybridge::asterisk {

class Members {
public:
    // An event or an item of a list; others are ignored.
    void learn(const Message& message);
    // A new snapshot follows. Names are kept: who has logged out is in no list.
    void forget();

    // The PBX says that this phone is not registered. False: it is, or nobody has said.
    bool is_unreachable(std::string_view device) const;
    std::vector<std::string> queues_of(std::string_view interface) const;
    std::string name_of(std::string_view interface) const;

private:
    std::set<std::string, std::less<>> unreachable_;                             // devices
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> in_;  // queues, by interface
    std::map<std::string, std::string, std::less<>> names_;                      // by interface
};

}  // namespace citybridge::asterisk
