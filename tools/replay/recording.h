#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/api/result.h"

namespace citybridge::replay {

enum class Wire {
    asterisk,    // NAME.ami, a manager stream; times in NAME.ami.ts
    freeswitch,  // NAME.esl, an event socket, also an outbound one; times in NAME.idx
};
// By the name's ending, with or without .xz.
std::optional<Wire> wire_of(std::string_view path);
// Where the times of a recording are, .xz or not; `path` without its own .xz.
std::string times_path(const std::string& path);

// A recorded PBX stream, and when each part of it was read.
struct Recording {
    std::string bytes;
    std::string times;  // text of the file of times; empty: there is none
    Wire wire = Wire::asterisk;
};

// The whole file, decompressed if its name ends in .xz. Errors name the file:
// "replay.unreadable", "replay.damaged" (not what .xz promises), "replay.too_large".
Result<std::string> read_file(const std::string& path);

// `path` is a recording, plain or .xz; its times are beside it, plain or .xz. More errors:
// "replay.unreadable" for a name with another ending.
Result<Recording> read_recording(const std::string& path);

}  // namespace citybridge::replay
