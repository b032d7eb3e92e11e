#pragma once
// What was refused, counted and written into the log: the first ten of a code,
// then each time their number has doubled, so that a stranger cannot fill the disk.
#include <bit>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "core/api/plugin.h"

namespace citybridge {

class Refusals {
public:
    explicit Refusals(Host& host) : host_(host) {}

    // Any thread. `text` holds no secret.
    void count(std::string_view code, const std::string& text) {
        const std::uint64_t number = next(code);
        if (number <= 10 || std::has_single_bit(number))
            host_.log(LogLevel::warning, code, text + " (number " + std::to_string(number) + " since the start)");
    }
    std::uint64_t counted(std::string_view code) const {
        const std::lock_guard lock(mutex_);
        const auto found = counts_.find(code);
        return found == counts_.end() ? 0 : found->second;
    }

private:
    std::uint64_t next(std::string_view code) {
        const std::lock_guard lock(mutex_);
        const auto found = counts_.find(code);
        if (found != counts_.end()) return ++found->second;
        return counts_[std::string(code)] = 1;
    }

    Host& host_;
    mutable std::mutex mutex_;
    std::map<std::string, std::uint64_t, std::less<>> counts_;  // guarded by mutex_
};

}  // namespace citybridge
