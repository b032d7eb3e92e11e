#pragma once
// The configuration of a whole node for these tests: simulator, an ERP by
// erp_rest, events by webhook, messages in, one user per caller.
#include <cstdint>
#include <string>

#include "core/store/store.h"
#include "tools/support/temp_folder.h"

namespace citybridge::crash {

// Password of every user: his name.
inline constexpr const char* kChief = "chief";  // a supervisor
inline constexpr const char* kEventsSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
inline constexpr const char* kHooksSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDQg5kVNxYMqQ=";

struct NodeOptions {
    store::StoreSettings store;
    std::uint16_t stand_in_port = 0;
    std::string repeats = "dedupes";
    std::size_t callers = 12;
    std::size_t callers_per_minute = 60;  // of the simulated PBX
    std::string truth_file;
    std::string store_attributes;  // further ones
};

// Writes `name` into the folder; its path.
std::string write_node_file(const TempFolder& folder, const std::string& name, const NodeOptions& options);
// The phone of a caller.
std::string phone_of(std::size_t caller);

}  // namespace citybridge::crash
