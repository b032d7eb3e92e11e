#include "tests/fuzz/sms_smpp_seeds.h"

#include <cstdint>

#include "plugins/sms_smpp/pdu.h"

namespace citybridge {
namespace {

using namespace sms_smpp;

std::string zeros(std::size_t n) { return std::string(n, '\0'); }

std::string delivery(char esm_class, char data_coding, const std::string& text, const std::string& optional) {
    return zeros(1) + "\x01\x01" + "8613800000000" + zeros(3) + "10690000" + zeros(1) + esm_class + zeros(6) +
           data_coding + zeros(1) + static_cast<char>(text.size()) + text + optional;
}

}  // namespace

std::vector<std::string> sms_smpp_seeds() {
    const std::string receipt =
        "id:7 sub:001 dlvrd:001 submit date:2611220905 done date:2611220906 stat:DELIVRD err:000 text:";
    const std::string by_tlv =
        std::string("\x00\x1E\x00\x02\x37\x00\x04\x27\x00\x01\x02", 11) + std::string("\x04\x24\x00\x03pay", 7);
    const std::uint32_t answer = command::kResponse;
    const std::vector<std::string> pieces{
        // The session binds with sequence number 1 and submits with 2 and so on.
        encode(command::kBindTransceiver | answer, 0, 1, "centre" + zeros(1)),
        encode(command::kSubmitSm | answer, 0, 2, "7" + zeros(1)),
        encode(command::kSubmitSm | answer, status::kThrottled, 3),
        encode(command::kSubmitSm | answer, 0x0B, 4),
        encode(command::kGenericNack, status::kInvalidCommand, 5),
        encode(command::kDeliverSm, 0, 1, delivery(4, 0, receipt, {})),
        encode(command::kDeliverSm, 0, 2, delivery(4, 8, zeros(1) + "i" + zeros(1) + "d", by_tlv)),
        encode(command::kDataSm, 0, 3, zeros(1) + "\x01\x01" + "861" + zeros(4) + "\x04" + zeros(2) + by_tlv),
        encode(command::kEnquireLink, 0, 4),
        encode(command::kUnbind, 0, 5),
        encode(0x21, 0, 6, "unknown")};
    std::vector<std::string> out;
    std::string all;
    for (const std::string& piece : pieces) {
        all += piece;
        for (const char first : {'\x00', '\x07'}) out.push_back(first + all);
        out.push_back('\x41' + piece);
    }
    return out;
}

}  // namespace citybridge
