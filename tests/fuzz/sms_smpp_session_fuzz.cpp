#include "tests/fuzz/sms_smpp_session_fuzz.h"

#include <array>
#include <cstdlib>
#include <string>

#include "plugins/sms_smpp/session.h"

namespace {

using namespace citybridge;
using namespace citybridge::sms_smpp;

constexpr std::size_t kWindow = 3;
constexpr std::size_t kMessages = 6;

struct SmppRun {
    SmppRun() : session(settings(), 5) {}

    static SessionSettings settings() {
        SessionSettings out;
        out.instance = "sms";
        out.window = kWindow;
        return out;
    }

    void act() {
        Output output = session.take_output();
        written.feed(output.write);
        while (true) {
            const auto pdu = written.next();
            if (!pdu) std::abort();  // what the session writes is always SMPP
            if (!*pdu) break;
            submits += (*pdu)->command == command::kSubmitSm ? 1U : 0U;
            if ((*pdu)->command == (command::kDeliverSm | command::kResponse) && (*pdu)->status == status::kOk) {
                if (taken == 0) std::abort();  // success before the node has it
                --taken;
            }
        }
        for (auto& each : output.completed) each.done(std::move(each.reply));
        closed = closed || output.close.has_value();
        for (const Offered& each : output.offered) {
            if (each.message.id.empty() || each.message.data["external_id"].get<std::string>().empty()) std::abort();
            ++taken;
            session.taken(each.number, ok(), now);
        }
        if (!output.offered.empty()) act();
    }
    void submit(std::size_t index) {
        Prepared message;
        message.message = "m" + std::to_string(index);
        message.parts.assign(index % 3 + 1, "text");
        session.submit(
            std::move(message), [this, index](const DeliveryReply&) { ++answered.at(index); }, now);
        act();
    }

    Now now{WallTime(Millis(1'795'289'700'000)), MonoTime(Millis(1'000))};
    Session session;
    Framer written;
    std::array<int, kMessages> answered{};
    std::size_t submits = 0;
    std::size_t taken = 0;
    bool closed = false;
};

}  // namespace

int fuzz_sms_smpp_session(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    SmppRun run;
    run.session.on_connected(run.now);
    run.act();
    if ((data[0] & 0x40U) != 0)
        run.session.on_bytes(encode(command::kBindTransceiver | command::kResponse, 0, 1), run.now);
    const std::size_t step = 1 + (data[0] & 0x3FU);
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::size_t submitted = 0;
    for (std::size_t at = 0; at < bytes.size() && !run.closed; at += step) {
        if (submitted < kMessages) run.submit(submitted++);
        run.session.on_bytes(bytes.substr(at, step), run.now);
        run.act();
        run.now.mono += Millis(static_cast<std::int64_t>(data[0]) * 10);
        run.session.on_tick(run.now);
        run.act();
    }
    while (submitted < kMessages) run.submit(submitted++);
    const auto deadline = run.session.next_deadline();
    if (!run.closed && run.session.bound() && !deadline) std::abort();  // a session always watches its centre
    (void)run.session.on_closed({"link.closed", ""}, run.now);
    run.act();
    // Every message is answered exactly once, whatever the centre says.
    for (const int times : run.answered)
        if (times != 1) std::abort();
    return 0;
}

#ifdef CITYBRIDGE_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz_sms_smpp_session(data, size);
}
#endif
