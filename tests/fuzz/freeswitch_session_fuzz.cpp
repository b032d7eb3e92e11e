#include "tests/fuzz/freeswitch_session_fuzz.h"

#include "adapters/freeswitch/replay_peer.h"
#include "adapters/freeswitch/session.h"
#include "tests/fuzz/session_run.h"

namespace {

using namespace citybridge;

using Run = fuzz::SessionRun<freeswitch::Session, freeswitch::ReplayPeer>;

void command(Run& run) {
    run.session.dial({"1", "1001", "13912345678", Millis(1'000)}, run.done(), run.now);
    run.session.hangup("0cef475a-372d-4b5b-9717-974c1ff0082b", run.done(), run.now);
    CallCommand hold;
    hold.command_id = "2";
    hold.agent = "1001";
    hold.agent_channel = "0cef475a-372d-4b5b-9717-974c1ff0082b";
    hold.customer_channel = "51a70f13-fe90-48d0-bb3a-53622203bc6d";
    run.session.command(hold, run.done(), run.now);
    AgentStateCommand state;
    state.agent = state.device = "1001";
    run.session.set_agent_state(state, run.done(), run.now);
}

}  // namespace

int fuzz_freeswitch_session(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const fuzz::Delivery delivery = fuzz::delivery_of(data, size);
    Run run;
    delivery.ready ? run.become_ready(freeswitch::kTableLag) : run.connect();
    command(run);
    run.feed(delivery.bytes, delivery.piece);
    return 0;
}

#ifdef CITYBRIDGE_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz_freeswitch_session(data, size);
}
#endif
