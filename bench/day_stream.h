#pragma once
// The calls that begin and end within a recorded busy minute, to be repeated
// for a whole day: every repetition has other channels, times and agents.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/time.h"
#include "tools/replay/ends.h"

namespace citybridge::bench {

class DayStream {
public:
    // `agents`: at least so many take turns. Throws std::runtime_error: no call is whole
    // in the recording, or it has too few agents.
    DayStream(const replay::Recording& recording, std::size_t agents);

    std::size_t channels() const { return channels_; }  // of one repetition
    std::size_t events() const { return pieces_.size(); }
    std::size_t agents() const { return agents_ * variants_; }  // of all repetitions
    Millis length() const;
    Millis offset(std::size_t event) const { return pieces_.at(event).offset; }
    // An event as it would be said in repetition `round`, which begins `later` than the first.
    std::string event(std::size_t event, std::uint64_t round, Millis later) const;

private:
    enum class Change { seconds, micros, hex, agent };
    struct Spot {
        std::size_t at;
        Change change;
        std::size_t agent = 0;  // which one of the recording
    };
    struct Piece {
        Millis offset{0};
        std::string bytes;
        std::vector<Spot> spots;
    };
    void find_spots(Piece& piece) const;

    replay::Wire wire_;
    std::vector<Piece> pieces_;
    std::size_t channels_ = 0;
    std::size_t agents_ = 0;    // of one repetition
    std::size_t variants_ = 1;  // so many repetitions have others
};

}  // namespace citybridge::bench
