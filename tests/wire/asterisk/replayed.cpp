#include "tests/wire/asterisk/replayed.h"

#include <stdexcept>

#include "tests/wire/capture_file.h"

namespace citybridge::asterisk {

std::string capture_name(std::string_view capture) { return "asterisk/" + std::string(capture) + ".ami"; }

void converse(Session& session, ReplayPeer& peer, std::string bytes, Now now, std::vector<PbxSignal>& out) {
    while (!bytes.empty()) {
        session.on_bytes(bytes, now);
        Output output = session.take_output();
        if (output.close) throw std::runtime_error(output.close->code + ": " + output.close->detail);
        for (PbxSignal& signal : output.signals) out.push_back(std::move(signal));
        bytes = peer.on_client_bytes(output.write);
    }
}

std::vector<PbxSignal> replayed(std::string_view name) {
    ReplayPeer peer(capture(capture_name(name)), capture_times(capture_name(name)).value_or(""));
    Session session({}, 1);
    std::vector<PbxSignal> out;
    Now now{WallTime(Millis(0)), MonoTime(Millis(0))};
    session.on_connected(now);
    converse(session, peer, peer.on_connected(), now, out);
    while (auto chunk = peer.next()) {
        now.wall = chunk->wall.value_or(now.wall);
        now.mono = MonoTime(chunk->offset);
        converse(session, peer, std::move(chunk->bytes), now, out);
    }
    return out;
}

}  // namespace citybridge::asterisk
