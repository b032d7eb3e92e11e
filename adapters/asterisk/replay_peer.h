#pragma once
// The other side of a replay: plays a recorded capture's events to a client and
// answers the client's own actions as a small Asterisk would. Pure: no socket,
// no clock. The capture's banner, responses and list items answered somebody
// else's actions and are dropped.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/time.h"

namespace citybridge::asterisk {

struct RecordedChunk {
    Millis offset{0};              // since the first recorded read
    std::optional<WallTime> wall;  // when the read happened in which the event ends
    std::string bytes;             // one event
};

class ReplayPeer {
public:
    // `times`: text of NAME.ami.ts, `unixtime offset length` a line; empty if
    // there is none. Damaged captures are played as far as they can be read.
    explicit ReplayPeer(std::string_view capture, std::string_view times = {});

    // What is sent when a client connects: the banner.
    std::string on_connected();
    // Takes any split of the client's bytes; returns the answers.
    std::string on_client_bytes(std::string_view bytes);
    bool logged_in() const { return logged_in_; }

    // The next recorded event; nothing at the end. Not before logged_in(), or the client misses it.
    std::optional<RecordedChunk> next();

    std::size_t events() const { return chunks_.size(); }
    bool has_times() const { return has_times_; }
    // When the first read happened, if that is known.
    std::optional<WallTime> begins() const { return begins_; }

private:
    std::string answer(std::string_view action);
    void read_capture(std::string_view capture, std::string_view times);

    std::vector<RecordedChunk> chunks_;
    std::size_t next_chunk_ = 0;
    bool has_times_ = false;
    std::optional<WallTime> begins_;
    bool boots_itself_ = false;  // FullyBooted is among the recorded events
    std::string start_date_ = "2000-01-01";
    std::string start_time_ = "00:00:00";
    bool logged_in_ = false;
    std::string client_bytes_;
};

}  // namespace citybridge::asterisk
