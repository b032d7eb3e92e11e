#include "plugins/link_https/door.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "core/api/quiet_thread.h"

namespace citybridge::link_https {
namespace {

constexpr Millis kLongestWait{1'000};
constexpr int kBacklog = 64;

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

std::optional<Address> parse_address(const std::string& text, std::uint16_t port) {
    Address out;
    auto* const four = reinterpret_cast<sockaddr_in*>(&out.storage);
    auto* const six = reinterpret_cast<sockaddr_in6*>(&out.storage);
    if (::inet_pton(AF_INET, text.c_str(), &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        out.size = sizeof *four;
    } else if (::inet_pton(AF_INET6, text.c_str(), &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        out.size = sizeof *six;
    } else {
        return std::nullopt;
    }
    return out;
}

std::uint16_t port_of(int socket) {
    Address bound;
    bound.size = sizeof bound.storage;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&bound.storage), &bound.size);
    return ntohs(bound.storage.ss_family == AF_INET ? reinterpret_cast<sockaddr_in*>(&bound.storage)->sin_port
                                                    : reinterpret_cast<sockaddr_in6*>(&bound.storage)->sin6_port);
}

}  // namespace

Door::Door(std::string city, DoorLimits limits, Context context, const Pins& pins, Take take, CityRefusals& refusals)
    : city_(std::move(city)),
      limits_(limits),
      context_(std::move(context)),
      pins_(pins),
      take_(std::move(take)),
      refusals_(refusals) {}

Door::~Door() { close(); }

Result<> Door::open(const std::string& address, std::uint16_t port) {
    const auto where = parse_address(address, port);
    const auto failed = [&](const char* why) {
        return Error{"link_https.no_listener",
                     "cannot listen for other cities at " + address + " port " + std::to_string(port) + ": " + why};
    };
    if (!where) return failed("address must be an IPv4 or IPv6 address of this machine, or 0.0.0.0 or ::");
    listener_ = ::socket(where->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (listener_ < 0 || ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(listener_, reinterpret_cast<const sockaddr*>(&where->storage), where->size) != 0 ||
        ::listen(listener_, kBacklog) != 0)
        return failed(std::strerror(errno));
    port_ = port_of(listener_);
    thread_ = quiet_thread("city door", [this] { loop(); });
    return ok();
}

void Door::close() {
    closing_ = true;
    finished_->wake();
    if (thread_.joinable()) thread_.join();
    guests_.clear();
    if (listener_ >= 0) ::close(std::exchange(listener_, -1));
}

void Door::loop() {
    std::vector<pollfd> sockets;
    while (!closing_) {
        sockets.assign({{finished_->descriptor(), POLLIN, 0}, {listener_, POLLIN, 0}});
        for (const Guest& guest : guests_)
            sockets.push_back({guest.connection->socket(), guest.connection->wanted_events(), 0});
        if (::poll(sockets.data(), sockets.size(), wait_ms(system_now().mono)) < 0 && errno != EINTR) continue;
        if (closing_) return;
        const MonoTime now = system_now().mono;
        std::size_t at = 2;
        // Those who came since are behind those that were waited for.
        for (auto guest = guests_.begin(); guest != guests_.end() && at < sockets.size(); ++guest, ++at) {
            if (sockets[at].revents == 0) continue;
            if (guest->connection->state() != DoorConnection::State::taking)
                go_on(*guest, now);
            else  // nobody is there to hear the answer; what was handed to the node goes its way
                guest->connection->drop();
        }
        if (sockets[0].revents != 0) finish_rounds(now);
        sweep(now);
        if (sockets[1].revents != 0) accept_all(now);
    }
}

int Door::wait_ms(MonoTime now) const {
    Millis wait = kLongestWait;
    for (const Guest& guest : guests_) wait = std::min(wait, guest.connection->deadline() - now);
    return static_cast<int>(std::max(wait, Millis(0)).count()) + 1;
}

void Door::accept_all(MonoTime now) {
    for (int most = kBacklog; most > 0; --most) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket < 0) return;
        if (guests_.size() >= limits_.connections) make_room();
        SSL* const ssl = guests_.size() >= limits_.connections ? nullptr : SSL_new(context_.get());
        if (ssl == nullptr) {
            refusals_.count_of("", "link_https.too_many_connections", "a connection from outside was closed at once");
            ::close(socket);
            continue;
        }
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        guests_.push_back(
            {++last_number_, std::make_unique<DoorConnection>(socket, ssl, pins_, limits_, now), nullptr});
    }
}

// Whoever has shown no certificate yet gives way, the oldest first: strangers cannot keep the cities out.
void Door::make_room() {
    const auto stranger = std::find_if(guests_.begin(), guests_.end(),
                                       [](const Guest& guest) { return guest.connection->city().empty(); });
    if (stranger != guests_.end()) guests_.erase(stranger);
}

void Door::go_on(Guest& guest, MonoTime now) {
    const bool was_stranger = guest.connection->city().empty();
    if (guest.connection->advance(now)) request(guest, now);
    if (was_stranger && !guest.connection->city().empty()) limit_city(guest);
    if (guest.connection->refused() == DoorConnection::Refused::certificate)
        refusals_.count_of(guest.connection->city(), "link_https.wrong_certificate",
                           "a connection showed a certificate that belongs to no city, or is out of its time");
    if (guest.connection->refused() == DoorConnection::Refused::handshake)
        refusals_.count_of("", "link_https.no_handshake", "a connection showed no certificate or spoke no TLS 1.3");
    if (guest.connection->refused() == DoorConnection::Refused::altered)
        refusals_.count_of(guest.connection->city(), "link_https.altered",
                           "what came from " + guest.connection->city() + " had been altered or repeated on the way");
}

// Connections of a city's node that is gone without a word give way to those it makes now.
void Door::limit_city(const Guest& newcomer) {
    const auto same = [&](const Guest& guest) {
        return guest.number != newcomer.number && !guest.connection->over() &&
               guest.connection->city() == newcomer.connection->city();
    };
    const auto count = std::count_if(guests_.begin(), guests_.end(), same);
    if (static_cast<std::size_t>(count) < limits_.connections_of_a_city) return;
    const auto idle = std::find_if(guests_.begin(), guests_.end(), [&](const Guest& guest) {
        return same(guest) && guest.connection->state() == DoorConnection::State::idle;
    });
    const auto oldest = idle != guests_.end() ? idle : std::find_if(guests_.begin(), guests_.end(), same);
    oldest->connection->drop();  // swept in this turn
    oldest->round = nullptr;
}

void Door::request(Guest& guest, MonoTime now) {
    DoorConnection& connection = *guest.connection;
    if (connection.head().target != kPath) return connection.answer(404, {}, {}, now);
    if (connection.head().method != "POST") return connection.answer(405, {}, {}, now);
    auto arrivals = read_batch(connection.body(), connection.city(), city_);
    if (!arrivals) return connection.answer(413, "text/plain", arrivals.error().detail, now);
    for (const Arrival& each : *arrivals)
        if (!each.message)
            refusals_.count_of(
                connection.city(),
                each.verdict.code == "city.wrong_city" ? "link_https.wrong_city" : "link_https.bad_message",
                "from " + connection.city() + ": " + each.verdict.detail);
    guest.round = std::make_shared<Round>(++last_round_, std::move(*arrivals), finished_);
    connection.set_deadline(now + limits_.take);
    guest.round->begin(take_);
}

void Door::finish_rounds(MonoTime now) {
    for (const std::uint64_t number : finished_->take())
        for (Guest& guest : guests_)
            if (guest.round && guest.round->number() == number) give_verdicts(guest, now);
}

void Door::give_verdicts(Guest& guest, MonoTime now) {
    const std::string text = city_verdicts_text(guest.round->verdicts());
    guest.round = nullptr;
    guest.connection->answer(200, "application/json", text, now);
}

void Door::sweep(MonoTime now) {
    for (auto guest = guests_.begin(); guest != guests_.end();) {
        DoorConnection& connection = *guest->connection;
        // The node did not take all of it in time: the sender hears what it did take.
        if (guest->round && !connection.over() && connection.late(now)) give_verdicts(*guest, now);
        const bool late = !connection.over() && connection.late(now);
        if (late && connection.state() != DoorConnection::State::idle)
            refusals_.count_of(connection.city(), "link_https.slow_peer",
                               connection.city().empty() ? "a connection showed no certificate in time"
                                                         : "a request of " + connection.city() + " took too long");
        guest = connection.over() || late ? guests_.erase(guest) : std::next(guest);
    }
}

}  // namespace citybridge::link_https
