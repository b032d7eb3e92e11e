#include "plugins/sms_smpp/pdu.h"

#include <array>
#include <cstdio>
#include <utility>

namespace citybridge::sms_smpp {
namespace {

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) value = value << 8U | static_cast<unsigned char>(bytes[i]);
    return value;
}

void append_number(std::uint32_t value, std::string& out) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) out += static_cast<char>(value >> shift & 0xFFU);
}

// Section 5.1.3, for people.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 24> kStatusWords{{{0x01, "message too long"},
                                                                                   {0x02, "wrong command length"},
                                                                                   {0x03, "unknown command"},
                                                                                   {0x04, "not bound for this"},
                                                                                   {0x05, "already bound"},
                                                                                   {0x08, "system error at the centre"},
                                                                                   {0x0A, "wrong source address"},
                                                                                   {0x0B, "wrong destination address"},
                                                                                   {0x0C, "wrong message id"},
                                                                                   {0x0D, "bind failed"},
                                                                                   {0x0E, "wrong password"},
                                                                                   {0x0F, "wrong system id"},
                                                                                   {0x11, "cancel failed"},
                                                                                   {0x14, "message queue full"},
                                                                                   {0x15, "wrong service type"},
                                                                                   {0x43, "wrong esm_class"},
                                                                                   {0x45, "submit failed"},
                                                                                   {0x53, "wrong system type"},
                                                                                   {0x58, "too fast"},
                                                                                   {0x61, "wrong schedule"},
                                                                                   {0x62, "wrong validity period"},
                                                                                   {0x64, "receiver: temporary error"},
                                                                                   {0x65, "receiver: permanent error"},
                                                                                   {0x66, "receiver: rejected"}}};

}  // namespace

std::string status_text(std::uint32_t status) {
    std::array<char, 16> hex{};
    std::snprintf(hex.data(), hex.size(), "0x%02X", status);
    for (const auto& [number, words] : kStatusWords)
        if (number == status) return std::string(hex.data()) + " (" + std::string(words) + ")";
    return hex.data();
}

std::string encode(std::uint32_t command, std::uint32_t status, std::uint32_t sequence, std::string_view body) {
    std::string out;
    out.reserve(kHeaderBytes + body.size());
    append_number(static_cast<std::uint32_t>(kHeaderBytes + body.size()), out);
    append_number(command, out);
    append_number(status, out);
    append_number(sequence, out);
    out += body;
    return out;
}

void Framer::feed(std::string_view bytes) {
    buffer_.erase(0, at_);
    at_ = 0;
    buffer_ += bytes;
}

Result<std::optional<Pdu>> Framer::next() {
    const std::string_view rest = std::string_view(buffer_).substr(at_);
    if (rest.size() < 4) return std::optional<Pdu>{};
    const std::size_t length = number_at(rest, 0);
    if (length < kHeaderBytes || length > kMostPduBytes) {
        // The number in a header that is not whole yet is not waited for: the stream is lost in any case.
        sequence_ = rest.size() >= kHeaderBytes && length >= kHeaderBytes ? number_at(rest, 12) : 0;
        return Error{"smpp.bad_length", "a PDU says that it has " + std::to_string(length) + " bytes"};
    }
    if (rest.size() < length) return std::optional<Pdu>{};
    at_ += length;
    sequence_ = number_at(rest, 12);
    return std::optional<Pdu>(
        Pdu{number_at(rest, 4), number_at(rest, 8), sequence_, rest.substr(kHeaderBytes, length - kHeaderBytes)});
}

}  // namespace citybridge::sms_smpp
