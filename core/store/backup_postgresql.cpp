#include "core/store/backup_postgresql.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <thread>

#include "core/store/connection_string.h"
#include "core/store/faults.h"
#include "core/store/generation.h"
#include "core/store/migrations.h"
#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

constexpr const char* kDebianFolder = "/usr/lib/postgresql/15/bin/";

// A password in the arguments would be seen by everyone on the machine.
struct Login {
    std::string without_password, password;
};

Login split(const StoreSettings& settings) {
    Login login;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(postgresql_connection(settings).c_str(), nullptr), &PQconninfoFree);
    for (const auto* option = options.get(); option && option->keyword; ++option) {
        if (!option->val) continue;
        if (std::string_view(option->keyword) == "password")
            login.password = option->val;
        else
            login.without_password += std::string(option->keyword) + "=" + conninfo_quoted(option->val) + " ";
    }
    return login;
}

// What the program wrote to its error output; throws with it when it failed.
void run_program(const std::string& name, std::vector<std::string> words, const std::string& password) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Damaged("no pipe for " + name);
    const auto debian = kDebianFolder + name;
    std::vector<char*> arguments{const_cast<char*>(name.c_str())};
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const auto pid = ::fork();
    if (pid == 0) {
        ::dup2(ends[1], 2);
        if (!password.empty()) ::setenv("PGPASSWORD", password.c_str(), 1);
        ::execvp(name.c_str(), arguments.data());
        ::execv(debian.c_str(), arguments.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    std::string said;
    std::array<char, 4096> buffer{};
    for (ssize_t size; (size = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        if (said.size() < 4096) said.append(buffer.data(), static_cast<std::size_t>(size));
    ::close(ends[0]);
    int status = 0;
    if (pid < 0 || ::waitpid(pid, &status, 0) != pid) throw Damaged(name + " could not be started");
    if (status == 0) return;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) throw Damaged(name + " is not installed");
    throw Damaged(name + ": " + said);
}

std::vector<std::string> tables_of(Connection& connection) {
    Query list(connection.database());
    list << "select quote_ident(table_schema)||'.'||quote_ident(table_name) from information_schema.tables "
            "where table_schema=current_schema() and table_type='BASE TABLE' order by 1";
    return read_texts(connection, list);
}

}  // namespace

Result<> backup_postgresql(const StoreSettings& settings, const std::string& target) {
    if (std::filesystem::exists(target))
        return Error{"store.backup_failed", target + " exists already; name a new file"};
    const auto partial = target + ".partial";
    try {
        Connection connection(settings, Access::read);
        if (schema_version(connection) == 0) throw Damaged("the database holds no store");
        const auto login = split(settings);
        std::vector<std::string> words{"--format=custom", "--no-owner", "--no-privileges", "--file=" + partial};
        for (const auto& table : tables_of(connection)) words.push_back("--table=" + table);
        words.push_back("--dbname=" + login.without_password);
        run_program("pg_dump", words, login.password);
        std::filesystem::rename(partial, target);
        return ok();
    } catch (const std::exception& fault) {
        std::error_code ignored;
        std::filesystem::remove(partial, ignored);
        return Error{"store.backup_failed", error_of(fault, settings.database).detail};
    }
}

Result<> restore_postgresql(const StoreSettings& settings, const std::string& source) {
    if (!std::filesystem::exists(source)) return Error{"store.restore_failed", "there is no file " + source};
    try {
        Connection connection(settings, Access::write);
        const auto others = [&] {
            return connection.one_number(
                "select count(*) from pg_stat_activity where datname=current_database() and pid<>pg_backend_pid() "
                "and application_name='citybridge'");
        };
        // Sessions of a node that has just stopped end on the server a moment later.
        for (int wait = 0; wait < 20 && others() > 0; ++wait) std::this_thread::sleep_for(Millis{100});
        if (others() > 0) return Error{"store.in_use", "a node is connected to the database; stop it first"};
        const auto before = schema_version(connection) > 0 ? read_generation(connection) : 0;
        const auto login = split(settings);
        run_program("pg_restore",
                    {"--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
                     "--exit-on-error", "--dbname=" + login.without_password, source},
                    login.password);
        raise_generation(connection, before);
        return ok();
    } catch (const std::exception& fault) {
        return Error{"store.restore_failed", error_of(fault, settings.database).detail};
    }
}

}  // namespace citybridge::store
