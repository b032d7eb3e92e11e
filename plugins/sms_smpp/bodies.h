#pragma once
// The bodies of the PDUs that this client sends and reads. Source: SMPP 3.4,
// sections 4.1 (bind), 4.4 (submit_sm), 4.6 (deliver_sm), 4.7 (data_sm) and 5.3
// (optional parameters).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/result.h"

namespace citybridge::sms_smpp {

inline constexpr std::uint8_t kUserDataHeader = 0x40;  // of esm_class: the message begins with one
inline constexpr std::uint8_t kUcs2 = 8;               // of data_coding

struct Address {
    std::uint8_t ton = 0;
    std::uint8_t npi = 0;
    std::string digits;  // at most 20
};

struct Bind {
    std::string system_id;  // at most 15
    std::string password;   // at most 8
    std::string system_type;
};
std::string bind_body(const Bind& bind);

struct Submit {
    std::string service_type;
    Address source;
    Address destination;
    std::uint8_t esm_class = 0;  // 0x40: the message begins with a user data header
    std::uint8_t data_coding = 0;
    bool receipt = true;
    std::string validity;       // "000001000000000R" (relative); empty: the centre's own
    std::string short_message;  // at most 254 octets
};
std::string submit_body(const Submit& submit);

// deliver_sm or data_sm, as far as it matters here.
struct Delivered {
    Address source;
    Address destination;
    std::uint8_t esm_class = 0;
    std::uint8_t data_coding = 0;
    std::string text;  // short_message, else message_payload; octets as they came
    std::optional<std::string> receipted_message_id;
    std::optional<std::uint8_t> message_state;
};
// Error "smpp.bad_body".
Result<Delivered> read_deliver_sm(std::string_view body);
Result<Delivered> read_data_sm(std::string_view body);

// The one text of a submit_sm_resp. Some centres leave out its terminator, and all of it with an error.
std::string read_message_id(std::string_view body);

}  // namespace citybridge::sms_smpp
