#include "bench/frame_load.h"

#include <sys/epoll.h>

#include <array>
#include <stdexcept>

#include "bench/frame_floor.h"

namespace citybridge::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kLoginQuiet = 500ms;
constexpr auto kLoginLimit = 20s;
constexpr auto kStep = 50ms;
constexpr auto kSettle = 100ms;            // after a block, for what follows the last calls' ends
constexpr int kRingCalls = 10;             // a phone rings for as long as this many calls arrive
constexpr std::uint64_t kPbx = 1U << 16U;  // tag of a PBX connection; below: an agent
constexpr unsigned kServerShift = 32;

std::uint64_t tag_of(FrameLoad::Server server, std::uint64_t what) {
    return (static_cast<std::uint64_t>(server) << kServerShift) | what;
}

}  // namespace

FrameLoad::FrameLoad(CallScript script, double rings_per_second, const Socket& node_pbx, const Socket& floor_pbx)
    : script_(std::move(script)),
      between_calls_(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / rings_per_second))),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    sides_[floor].pbx = accept_from(floor_pbx);
    sides_[node].pbx = accept_from(node_pbx);
    sides_[node].peer.emplace("");
    watch(sides_[node].pbx.fd(), tag_of(node, kPbx));
    send_all(sides_[node].pbx.fd(), sides_[node].peer->on_connected());
}

void FrameLoad::watch(int fd, std::uint64_t tag) const {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = tag}};
    if (::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, fd, &event) != 0) throw_errno("epoll_ctl");
}

void FrameLoad::serve_login() {
    const auto limit = Clock::now() + kLoginLimit;
    pbx_spoke_ = Clock::now();
    while (!sides_[node].peer->logged_in() || Clock::now() - pbx_spoke_ < kLoginQuiet) {
        if (Clock::now() > limit) throw std::runtime_error("the node does not log in to its PBX");
        poll_until(Clock::now() + kStep);
    }
}

void FrameLoad::connect_clients(Server server, std::uint16_t port, const std::string& password) {
    Side& side = sides_[server];
    side.waiting.resize(kAgents);
    for (int i = 0; i < kAgents; ++i) {
        const std::string agent = std::to_string(kFirstAgent + i);
        const std::string target = server == node ? "/v1/stream" : "/" + agent;
        const std::string token = server == node ? log_in(port, agent, password) : std::string();
        side.clients.push_back(std::make_unique<WsClient>(port, target, token));
        watch(side.clients.back()->fd(), tag_of(server, static_cast<std::uint64_t>(i)));
        poll_until(Clock::now());  // the PBX is asked for signs of life meanwhile
    }
}

CallTexts FrameLoad::texts(std::uint64_t call) const {
    return script_.call(call, kFirstAgent + static_cast<int>(call % kAgents));
}

std::vector<double> FrameLoad::block(Server server, std::chrono::seconds length) {
    Side& side = sides_[server];
    const std::uint64_t count = std::max<std::uint64_t>(static_cast<std::uint64_t>(length / between_calls_), 1);
    const std::uint64_t first = side.calls;
    const auto begin = Clock::now();
    found_us_.clear();
    // Three sends a call, spread over the time between two calls, so that no
    // event waits behind another call's.
    for (std::uint64_t i = 0; i < count + kRingCalls; ++i) {
        const auto at = begin + static_cast<int>(i) * between_calls_;
        poll_until(at);
        if (i < count) send_all(side.pbx.fd(), texts(first + i).before);
        poll_until(at + between_calls_ / 2);
        if (i < count) ring(side, first + i);
        poll_until(at + between_calls_ * 3 / 4);
        if (i >= kRingCalls) send_all(side.pbx.fd(), texts(first + i - kRingCalls).after);
    }
    poll_until(Clock::now() + kSettle);
    side.calls += count;
    if (found_us_.size() != count)
        throw std::runtime_error(std::to_string(count - found_us_.size()) + " of " + std::to_string(count) +
                                 " pops did not come");
    return found_us_;
}

void FrameLoad::ring(Side& side, std::uint64_t call) {
    CallTexts text = texts(call);
    auto& waiting = side.waiting[call % kAgents];
    if (waiting) throw std::runtime_error("no pop came for the call of " + waiting->customer);
    waiting = Pop{Clock::now(), std::move(text.customer)};
    send_all(side.pbx.fd(), text.ringing);
}

void FrameLoad::poll_until(Clock::time_point until) {
    std::array<epoll_event, 64> ready{};
    for (;;) {
        const auto left = std::max<Clock::duration>(until - Clock::now(), 0ns);
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
        const timespec wait{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
        const int count = ::epoll_pwait2(epoll_.fd(), ready.data(), static_cast<int>(ready.size()), &wait, nullptr);
        if (count < 0 && errno != EINTR) throw_errno("epoll_pwait2");
        for (int i = 0; i < count; ++i) on_ready(ready[static_cast<std::size_t>(i)].data.u64);
        if (count <= 0 && left == 0ns) return;
    }
}

void FrameLoad::on_ready(std::uint64_t tag) {
    const auto server = static_cast<Server>(tag >> kServerShift);
    const std::uint64_t what = tag & ((std::uint64_t{1} << kServerShift) - 1);
    if (what == kPbx) return answer_pbx(sides_[server]);
    read_client(sides_[server], server, what);
}

void FrameLoad::answer_pbx(Side& side) {
    std::array<char, 4096> bytes;
    const std::size_t size = receive(side.pbx.fd(), bytes.data(), bytes.size());
    if (size == 0) throw std::runtime_error("the node has left its PBX");
    send_all(side.pbx.fd(), side.peer->on_client_bytes({bytes.data(), size}));
    pbx_spoke_ = Clock::now();
}

void FrameLoad::read_client(Side& side, Server server, std::size_t agent) {
    side.clients[agent]->receive_some();
    const auto arrived = Clock::now();
    std::string_view text;
    while (side.clients[agent]->next(text)) {
        if (text.find("\"type\":\"offer.shown\"") == std::string_view::npos) continue;
        auto& waiting = side.waiting[agent];
        if (!waiting || text.find(waiting->customer) == std::string_view::npos)
            throw std::runtime_error("a pop that no call of this agent explains: " + std::string(text));
        found_us_.push_back(std::chrono::duration<double, std::micro>(arrived - waiting->sent).count());
        waiting.reset();
        if (server != node) continue;
        pop_bytes_ += text.size();
        ++pops_;
    }
}

std::size_t FrameLoad::mean_pop_bytes() const { return pops_ == 0 ? 0 : static_cast<std::size_t>(pop_bytes_ / pops_); }

void FrameLoad::tell_floor_frame_bytes() {
    send_all(sides_[floor].pbx.fd(),
             "Event: " + std::string(kFrameBytesEvent) + "\r\nBytes: " + std::to_string(mean_pop_bytes()) + "\r\n\r\n");
}

}  // namespace citybridge::bench
