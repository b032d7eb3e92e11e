#pragma once
#include <string>

#include "core/api/result.h"

namespace citybridge::replay {

// A recorded PBX stream, and when each part of it was read.
struct Recording {
    std::string bytes;
    std::string times;  // text of NAME.ami.ts: "unixtime offset length" a line; empty: there is none
};

// The whole file, decompressed if its name ends in .xz. Errors name the file:
// "replay.unreadable", "replay.damaged" (not what .xz promises), "replay.too_large".
Result<std::string> read_file(const std::string& path);

// `path` is NAME.ami or NAME.ami.xz; the times are NAME.ami.ts or NAME.ami.ts.xz beside it.
Result<Recording> read_recording(const std::string& path);

}  // namespace citybridge::replay
