#include "tests/fuzz/asterisk_session_fuzz.h"

#include "adapters/asterisk/replay_peer.h"
#include "adapters/asterisk/session.h"
#include "tests/fuzz/session_run.h"

int fuzz_asterisk_session(const std::uint8_t* data, std::size_t size) {
    using namespace citybridge;
    if (size == 0) return 0;
    const fuzz::Delivery delivery = fuzz::delivery_of(data, size);
    fuzz::SessionRun<asterisk::Session, asterisk::ReplayPeer> run;
    delivery.ready ? run.become_ready() : run.connect();
    run.session.dial({"1", "SIP/1001", "13912345678", Millis(1'000)}, run.done(), run.now);
    run.session.hangup("1.1", run.done(), run.now);
    run.feed(delivery.bytes, delivery.piece);
    return 0;
}

#ifdef CITYBRIDGE_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz_asterisk_session(data, size);
}
#endif
