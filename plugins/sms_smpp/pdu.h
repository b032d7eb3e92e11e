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
inline constexpr std::uint32_t kResponse = 0x80000000U;  // this bit and the request's number
inline constexpr std::uint32_t kGenericNack = 0x80000000U;
inline constexpr std::uint32_t kBindTransmitter = 0x02;
inline constexpr std::uint32_t kSubmitSm = 0x04;
inline constexpr std::uint32_t kDeliverSm = 0x05;
inline constexpr std::uint32_t kUnbind = 0x06;
inline constexpr std::uint32_t kBindTransceiver = 0x09;
inline constexpr std::uint32_t kOutbind = 0x0B;
inline constexpr std::uint32_t kEnquireLink = 0x15;
inline constexpr std::uint32_t kAlertNotification = 0x102;
inline constexpr std::uint32_t kDataSm = 0x103;
}  // namespace command

namespace status {
inline constexpr std::uint32_t kOk = 0x00;
inline constexpr std::uint32_t kInvalidMessageLength = 0x01;
inline constexpr std::uint32_t kInvalidCommandLength = 0x02;
inline constexpr std::uint32_t kInvalidCommand = 0x03;
inline constexpr std::uint32_t kWrongBindState = 0x04;
inline constexpr std::uint32_t kSystemError = 0x08;
inline constexpr std::uint32_t kBindFailed = 0x0D;
inline constexpr std::uint32_t kWrongPassword = 0x0E;
inline constexpr std::uint32_t kWrongSystemId = 0x0F;
inline constexpr std::uint32_t kQueueFull = 0x14;
inline constexpr std::uint32_t kSubmitFailed = 0x45;
inline constexpr std::uint32_t kThrottled = 0x58;
inline constexpr std::uint32_t kReceiverTemporary = 0x64;
inline constexpr std::uint32_t kReceiverPermanent = 0x65;
inline constexpr std::uint32_t kReceiverReject = 0x66;
inline constexpr std::uint32_t kInvalidParameterLength = 0xC2;
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
