#include "tools/replay/live_replay.h"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <array>
#include <atomic>
#include <mutex>
#include <thread>

#include "adapters/asterisk/replay_peer.h"
#include "core/node/node.h"
#include "tools/support/temp_folder.h"

namespace citybridge::replay {
namespace {

constexpr Millis kConnectTimeout{10'000};
constexpr Millis kQuiet{400};

Poco::Timespan timespan(Millis value) { return {0, static_cast<long>(value.count()) * 1'000}; }

// Plays the recording to the one client that connects. Its own thread.
class PlaybackServer {
public:
    explicit PlaybackServer(const Recording& recording) : peer_(recording.bytes, recording.times) {
        listener_.bind(Poco::Net::SocketAddress("127.0.0.1", 0), true);
        listener_.listen(1);
        thread_ = std::thread([this] { run(); });
    }
    ~PlaybackServer() {
        stopping_ = true;
        thread_.join();
    }
    std::uint16_t port() const { return listener_.address().port(); }
    bool played() const { return played_; }
    std::string failure() const {
        std::lock_guard lock(mutex_);
        return failure_;
    }

private:
    void run() {
        try {
            if (!listener_.poll(timespan(kConnectTimeout), Poco::Net::Socket::SELECT_READ))
                return fail("the node did not connect");
            Poco::Net::StreamSocket client = listener_.acceptConnection();
            client.setNoDelay(true);
            send(client, peer_.on_connected());
            while (!peer_.logged_in() && !stopping_) answer(client, Millis{100});
            play(client);
            while (!stopping_) answer(client, Millis{50});
        } catch (const Poco::Exception& e) {
            fail(e.displayText());
        }
    }

    void play(Poco::Net::StreamSocket& client) {
        const MonoTime began = system_now().mono;
        while (auto chunk = peer_.next()) {
            for (Millis left = chunk->offset - (system_now().mono - began); left > Millis{0} && !stopping_;
                 left = chunk->offset - (system_now().mono - began))
                answer(client, std::min(left, Millis{50}));
            if (stopping_) return;
            send(client, chunk->bytes);
            answer(client, Millis{0});
        }
        played_ = true;
    }

    void answer(Poco::Net::StreamSocket& client, Millis wait) {
        if (!client.poll(timespan(wait), Poco::Net::Socket::SELECT_READ)) return;
        std::array<char, 4096> buffer{};
        const int size = client.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
        if (size <= 0) throw Poco::Net::ConnectionResetException("the node closed the connection");
        send(client, peer_.on_client_bytes({buffer.data(), static_cast<std::size_t>(size)}));
    }

    static void send(Poco::Net::StreamSocket& client, std::string_view bytes) {
        while (!bytes.empty()) {
            const int sent = client.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    void fail(const std::string& why) {
        std::lock_guard lock(mutex_);
        failure_ = why;
        played_ = true;
    }

    asterisk::ReplayPeer peer_;
    Poco::Net::ServerSocket listener_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> played_{false};
    mutable std::mutex mutex_;
    std::string failure_;
    std::thread thread_;
};

NodeConfig config_for(std::uint16_t pbx_port, const TempFolder& folder) {
    NodeConfig config;
    config.city = "replay";
    config.where = {"replay", 1, 1};
    const Position here = config.where;
    config.sections["listen"] = {here, {{"port", "0", here}}};
    config.sections["store"] = {here, {{"path", folder / "replay.db", here}}};
    PluginConfig pbx{"asterisk", "pbx1", here, {here, {}}};
    pbx.settings.settings = {{"host", "127.0.0.1", here},
                             {"port", std::to_string(pbx_port), here},
                             {"user", "replay", here},
                             {"secret", "replay", here}};
    config.plugins.push_back(std::move(pbx));
    return config;
}

}  // namespace

Result<ReplayResult> replay_live(const Recording& recording, const std::string& plugin_dir) {
    PlaybackServer server(recording);
    Problems problems;
    const TempFolder folder("citybridge-replay");
    const auto node = Node::make(config_for(server.port(), folder), plugin_dir, problems);
    if (node == nullptr) return Error{"replay.node", to_string(problems.front())};
    std::mutex mutex;
    ReplayResult result;
    std::atomic<std::int64_t> last_event_ms{system_now().mono.time_since_epoch().count()};
    node->live().subscribe([&](const EventPtr& event) {
        std::lock_guard lock(mutex);
        result.see(event->event);
        last_event_ms = system_now().mono.time_since_epoch().count();
    });
    if (auto started = node->start(); !started) return started.error();
    const auto quiet = [&] { return system_now().mono.time_since_epoch() - Millis{last_event_ms.load()} > kQuiet; };
    while (!server.played() || !quiet()) std::this_thread::sleep_for(Millis{20});
    // Taken before the node stops: the end of the recording ends no contact.
    std::lock_guard lock(mutex);
    const ReplayResult taken = result;
    return taken;
}

}  // namespace citybridge::replay
