// The store in trouble under a whole node: callers are told the truth, calls and
// pops go on, and afterwards everything is there once and delivered once.
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>

#include "tests/crash/power_cut_vfs.h"
#include "tests/crash/troubled_node.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/postgres_server.h"

namespace citybridge::crash {
namespace {

using store::CuttingProxy;
using store::Database;

class StoreTrouble : public TroubledNode {
protected:
    store::StoreSettings sqlite() const {
        store::StoreSettings settings;
        settings.path = folder_ / "node.db";
        settings.busy_timeout = Millis{500};
        return settings;
    }
    static store::StoreSettings postgresql(const std::string& connection) {
        store::StoreSettings settings;
        settings.database = Database::postgresql;
        settings.connection = connection;
        settings.busy_timeout = Millis{500};
        return settings;
    }
};

// The node's settings name no VFS; SQLite takes the default one.
class DefaultVfs {
public:
    explicit DefaultVfs(const std::string& name) : before_(sqlite3_vfs_find(nullptr)) {
        sqlite3_vfs_register(sqlite3_vfs_find(name.c_str()), 1);
    }
    ~DefaultVfs() { sqlite3_vfs_register(before_, 1); }
    DefaultVfs(const DefaultVfs&) = delete;
    DefaultVfs& operator=(const DefaultVfs&) = delete;

private:
    sqlite3_vfs* const before_;
};

TEST_F(StoreTrouble, ADiskThatIsFullForAWhile) {
    tests::PowerCutVfs disk("full-disk");
    const DefaultVfs everywhere(disk.name());
    begin(sqlite());
    if (HasFatalFailure()) return;
    for (int i = 0; i < 3; ++i) {
        disk.full_after(20'000);
        work_for(Millis{500});
        expect_calls_go_on();
        disk.full_after(-1);
        expect_work();
    }
    const Told told = end();
    EXPECT_TRUE(told.codes.contains("store.full"));
    EXPECT_FALSE(told.codes.contains("store.unavailable")) << "whoever looks for the cause is led astray";
    TearDown();  // before its disk goes
}

// python3 is another process that holds SQLite's write lock until its input ends.
class OtherWriter {
public:
    explicit OtherWriter(const std::string& path)
        : pipe_(::popen(("python3 -c \"import sqlite3,sys\n"
                         "db=sqlite3.connect('" +
                         path +
                         "',timeout=20,isolation_level=None)\n"
                         "db.execute('begin immediate')\n"
                         "open('" +
                         path +
                         ".taken','w').close()\n"
                         "sys.stdin.read()\"")
                            .c_str(),
                        "we")) {}
    ~OtherWriter() {
        if (pipe_ != nullptr) ::pclose(pipe_);
    }
    OtherWriter(const OtherWriter&) = delete;
    OtherWriter& operator=(const OtherWriter&) = delete;

private:
    std::FILE* const pipe_;
};

TEST_F(StoreTrouble, AnotherProcessHoldsTheLock) {
    begin(sqlite());
    if (HasFatalFailure()) return;
    {
        const OtherWriter other(options_.store.path);
        ASSERT_TRUE(wait_until(Millis{20'000}, [&] { return std::ifstream(options_.store.path + ".taken").good(); }));
        work_for(Millis{1'500});
        expect_calls_go_on();
    }
    const Told told = end();
    EXPECT_TRUE(told.codes.contains("store.locked"));
    EXPECT_FALSE(told.codes.contains("store.unavailable")) << "whoever looks for the cause is led astray";
}

TEST_F(StoreTrouble, TheAnswerToCommitIsLostOrCommitNeverArrives) {
    auto& server = tests::shared_postgres();
    CuttingProxy proxy(server.port());
    begin(postgresql(server.connection(server.make_database(), proxy.port())));
    if (HasFatalFailure()) return;
    for (int i = 0; i < 6; ++i) {
        proxy.cut(i % 2 == 0 ? CuttingProxy::Cut::after_commit : CuttingProxy::Cut::before_commit);
        ASSERT_TRUE(wait_until(Millis{20'000}, [&] { return proxy.cuts() == i + 1; }));
        expect_work();
    }
    expect_calls_go_on();
    end();
    TearDown();  // before the proxy goes
}

TEST_F(StoreTrouble, PostgreSqlIsKilledAndComesBack) {
    tests::PostgresServer server;
    begin(postgresql(server.connection(server.make_database())));
    if (HasFatalFailure()) return;
    for (int i = 0; i < 2; ++i) {
        server.kill_hard();
        work_for(Millis{500});
        expect_calls_go_on();
        server.start();
        expect_work();
    }
    const Told told = end();
    EXPECT_GT(told.unavailable + told.unknown, 0U);
    TearDown();
}

TEST_F(StoreTrouble, PostgreSqlIsSilentForLongerThanEveryTimeOut) {
    tests::PostgresServer server;
    begin(postgresql(server.connection(server.make_database())));
    if (HasFatalFailure()) return;
    server.pause();
    work_for(Millis{2'500});
    expect_calls_go_on();
    work_for(Millis{14'000});  // callers wait 15 s at most
    server.resume();
    const Told told = end();
    EXPECT_GT(told.unavailable + told.unknown, 0U);
    TearDown();
}

// A file system of 160 MB for a server's data, if this process may make one.
class SmallDisk {
public:
    explicit SmallDisk(const std::string& path) : path_(path) {
        ::mkdir(path.c_str(), 0755);
        mounted_ = ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=160m,mode=0777") == 0;
    }
    ~SmallDisk() {
        if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    bool mounted() const { return mounted_; }
    // Takes all that is left.
    void fill() const {
        std::ofstream file(path_ + "/filler");
        const std::string block(1 << 16, 'x');
        while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
        }
    }
    void free() const { ::unlink((path_ + "/filler").c_str()); }

private:
    const std::string path_;
    bool mounted_ = false;
};

TEST_F(StoreTrouble, TheDiskOfPostgreSqlIsFullForAWhile) {
    const SmallDisk disk(folder_ / "disk");
    if (!disk.mounted()) GTEST_SKIP() << "only root may make a small file system";
    ::chmod(folder_.path().c_str(), 0755);
    const char* before = ::getenv("TMPDIR");
    const std::string kept = before == nullptr ? "" : before;
    ::setenv("TMPDIR", (folder_ / "disk").c_str(), 1);
    // Small segments, so that a new one is soon wanted.
    auto server = std::make_unique<tests::PostgresServer>("max_wal_size=32MB\nmin_wal_size=32MB\nwal_recycle=off");
    kept.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", kept.c_str(), 1);
    begin(postgresql(server->connection(server->make_database())));
    if (HasFatalFailure()) return;
    disk.fill();
    work_for(Millis{3'000});
    expect_calls_go_on();
    disk.free();
    // A server that could not write its log has ended itself; whoever runs it starts it again.
    try {
        server->sql("postgres", "select 1");
    } catch (const std::exception&) {
        server->start();
    }
    end();
    TearDown();
}

}  // namespace
}  // namespace citybridge::crash
