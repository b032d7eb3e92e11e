#include "core/host/resolver.h"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HostEntry.h>

#include <system_error>
#include <thread>

namespace citybridge {
namespace {

const std::string kLoopback = "127.0.0.1";

Result<Addresses> blocking_lookup(const std::string& host, std::uint16_t port) {
    try {
        Addresses found;
        const auto entry = Poco::Net::DNS::hostByName(host);
        for (const auto& address : entry.addresses()) found.emplace_back(address, port);
        if (!found.empty()) return found;
        return Error{"link.resolve", "host name " + host + " has no address; check the name and the DNS server"};
    } catch (const Poco::Exception& e) {
        return Error{"link.resolve", "cannot resolve host name " + host + " (" + e.displayText() +
                                         "); check the name and the DNS server"};
    }
}

}  // namespace

std::optional<Poco::Net::SocketAddress> numeric_address(const std::string& host, std::uint16_t port) {
    // RFC 6761 section 6.3: this name is the loopback address everywhere, also
    // on a machine without /etc/hosts.
    const std::string& digits = host == "localhost" ? kLoopback : host;
    Poco::Net::IPAddress address;
    if (!Poco::Net::IPAddress::tryParse(digits, address)) return {};
    return Poco::Net::SocketAddress(address, port);
}

Result<> Resolver::lookup(std::string host, std::uint16_t port, std::function<void(Result<Addresses>)> done) {
    const Error busy{"link.resolve", "cannot resolve host name " + host + ": " + std::to_string(kMaxLookups) +
                                         " lookups hang already; check the DNS server or give the address in digits"};
    if (running_->fetch_add(1) >= kMaxLookups) {
        running_->fetch_sub(1);
        return busy;
    }
    try {
        std::thread([running = running_, host = std::move(host), port, done = std::move(done)] {
            done(blocking_lookup(host, port));
            running->fetch_sub(1);
        }).detach();
    } catch (const std::system_error&) {
        running_->fetch_sub(1);
        return busy;
    }
    return ok();
}

}  // namespace citybridge
