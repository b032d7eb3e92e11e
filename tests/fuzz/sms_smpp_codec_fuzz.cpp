#include "tests/fuzz/sms_smpp_codec_fuzz.h"

#include <cstdlib>
#include <string>

#include "core/api/text.h"
#include "plugins/sms_smpp/pdu.h"
#include "plugins/sms_smpp/receipt.h"

namespace {

using namespace citybridge;
using namespace citybridge::sms_smpp;

struct FramedStream {
    std::string pdus;  // written again
    bool broken = false;
};

FramedStream framed(std::string_view bytes, std::size_t step) {
    Framer framer;
    FramedStream out;
    for (std::size_t at = 0; at < bytes.size() && !out.broken; at += step) {
        framer.feed(bytes.substr(at, step));
        while (true) {
            const auto pdu = framer.next();
            out.broken = !pdu;
            if (!pdu || !*pdu) break;
            out.pdus += encode((*pdu)->command, (*pdu)->status, (*pdu)->sequence, (*pdu)->body);
        }
    }
    return out;
}

void read_all(std::string_view body) {
    for (const auto& delivered : {read_deliver_sm(body), read_data_sm(body)}) {
        if (!delivered) continue;
        for (const ReceiptIds ids : {ReceiptIds::same, ReceiptIds::decimal, ReceiptIds::hexadecimal}) {
            const auto receipt = read_receipt(*delivered, ids);
            if (!receipt) continue;
            // What goes to the node is a bounded text.
            for (const std::string& text : {receipt->id, receipt->word, receipt->error, receipt->done_at})
                if (!is_utf8(text) || text.size() > 100) std::abort();
            if (receipt->id.empty() || receipt->state.empty()) std::abort();
        }
    }
    if (read_message_id(body).size() > 64) std::abort();
}

}  // namespace

int fuzz_sms_smpp_codec(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const FramedStream pieces = framed(bytes, 1 + (data[0] & 0x3FU));
    const FramedStream whole = framed(bytes, bytes.size() + 1);
    if (pieces.pdus != whole.pdus || pieces.broken != whole.broken) std::abort();
    if (!bytes.starts_with(whole.pdus)) std::abort();
    read_all(bytes);
    Framer framer;
    framer.feed(bytes);
    for (auto pdu = framer.next(); pdu && *pdu; pdu = framer.next()) read_all((*pdu)->body);
    return 0;
}

#ifdef CITYBRIDGE_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz_sms_smpp_codec(data, size);
}
#endif
