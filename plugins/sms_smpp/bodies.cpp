#include "plugins/sms_smpp/bodies.h"

#include <algorithm>

namespace citybridge::sms_smpp {
namespace {

constexpr std::uint8_t kInterfaceVersion = 0x34;
constexpr std::uint16_t kReceiptedMessageId = 0x001E;
constexpr std::uint16_t kMessagePayload = 0x0424;
constexpr std::uint16_t kMessageState = 0x0427;

void append_octet(std::uint8_t value, std::string& out) { out += static_cast<char>(value); }

// A C-octet string ends at its zero: one inside would shift all that follows.
void append_text(std::string_view text, std::string& out) {
    out += text.substr(0, text.find('\0'));
    out += '\0';
}

void append_address(const Address& address, std::string& out) {
    append_octet(address.ton, out);
    append_octet(address.npi, out);
    append_text(address.digits, out);
}

// Reads on from the front; once something was missing, all that follows is empty and bad() says so.
class BodyReader {
public:
    explicit BodyReader(std::string_view body) : rest_(body) {}

    std::uint8_t octet() {
        const std::string_view one = octets(1);
        return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one[0]);
    }
    std::uint16_t number() {
        const std::uint16_t high = octet();
        return static_cast<std::uint16_t>(high << 8U | octet());
    }
    std::string_view octets(std::size_t count) {
        if (rest_.size() < count) return fail();
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    // `most` counts the terminator, as the specification's tables do.
    std::string_view text(std::size_t most) {
        const std::size_t end = rest_.substr(0, most).find('\0');
        if (end == std::string_view::npos) return fail();
        const std::string_view taken = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return taken;
    }
    Address address(std::size_t most) {
        Address out;
        out.ton = octet();
        out.npi = octet();
        out.digits = text(most);
        return out;
    }
    bool bad() const { return bad_; }
    bool empty() const { return rest_.empty(); }

private:
    std::string_view fail() {
        bad_ = true;
        rest_ = {};
        return {};
    }
    std::string_view rest_;
    bool bad_ = false;
};

void read_optional(BodyReader& in, Delivered& out) {
    while (!in.empty()) {
        const std::uint16_t tag = in.number();
        const std::string_view value = in.octets(in.number());
        if (in.bad()) return;
        if (tag == kMessagePayload && out.text.empty()) out.text = value;
        if (tag == kMessageState && value.size() == 1) out.message_state = static_cast<std::uint8_t>(value[0]);
        if (tag == kReceiptedMessageId) out.receipted_message_id = value.substr(0, value.find('\0'));
    }
}

Result<Delivered> judged(const BodyReader& in, Delivered out) {
    if (in.bad()) return Error{"smpp.bad_body", "a message from the centre ends too early"};
    return out;
}

}  // namespace

std::string bind_body(const Bind& bind) {
    std::string out;
    append_text(bind.system_id, out);
    append_text(bind.password, out);
    append_text(bind.system_type, out);
    append_octet(kInterfaceVersion, out);
    append_address({}, out);  // the range of addresses: the centre's own
    return out;
}

std::string submit_body(const Submit& submit) {
    std::string out;
    append_text(submit.service_type, out);
    append_address(submit.source, out);
    append_address(submit.destination, out);
    append_octet(submit.esm_class, out);
    append_octet(0, out);  // protocol_id
    append_octet(0, out);  // priority_flag
    append_text({}, out);  // schedule_delivery_time: now
    append_text(submit.validity, out);
    append_octet(submit.receipt ? 1 : 0, out);
    append_octet(0, out);  // replace_if_present_flag
    append_octet(submit.data_coding, out);
    append_octet(0, out);  // sm_default_msg_id
    append_octet(static_cast<std::uint8_t>(submit.short_message.size()), out);
    out += submit.short_message;
    return out;
}

Result<Delivered> read_deliver_sm(std::string_view body) {
    BodyReader in(body);
    Delivered out;
    in.text(6);  // service_type
    out.source = in.address(21);
    out.destination = in.address(21);
    out.esm_class = in.octet();
    in.octets(2);  // protocol_id, priority_flag
    in.text(17);   // schedule_delivery_time
    in.text(17);   // validity_period
    in.octets(2);  // registered_delivery, replace_if_present_flag
    out.data_coding = in.octet();
    in.octet();  // sm_default_msg_id
    out.text = in.octets(in.octet());
    read_optional(in, out);
    return judged(in, std::move(out));
}

Result<Delivered> read_data_sm(std::string_view body) {
    BodyReader in(body);
    Delivered out;
    in.text(6);  // service_type
    out.source = in.address(65);
    out.destination = in.address(65);
    out.esm_class = in.octet();
    in.octet();  // registered_delivery
    out.data_coding = in.octet();
    read_optional(in, out);
    return judged(in, std::move(out));
}

std::string read_message_id(std::string_view body) {
    constexpr std::size_t most = 64;
    return std::string(body.substr(0, std::min(body.find('\0'), most)));
}

}  // namespace citybridge::sms_smpp
