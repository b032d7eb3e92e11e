#include "tests/fuzz/freeswitch_session_fuzz.h"

#include <cstdlib>

#include "adapters/freeswitch/replay_peer.h"
#include "adapters/freeswitch/session.h"

namespace {

using namespace citybridge;
using namespace citybridge::freeswitch;

constexpr int kCommands = 4;

struct Run {
    Session session{{}, 3};
    ReplayPeer peer{""};
    Now now{WallTime(Millis(1'795'289'700'000)), MonoTime(Millis(0))};
    int replies = 0;
    bool up = false;
    bool closed = false;

    std::string act() {
        Output output = session.take_output();
        for (const PbxSignal& signal : output.signals) {
            // Nothing is said of a link that is not up, and a link goes up once.
            const bool goes_up = std::holds_alternative<signal::LinkUp>(signal.body);
            if (up == goes_up) std::abort();
            if (goes_up || std::holds_alternative<signal::LinkDown>(signal.body)) up = goes_up;
        }
        for (Completion& completion : output.completed) completion.done(std::move(completion.reply));
        closed = closed || output.close.has_value();
        return output.write;
    }

    void converse(std::string bytes) {
        while (!bytes.empty()) {
            session.on_bytes(bytes, now);
            bytes = peer.on_client_bytes(act());
        }
    }

    void become_ready() {
        session.on_connected(now);
        converse(peer.on_connected());
        now.mono += kTableLag;
        session.on_tick(now);
        converse(peer.on_client_bytes(act()));
        if (!session.ready()) std::abort();
    }

    void command() {
        const CommandDone done = [this](const CommandReply&) { ++replies; };
        session.dial({"1", "1001", "13912345678", Millis(1'000)}, done, now);
        session.hangup("0cef475a-372d-4b5b-9717-974c1ff0082b", done, now);
        CallCommand hold;
        hold.command_id = "2";
        hold.agent = "1001";
        hold.agent_channel = "0cef475a-372d-4b5b-9717-974c1ff0082b";
        hold.customer_channel = "51a70f13-fe90-48d0-bb3a-53622203bc6d";
        session.command(hold, done, now);
        AgentStateCommand state;
        state.agent = state.device = "1001";
        session.set_agent_state(state, done, now);
    }
};

}  // namespace

int fuzz_freeswitch_session(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    Run run;
    const std::size_t step = 1 + (data[0] >> 1U);
    if ((data[0] & 1U) != 0)
        run.become_ready();
    else
        run.session.on_connected(run.now);
    run.command();
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    for (std::size_t at = 0; at < bytes.size() && !run.closed; at += step) {
        run.session.on_bytes(bytes.substr(at, step), run.now);
        (void)run.act();
        run.now.mono += Millis(7);
        run.session.on_tick(run.now);
        (void)run.act();
    }
    (void)run.session.on_closed({"link.closed", ""}, run.now);
    (void)run.act();
    run.session.stop();
    (void)run.act();
    // Every command is answered exactly once, and a closed link is said to be down.
    if (run.replies != kCommands || run.up) std::abort();
    return 0;
}

#ifdef CITYBRIDGE_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz_freeswitch_session(data, size);
}
#endif
