#pragma once
// What really happened to each simulated call, kept beside the signals and
// never derived from them, so that what a reader of the signals concluded can
// be checked. The words are those of the outside contract.
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/api/model.h"

namespace citybridge::simulator {

struct TruthOffer {
    enum class End {
        answered,
        missed,   // rang out
        refused,  // rejected by the agent
        lost,     // another phone answered
        dropped,  // the caller left, or a command ended it
    };
    std::string agent;
    std::string channel;
    WallTime rang_at{};
    std::optional<WallTime> ended_at;
    End end = End::dropped;
};

struct TruthHold {
    HoldBy by = HoldBy::agent;
    WallTime from{};
    WallTime to{};
};

struct TruthTransfer {
    TransferKind kind = TransferKind::blind;
    std::string from_agent;
    std::string to;  // as in the contact: agent id, number, slot or room
    WallTime at{};
};

struct TruthCall {
    std::uint64_t number = 0;  // order of beginning
    Direction direction = Direction::inbound;
    std::string command_id;     // of a click to dial
    bool contact = true;        // false: a click to dial that never rang the customer
    std::string first_channel;  // names the call in the signals
    std::vector<std::string> channels;
    std::string customer_number;
    std::string customer_name;
    std::string called_number;
    std::string ivr_digit;
    std::string queue;
    std::string caller;  // agent id of who called, outbound and internal
    std::string agent;   // agent id of who answered or, outbound, who spoke
    WallTime started_at{};
    std::optional<WallTime> dialled_at;  // outbound, internal: the far phone began to be called
    std::optional<WallTime> queued_at;
    std::optional<WallTime> answered_at;
    std::optional<WallTime> ended_at;
    Outcome outcome = Outcome::unknown;
    EndedBy ended_by = EndedBy::unknown;
    std::optional<Millis> wait;  // in the queue
    Millis talk{0};
    std::vector<TruthOffer> offers;
    std::vector<TruthHold> holds;
    std::vector<TruthTransfer> transfers;  // the customer was given away, whoever took him; no cancelled consultations
    std::vector<std::string> in_vain;      // why each consultation came to nothing, as in the contact
    std::vector<std::string> recordings;   // files
    std::string survey_score;
    bool voicemail = false;

    Millis hold() const {
        Millis sum{0};
        for (const auto& each : holds) sum += each.to - each.from;
        return sum;
    }
};

std::string_view to_string(TruthOffer::End value);
// Member names follow the contact of the outside contract where the meaning is the same.
nlohmann::json to_json(const TruthCall& call);

}  // namespace citybridge::simulator
