#pragma once
// Slows down guessing: after `free_attempts` failures each further attempt has
// to wait twice as long as the one before, up to `longest_wait`. Pure; not
// thread-safe. Keys are "user:..." and "address:...".
#include <cstddef>
#include <map>
#include <string>

#include "core/api/time.h"

namespace citybridge::gateway {

struct ThrottleLimits {
    int free_attempts = 5;
    Millis first_wait{1'000};
    Millis longest_wait{60'000};
    Millis forget_after{15 * 60'000};
    std::size_t max_keys = 10'000;
};

class Throttle {
public:
    explicit Throttle(ThrottleLimits limits = {}) : limits_(limits) {}

    // How long `key` must still wait; zero: may try now.
    Millis wait(const std::string& key, MonoTime now) const;
    // Counts an attempt as failed before its outcome is known, so that many
    // attempts at once do not all pass. success() takes it back.
    void attempt(const std::string& key, MonoTime now);
    void success(const std::string& key) { entries_.erase(key); }
    // Takes back one attempt only: a right password from an address says nothing about the other ones.
    void undo(const std::string& key);
    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        int failures = 0;
        MonoTime last{};
        MonoTime free_at{};
    };
    void make_room(MonoTime now);

    ThrottleLimits limits_;
    std::map<std::string, Entry> entries_;
};

}  // namespace citybridge::gateway
