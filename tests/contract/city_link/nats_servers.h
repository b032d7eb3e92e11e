#pragma once
// A hub and the cities' leaves as real nats-server processes on this machine,
// configured by config/nats/make-config, each leaf on a line of its own to the
// hub. They end with the object, or with the process.
#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/contract/city_link/line.h"
#include "tools/support/temp_folder.h"

namespace citybridge::test {

class NatsServers {
public:
    // Starts all. Throws std::runtime_error, also if nats-server is not installed.
    explicit NatsServers(const std::vector<std::string>& cities);
    ~NatsServers();
    NatsServers(const NatsServers&) = delete;
    NatsServers& operator=(const NatsServers&) = delete;

    std::uint16_t leaf_port(const std::string& city) const { return leaves_.at(city).port; }
    std::string folder(const std::string& name) const { return folder_ / name; }
    std::string text(const std::string& file) const;  // of the folder, without the last line break
    Line& line(const std::string& city) { return *leaves_.at(city).line; }
    // All but `city` itself, with their public keys, as the setting wants it.
    std::string peers_of(const std::string& city) const;

    void start(const std::string& server);  // "hub" or a city
    void kill(const std::string& server);   // -9
    void lose_disk(const std::string& server);
    std::string log_of(const std::string& server) const { return text(server + ".log"); }
    pid_t process(const std::string& server) const { return processes_.at(server); }
    std::uint16_t hub_client() const { return hub_client_; }

private:
    struct Leaf {
        std::uint16_t port = 0;
        std::unique_ptr<Line> line;
    };
    void configure(const std::vector<std::string>& cities);
    void wait_for(const std::string& server, std::uint16_t port);

    TempFolder folder_{"citybridge-nats"};
    std::uint16_t hub_port_ = 0;
    std::uint16_t hub_client_ = 0;
    std::map<std::string, Leaf> leaves_;
    std::map<std::string, pid_t> processes_;
};

}  // namespace citybridge::test
