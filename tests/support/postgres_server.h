#pragma once
// A PostgreSQL 15 of the test's own: its data in a temporary folder, a free
// loopback port, no durability setting weakened. As root it runs as `postgres`.
#include <filesystem>
#include <string>

namespace citybridge::tests {

class PostgresServer {
public:
    // Makes and starts it; throws std::runtime_error with the server's own words.
    // `settings`: further lines of postgresql.conf.
    explicit PostgresServer(const std::string& settings = "");
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;
    ~PostgresServer();  // stops it and removes its folder

    void start();
    void stop();       // fast shutdown: open sessions are cut
    void kill_hard();  // SIGKILL to the server and all its processes
    void pause();      // SIGSTOP to all: a server that is silent but whose kernel still answers
    void resume();

    int port() const { return port_; }
    // The name of a fresh database; `like`: a copy of this one, to which nobody is connected.
    std::string make_database(const std::string& like = "");
    std::string connection(const std::string& database) const;
    // The same through another port (a proxy in between).
    std::string connection(const std::string& database, int port) const;
    // One statement as superuser.
    void sql(const std::string& database, const std::string& statement) const;

private:
    void stop(const std::string& mode) const;  // pg_ctl's words
    int server_pid() const;
    void signal_all(int number) const;

    std::filesystem::path folder_;
    int port_ = 0;
    int databases_ = 0;
};

// The one server a test program shares; started at first use.
PostgresServer& shared_postgres();

}  // namespace citybridge::tests
