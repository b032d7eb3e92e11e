#include "tests/contract/city_link/nats_servers.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/free_port.h"

namespace citybridge::test {
namespace {

constexpr std::chrono::seconds kStartPatience{20};

bool answers(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool good = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    return good;
}

// Each leaf reaches the hub on its own line; all of them were told the same address.
void replace(const std::string& file, const std::string& what, const std::string& with) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    std::string out = text.str();
    const auto at = out.find(what);
    if (at == std::string::npos) throw std::runtime_error(file + " does not hold " + what);
    out.replace(at, what.size(), with);
    std::ofstream(file) << out;
}

}  // namespace

NatsServers::NatsServers(const std::vector<std::string>& cities) {
    if (std::system("command -v nats-server >/dev/null && command -v openssl >/dev/null") != 0)
        throw std::runtime_error("nats-server or openssl is missing: apt-get install nats-server openssl");
    configure(cities);
    start("hub");
    for (const std::string& city : cities) start(city);
}

NatsServers::~NatsServers() {
    while (!processes_.empty()) kill(processes_.begin()->first);
}

void NatsServers::configure(const std::vector<std::string>& cities) {
    hub_port_ = free_port();
    hub_client_ = free_port();
    const std::string hub = "127.0.0.1:" + std::to_string(hub_port_);
    for (const std::string& city : cities) {
        Leaf& leaf = leaves_[city];
        leaf.port = free_port();
        leaf.line = std::make_unique<Line>(hub_port_);
        const std::string command = std::string(CITYBRIDGE_SOURCE_DIR) + "/config/nats/make-config --out " +
                                    folder_.path() + " --hub " + hub + " --hub-listen " + hub + " --hub-client " +
                                    std::to_string(hub_client_) + " --leaf-port " + std::to_string(leaf.port) +
                                    " --store " + folder_.path() + "/store " + city;
        if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
        replace(folder_ / (city + "/nats-leaf.conf"), '@' + hub, "@127.0.0.1:" + std::to_string(leaf.line->port()));
    }
    // A leaf that comes back may use the address that the hub tells it. There is nobody, so that it is its line.
    replace(folder_ / "hub/nats-hub.conf", "advertise: \"" + hub, "advertise: \"127.0.0.1:1");
}

std::string NatsServers::text(const std::string& file) const {
    std::ifstream in(folder_ / file);
    std::stringstream out;
    out << in.rdbuf();
    std::string text = out.str();
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

std::string NatsServers::peers_of(const std::string& city) const {
    std::istringstream lines(text("peers.txt"));
    std::string out;
    for (std::string line; std::getline(lines, line);)
        if (!line.starts_with(city + '=')) out += (out.empty() ? "" : ",") + line;
    return out;
}

void NatsServers::start(const std::string& server) {
    const std::string working = folder_ / server;
    const std::string config = server == "hub" ? "nats-hub.conf" : "nats-leaf.conf";
    const std::string log = folder_ / (server + ".log");
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("no process left");
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(file, 1);
        ::dup2(file, 2);
        if (::chdir(working.c_str()) == 0)
            ::execlp("nats-server", "nats-server", "-c", config.c_str(), static_cast<char*>(nullptr));
        ::_exit(127);
    }
    processes_[server] = child;
    wait_for(server, server == "hub" ? hub_port_ : leaves_.at(server).port);
}

void NatsServers::wait_for(const std::string& server, std::uint16_t port) {
    const auto until = std::chrono::steady_clock::now() + kStartPatience;
    while (!answers(port)) {
        const bool gone = ::waitpid(processes_.at(server), nullptr, WNOHANG) != 0;
        if (gone) processes_.erase(server);
        if (gone || std::chrono::steady_clock::now() > until)
            throw std::runtime_error("nats-server " + server + " does not start:\n" + log_of(server));
        ::usleep(20'000);
    }
}

void NatsServers::kill(const std::string& server) {
    const auto found = processes_.find(server);
    ::kill(found->second, SIGKILL);
    ::waitpid(found->second, nullptr, 0);
    processes_.erase(found);
}

void NatsServers::lose_disk(const std::string& server) {
    std::filesystem::remove_all(folder_ / ("store/" + (server == "hub" ? server : "leaf-" + server)));
}

}  // namespace citybridge::test
