#pragma once
// On-line transfers between cities (D2): an agent of one city hands a live call
// to the other's hotline, and both nodes know it as one matter by its link id.
// At the origin it is a command, committed before the hotline rings; the far
// node expects the call for a while and finds it by the caller's number. Each
// message carries the sender's whole view; older ones change nothing. Clocks
// are not compared: the window is a duration. Pure.
#include <optional>
#include <string>
#include <vector>

#include "core/api/changes.h"
#include "core/api/result.h"

namespace citybridge::relay {

// From this CityRecord::protocol on a node understands these messages.
inline constexpr std::int64_t kTransferProtocol = 2;
inline constexpr const char* kTransferMessage = "city_transfer";  // kind of the outbox, type of the inbox
// Kinds of the command rows.
inline constexpr const char* kTransferOut = "transfer_to_city";
inline constexpr const char* kTransferIn = "city_transfer";
// How long a call is waited for: from the announcement to the hotline's ringing.
inline constexpr Millis kTransferWindow{180'000};

enum class TransferState {
    calling,          // origin: the hotline is called, or first the supervisor; the customer waits
    with_supervisor,  // origin: he has the customer, and transfers him
    transferred,      // origin: the hotline has the customer
    failed,           // origin: busy, no answer, refused: the agent has the customer again, or he hung up
    unknown,          // origin: nobody saw what became of it
    expected,         // target: announced
    arrived,          // target: the call is there
    answered,         // target: one of its agents has the customer
    missed,           // target: the call ended before that
    not_seen,         // target: no such call came in time
    called_off,       // target: the origin says that it will not come
};
std::string_view to_string(TransferState value);
std::optional<TransferState> transfer_state_from(std::string_view word);
bool is_over(TransferState state);

// A row of `commands` as what it is. Empty texts: not known.
struct CityTransfer {
    std::string id;  // link id, the same in both cities
    bool out = true;
    std::string city;  // the other one
    TransferState state = TransferState::calling;
    std::string reason;       // of failed: busy, no_answer, customer_hung_up, ... (TransferReason), not_reached
    std::string user;         // who asked for it; at the target "city:<origin>"
    std::string agent;        // his agent id; at the target who has the customer
    std::string contact;      // here
    std::string far_contact;  // there
    std::string far_state;    // as the other city told it last
    std::string number;       // the customer's
    std::string name;
    std::string customer;  // id here
    std::string notes;
    std::string to;               // origin: what is dialled
    std::string consult;          // origin: id of the command that makes it ring
    bool to_supervisor = false;   // origin: first (D3)
    std::size_t legs_before = 0;  // origin: what the contact had when it was asked for
    std::size_t transfers_before = 0;
    std::vector<std::string> callers;  // numbers by which the far node knows the call, the customer's first
    WallTime at{};
    WallTime updated_at{};
    std::optional<WallTime> until;  // when what did not happen will not
    std::int64_t version = 0;       // of what this side tells
    std::int64_t seen = 0;          // of the other's messages
    Fields unknown = Fields::object();
};

CityTransfer transfer_of(const CommandRecord& row);
CommandRecord row_of(const CityTransfer& transfer);
// For the API and the stream.
Fields transfer_json(const CityTransfer& transfer);
Fields transfer_json(const CommandRecord& row);

// What `transfer` tells the other city; `now` as its sender's clock shows it.
Fields transfer_message(const CityTransfer& transfer, const std::string& own_city, WallTime now);
// What another city tells, as a transfer of this side. Error: "hook.not_understood".
Result<CityTransfer> read_transfer_message(const nlohmann::ordered_json& data, const std::string& own_city,
                                           WallTime now);

// Which of those expected this call is: by the customer's own number, else by a number of the other city's lines, the
// one that has waited longest. Null: none.
const CityTransfer* expected_call(const std::vector<CityTransfer>& expected, const std::string& number,
                                  const std::string& e164);

}  // namespace citybridge::relay
