#pragma once
// A SQLite VFS that loses what was not synced, as a power cut does. What SQLite
// writes is seen by all its connections at once, but reaches the real file only
// with xSync; cut_power() drops the rest. The same happens when the process is
// killed: what lies in its memory was never on the disk.
#include <cstdint>
#include <memory>
#include <string>

namespace citybridge::tests {

class PowerCutVfs {
public:
    // Registered under `name` until it is destroyed; usable as StoreSettings::vfs by this process.
    explicit PowerCutVfs(std::string name);
    PowerCutVfs(const PowerCutVfs&) = delete;
    PowerCutVfs& operator=(const PowerCutVfs&) = delete;
    // Precondition: no connection uses it any more.
    ~PowerCutVfs();

    const std::string& name() const;

    // From the n-th write, sync, truncation or deletion from now on, every operation fails with an I/O error, like the
    // last instant of a machine. 0: at once; negative: never.
    void fail_after(std::int64_t operations);
    bool failed() const;
    std::int64_t operations() const;  // counted since it was made

    // Precondition: all connections are closed. Forgets what was not synced: writes, truncations, deletions. A disk
    // promises no order between two syncs, so that `seed` chooses what survives: nothing, a beginning, or any part.
    // Files can be used again afterwards.
    void cut_power(std::uint64_t seed);

    // Writes are refused like on a full disk once this many bytes were written from now on; negative: never.
    void full_after(std::int64_t bytes);

    struct State;  // of the implementation

private:
    std::unique_ptr<State> state_;
};

}  // namespace citybridge::tests
