#include "tools/replay/ends.h"

#include "adapters/asterisk/replay_peer.h"
#include "adapters/asterisk/session.h"
#include "adapters/freeswitch/replay_peer.h"
#include "adapters/freeswitch/session.h"

namespace citybridge::replay {
namespace {

constexpr std::uint64_t kSeed = 1;

bool is_listening(const asterisk::ReplayPeer& peer) { return peer.logged_in(); }
bool is_listening(const freeswitch::ReplayPeer& peer) { return peer.listening(); }

template <class Peer>
class PeerOf final : public PeerEnd {
public:
    explicit PeerOf(const Recording& recording) : peer_(recording.bytes, recording.times) {}
    std::optional<WallTime> begins() override { return peer_.begins(); }
    std::string on_connected() override { return peer_.on_connected(); }
    std::string on_client_bytes(std::string_view bytes) override { return peer_.on_client_bytes(bytes); }
    bool listening() const override { return is_listening(peer_); }
    std::optional<Chunk> next() override {
        auto chunk = peer_.next();
        if (!chunk) return std::nullopt;
        return Chunk{chunk->offset, chunk->wall, std::move(chunk->bytes)};
    }

private:
    Peer peer_;
};

template <class Session>
class ClientOf final : public ClientEnd {
public:
    template <class Settings>
    explicit ClientOf(Settings settings) : session_(std::move(settings), kSeed) {}
    void on_connected(Now now) override { session_.on_connected(now); }
    void on_bytes(std::string_view bytes, Now now) override { session_.on_bytes(bytes, now); }
    void on_tick(Now now) override { session_.on_tick(now); }
    std::optional<MonoTime> next_deadline() const override { return session_.next_deadline(); }
    Output take_output() override {
        auto out = session_.take_output();
        return {std::move(out.write), std::move(out.signals), out.close.has_value()};
    }

private:
    Session session_;
};

}  // namespace

std::unique_ptr<PeerEnd> make_peer(const Recording& recording) {
    switch (recording.wire) {
        case Wire::asterisk: return std::make_unique<PeerOf<asterisk::ReplayPeer>>(recording);
        case Wire::freeswitch: return std::make_unique<PeerOf<freeswitch::ReplayPeer>>(recording);
    }
    return nullptr;
}

std::unique_ptr<ClientEnd> make_client(Wire wire) {
    switch (wire) {
        case Wire::asterisk: {
            asterisk::SessionSettings settings;
            settings.user = "replay";
            settings.secret = "replay";
            return std::make_unique<ClientOf<asterisk::Session>>(std::move(settings));
        }
        case Wire::freeswitch: {
            freeswitch::SessionSettings settings;
            settings.password = "replay";
            return std::make_unique<ClientOf<freeswitch::Session>>(std::move(settings));
        }
    }
    return nullptr;
}

}  // namespace citybridge::replay
