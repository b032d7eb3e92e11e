#pragma once
// SMPP 3.4 on the wire: a header of four big-endian numbers (length, command,
// status, sequence) and a body. Bytes in, PDUs out. Source: SMPP Protocol
// Specification v3.4, issue 1.2, sections 3.2, 5.1.2 and 5.1.3.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/result.h"

namespace citybridge::sms_smpp {

namespace command {
inline constexpr std::uint32_t response = 0x80000000U;  // this bit and the request's number
inline constexpr std::uint32_t generic_nack = 0x80000000U;
inline constexpr std::uint32_t bind_transmitter = 0x02;
inline constexpr std::uint32_t submit_sm = 0x04;
inline constexpr std::uint32_t deliver_sm = 0x05;
inline constexpr std::uint32_t unbind = 0x06;
inline constexpr std::uint32_t bind_transceiver = 0x09;
inline constexpr std::uint32_t outbind = 0x0B;
inline constexpr std::uint32_t enquire_link = 0x15;
inline constexpr std::uint32_t alert_notification = 0x102;
inline constexpr std::uint32_t data_sm = 0x103;
}  // namespace command

namespace status {
inline constexpr std::uint32_t ok = 0x00;
inline constexpr std::uint32_t invalid_message_length = 0x01;
inline constexpr std::uint32_t invalid_command_length = 0x02;
inline constexpr std::uint32_t invalid_command = 0x03;
inline constexpr std::uint32_t wrong_bind_state = 0x04;
inline constexpr std::uint32_t system_error = 0x08;
inline constexpr std::uint32_t bind_failed = 0x0D;
inline constexpr std::uint32_t wrong_password = 0x0E;
inline constexpr std::uint32_t wrong_system_id = 0x0F;
inline constexpr std::uint32_t queue_full = 0x14;
inline constexpr std::uint32_t submit_failed = 0x45;
inline constexpr std::uint32_t throttled = 0x58;
inline constexpr std::uint32_t receiver_temporary = 0x64;
inline constexpr std::uint32_t receiver_permanent = 0x65;
inline constexpr std::uint32_t receiver_reject = 0x66;
inline constexpr std::uint32_t invalid_parameter_length = 0xC2;
}  // namespace status

// For people: "0x58 (too fast)".
std::string status_text(std::uint32_t status);

struct Pdu {
    std::uint32_t command = 0;
    std::uint32_t status = 0;
    std::uint32_t sequence = 0;
    std::string_view body;  // valid until the framer is fed again
};

std::string encode(std::uint32_t command, std::uint32_t status, std::uint32_t sequence, std::string_view body = {});

inline constexpr std::size_t kHeaderBytes = 16;
inline constexpr std::size_t kMostPduBytes = 70'000;  // a message_payload is up to 64 KiB

class Framer {
public:
    void feed(std::string_view bytes);
    // The next whole PDU, nothing if there is none yet. Error "smpp.bad_length": what follows cannot be read any more;
    // sequence() tells what the broken PDU's number was, 0 if it is not known.
    Result<std::optional<Pdu>> next();
    std::uint32_t sequence() const { return sequence_; }

private:
    std::string buffer_;
    std::size_t at_ = 0;
    std::uint32_t sequence_ = 0;
};

}  // namespace citybridge::sms_smpp
