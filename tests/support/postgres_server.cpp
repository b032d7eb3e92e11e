#include "tests/support/postgres_server.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/free_port.h"

namespace citybridge::tests {

namespace {

const std::string kBin = "/usr/lib/postgresql/15/bin/";

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// As `postgres` when root, because the server refuses root. Output goes to `log`.
void run(std::vector<std::string> words, const std::filesystem::path& log) {
    if (::geteuid() == 0)
        words.insert(words.begin(), {"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"});
    const auto pid = ::fork();
    if (pid == 0) {
        std::vector<char*> arguments;
        arguments.reserve(words.size() + 1);
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        const int out = ::open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0666);
        ::dup2(out, 1);
        ::dup2(out, 2);
        // The server outlives this process's pipes: an inherited one would keep a reader waiting.
        for (int fd = 3; fd < 256; ++fd) ::close(fd);
        if (::chdir("/") != 0) ::_exit(126);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    if (status == 0) return;
    std::string command;
    for (const auto& word : words) command += word + " ";
    throw std::runtime_error(command + "failed:\n" + text_of(log));
}

}  // namespace

PostgresServer::PostgresServer(const std::string& settings) : port_(test::free_port()) {
    auto pattern = (std::filesystem::temp_directory_path() / "citybridge-pg-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder for PostgreSQL");
    folder_ = pattern;
    if (::geteuid() == 0) {
        const auto* user = ::getpwnam("postgres");
        if (!user || ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0)
            throw std::runtime_error("there is no user postgres to run the server as");
    }
    run({kBin + "initdb", "-D", (folder_ / "data").string(), "-U", "citybridge", "--auth=trust", "--no-sync",
         "--encoding=UTF8", "--locale=C"},
        folder_ / "initdb.log");
    std::ofstream(folder_ / "data/postgresql.conf", std::ios::app)
        << "port=" << port_ << "\nlisten_addresses='127.0.0.1'\nunix_socket_directories='" << folder_.string()
        << "'\nshared_buffers=64MB\nmax_connections=40\nlogging_collector=off\nautovacuum_naptime=10s\n"
        << settings << "\n";
    start();
}

PostgresServer::~PostgresServer() {
    try {
        resume();
        // Not "fast": that writes out and syncs every database, and the folder goes away.
        stop("immediate");
    } catch (const std::exception&) {  // it was killed by the test, or never started
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void PostgresServer::start() {
    run({kBin + "pg_ctl", "-D", (folder_ / "data").string(), "-l", (folder_ / "server.log").string(), "-w", "-t", "60",
         "start"},
        folder_ / "pg_ctl.log");
}

void PostgresServer::stop() { stop("fast"); }

void PostgresServer::stop(const std::string& mode) const {
    run({kBin + "pg_ctl", "-D", (folder_ / "data").string(), "-m", mode, "-w", "-t", "60", "stop"},
        folder_ / "pg_ctl.log");
}

int PostgresServer::server_pid() const {
    std::ifstream in(folder_ / "data/postmaster.pid");
    int pid = 0;
    in >> pid;
    return pid;
}

void PostgresServer::signal_all(int number) const {
    const auto pid = server_pid();
    if (pid <= 1) return;
    std::ifstream children("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
    ::kill(pid, number);
    for (int child = 0; children >> child;) ::kill(child, number);
}

void PostgresServer::kill_hard() {
    const auto pid = server_pid();
    signal_all(SIGKILL);
    // Its processes must be gone before the next start: they hold shared memory and the port.
    for (int i = 0; i < 1000 && ::kill(pid, 0) == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

void PostgresServer::pause() { signal_all(SIGSTOP); }
void PostgresServer::resume() { signal_all(SIGCONT); }

std::string PostgresServer::connection(const std::string& database) const { return connection(database, port_); }

std::string PostgresServer::connection(const std::string& database, int port) const {
    return "host=127.0.0.1 port=" + std::to_string(port) + " dbname=" + database +
           " user=citybridge sslmode=disable gssencmode=disable";
}

void PostgresServer::sql(const std::string& database, const std::string& statement) const {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> session(PQconnectdb(connection(database).c_str()), &PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(session.get(), statement.c_str()), &PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error(statement + ": " + PQerrorMessage(session.get()));
}

std::string PostgresServer::make_database(const std::string& like) {
    auto name = "store" + std::to_string(++databases_);
    sql("postgres", "create database " + name + (like.empty() ? "" : " template " + like));
    return name;
}

PostgresServer& shared_postgres() {
    static PostgresServer server;
    return server;
}

}  // namespace citybridge::tests
