#pragma once
// The end of a log that another program appends to, back to a moment: read in
// small steps from the end, because such files are huge. What was rotated away
// meanwhile (file.1, file.2026-11-21) is read as well. Not thread-safe.
#include <cstddef>
#include <cstdio>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/result.h"
#include "core/api/time.h"

namespace citybridge {

class RecordTail {
public:
    // When a line was written; nothing if it does not say.
    using TimeOf = std::function<std::optional<WallTime>(std::string_view line)>;

    RecordTail(std::string path, TimeOf time_of, WallTime back_to);

    // Reads at most kStepBytes. True: there is more to read. Codes: "records.unreadable", and
    // "records.too_long": only the newest kMostBytes were read, lines() has those.
    Result<bool> step();
    // Whole lines only, in the file's order; a line that is still being written comes with the next reading.
    std::string take_text();

    static constexpr std::size_t kStepBytes = 256 << 10;
    static constexpr std::size_t kMostBytes = 64 << 20;

private:
    using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

    Result<> open(const std::string& path);
    Result<bool> file_done();
    void look_for_rotated();
    bool reaches_back() const;

    const std::string path_;
    const TimeOf time_of_;
    const WallTime back_to_;
    bool started_ = false;
    File file_{nullptr, &std::fclose};
    std::size_t left_ = 0;            // bytes of the file before what was read
    std::deque<std::string> blocks_;  // of the file being read
    std::deque<std::string> texts_;   // of files read whole, the oldest first
    std::size_t bytes_ = 0;
    std::vector<std::string> rotated_;  // the newest last
};

}  // namespace citybridge
