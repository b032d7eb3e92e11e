#pragma once
// What the phones saw in each capture, written from its NAME.md: seconds since
// the start of the recording.
#include <optional>
#include <string>
#include <vector>

#include "core/api/model.h"

namespace citybridge::freeswitch {

struct ExpectedOffer {
    std::string agent;
    OfferState state = OfferState::accepted;
    double offered = 0;
    double ended = 0;
};
struct ExpectedHold {
    HoldBy by = HoldBy::agent;
    double from = 0;
    double to = 0;
};
struct ExpectedTransfer {
    TransferKind kind = TransferKind::blind;
    std::string from_agent;
    std::string to;
    double at = 0;
    TransferResult result = TransferResult::completed;
    TransferReason reason = TransferReason::none;
};
struct ExpectedContact {
    Direction direction = Direction::inbound;
    std::string customer;
    std::string customer_name;
    std::string called;
    std::string queue;
    std::optional<Outcome> outcome = Outcome::answered;  // unset: still open
    EndedBy ended_by = EndedBy::customer;
    double started = 0;
    double ended = 0;
    double wait = 0;
    double talk = 0;
    std::vector<std::string> talked_with;
    std::vector<ExpectedOffer> offers;
    std::vector<ExpectedHold> holds;
    std::vector<ExpectedTransfer> transfers;
    std::vector<std::string> recordings;
};
struct ExpectedAgent {
    std::string id;
    AgentPresence state = AgentPresence::ready;
};
struct Case {
    std::string capture;
    std::vector<ExpectedContact> contacts;
    std::vector<ExpectedAgent> agents;
};

std::vector<Case> ground_truth();

}  // namespace citybridge::freeswitch
