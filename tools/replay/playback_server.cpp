#include "tools/replay/playback_server.h"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <array>

namespace citybridge::replay {
namespace {

constexpr Millis kConnectTimeout{10'000};

Poco::Timespan timespan(Millis value) { return {0, static_cast<long>(value.count()) * 1'000}; }

void send(Poco::Net::StreamSocket& client, std::string_view bytes) {
    while (!bytes.empty()) {
        const int sent = client.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

}  // namespace

struct PlaybackServer::Impl {
    std::unique_ptr<PeerEnd> peer;
    Poco::Net::ServerSocket listener;

    void answer(Poco::Net::StreamSocket& client, Millis wait) {
        if (!client.poll(timespan(wait), Poco::Net::Socket::SELECT_READ)) return;
        std::array<char, 4096> buffer{};
        const int size = client.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
        if (size <= 0) throw Poco::Net::ConnectionResetException("the node closed the connection");
        send(client, peer->on_client_bytes({buffer.data(), static_cast<std::size_t>(size)}));
    }

    // False: told to stop.
    bool play(Poco::Net::StreamSocket& client, const PlaybackOptions& options, const std::atomic<bool>& stopping) {
        const MonoTime began = system_now().mono + kLead;
        std::size_t index = 0;
        while (auto chunk = peer->next()) {
            const Millis due{static_cast<Millis::rep>(static_cast<double>(chunk->offset.count()) / options.speed)};
            for (Millis left = due - (system_now().mono - began); left > Millis{0} && !stopping;
                 left = due - (system_now().mono - began))
                answer(client, std::min(left, Millis{50}));
            if (stopping) return false;
            if (options.sending) options.sending(index++);
            send(client, chunk->bytes);
            answer(client, Millis{0});
        }
        return true;
    }
};

PlaybackServer::PlaybackServer(const Recording& recording, PlaybackOptions options)
    : options_(std::move(options)), impl_(std::make_unique<Impl>()) {
    impl_->peer = make_peer(recording);
    impl_->listener.bind(Poco::Net::SocketAddress("127.0.0.1", 0), true);
    impl_->listener.listen(1);
    port_ = impl_->listener.address().port();
    thread_ = std::thread([this] { run(); });
}

PlaybackServer::~PlaybackServer() {
    stopping_ = true;
    thread_.join();
}

std::string PlaybackServer::failure() const {
    std::lock_guard lock(mutex_);
    return failure_;
}

void PlaybackServer::run() {
    try {
        if (!impl_->listener.poll(timespan(kConnectTimeout), Poco::Net::Socket::SELECT_READ))
            return fail("the node did not connect");
        Poco::Net::StreamSocket client = impl_->listener.acceptConnection();
        client.setNoDelay(true);
        send(client, impl_->peer->on_connected());
        while (!impl_->peer->listening() && !stopping_) impl_->answer(client, Millis{100});
        played_ = impl_->play(client, options_, stopping_);
        while (!stopping_) impl_->answer(client, Millis{50});
    } catch (const Poco::Exception& e) {
        fail(e.displayText());
    }
}

void PlaybackServer::fail(const std::string& why) {
    std::lock_guard lock(mutex_);
    failure_ = why;
    played_ = true;
}

NodeConfig config_for(Wire wire, std::uint16_t pbx_port, const std::string& folder) {
    NodeConfig config;
    config.city = "replay";
    config.where = {"replay", 1, 1};
    const Position here = config.where;
    config.sections["listen"] = {here, {{"port", "0", here}}};
    config.sections["store"] = {here, {{"path", folder + "/replay.db", here}}};
    const bool asterisk = wire == Wire::asterisk;
    PluginConfig pbx{asterisk ? "asterisk" : "freeswitch", "pbx1", here, {here, {}}};
    pbx.settings.settings = {{"host", "127.0.0.1", here}, {"port", std::to_string(pbx_port), here}};
    if (asterisk) pbx.settings.settings.push_back({"user", "replay", here});
    pbx.settings.settings.push_back({asterisk ? "secret" : "password", "replay", here});
    config.plugins.push_back(std::move(pbx));
    return config;
}

}  // namespace citybridge::replay
