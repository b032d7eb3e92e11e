#pragma once
// Steps of on-line transfers to another city's hotline (D2, D3); what they are
// is core/relay/city_transfer.h.
#include <optional>
#include <string>
#include <vector>

#include "core/relay/city_transfer.h"

namespace citybridge::desk {

// Committed before a phone rings for it.
struct TransferToCity {
    std::string id;       // link id
    std::string consult;  // id of the command that makes the hotline or the supervisor ring
    std::string city;
    std::string to;              // what is dialled
    bool to_supervisor = false;  // first (D3)
    std::string agent;
    std::string contact;
    std::string number;    // the customer's
    std::string customer;  // id
    std::string name;
    std::string notes;
    std::vector<std::string> callers;  // numbers our calls may show at the other city
    // Refused before it came here; but whoever repeats a request that was carried out gets its first answer.
    std::optional<Error> refusal{};
    std::size_t legs = 0;              // that the contact has now
    std::size_t transfers = 0;
};

// What the node saw of it, on either side.
struct StepTransfer {
    std::string id;
    relay::TransferState to = relay::TransferState::unknown;
    std::string reason{};   // of failed
    std::string contact{};  // of arrived
    std::string agent{};    // of answered: who has the customer
};

}  // namespace citybridge::desk
