#pragma once
// What the phones saw in each recording. Every expectation is written from the
// capture's ground truth (the SIP side's log and the PBX's queue_log, in NAME.md
// beside the capture), in seconds since the start of the recording.
#include <optional>
#include <string>
#include <vector>

#include "core/api/model.h"

namespace citybridge {

struct ExpectedOffer {
    std::string agent;
    OfferState state;
    double offered;
    double ended;
};
struct ExpectedHold {
    HoldBy by;
    double from;
    double to;
};
struct ExpectedLeg {
    LegRole role;
    std::string who;               // agent id, else the number
    std::optional<double> joined;  // unset: only rang, or lost a race
    double left;
};
struct ExpectedTransfer {
    TransferKind kind;
    std::string from;
    std::string to;
    TransferResult result;
    double at;
    TransferReason reason = TransferReason::none;
};
struct ExpectedRecording {
    std::string file;  // end of its path
    double started;
    double ended;
};
struct ExpectedContact {
    Direction direction = Direction::inbound;
    std::string customer;
    std::string customer_name;
    std::string queue;
    Outcome outcome = Outcome::answered;
    EndedBy ended_by = EndedBy::customer;
    double started = 0;
    double ended = 0;
    double wait = 0;
    double talk = 0;
    std::vector<ExpectedLeg> legs;
    std::vector<ExpectedOffer> offers;
    std::vector<ExpectedHold> holds;
    std::vector<ExpectedTransfer> transfers;
    std::vector<ExpectedRecording> recordings;
};
struct Case {
    std::string capture;
    std::vector<ExpectedContact> contacts;
    double tolerance = 0.3;
};

// An inbound call to a queue, answered by one agent; what most cases share.
ExpectedContact queue_call(std::string customer, std::string queue, const std::string& agent, double started,
                           double rung, double up, double ended);

std::vector<Case> queue_cases();
std::vector<Case> dial_cases();
std::vector<Case> transfer_cases();
std::vector<Case> all_cases();

}  // namespace citybridge
