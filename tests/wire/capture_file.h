#pragma once
// Recorded PBX traffic for tests: plain or .xz files under tests/wire/captures.
// A capture NAME.ami may have a NAME.ami.ts beside it that says when each read
// happened, `unixtime offset length` a line; NAME.esl a NAME.idx.
#include <optional>
#include <string>
#include <string_view>

namespace citybridge {

// The whole file, decompressed when its name ends in .xz.
// Throws std::runtime_error that names the file when it cannot be read.
std::string read_capture(const std::string& path);

// `name` without .xz, such as "asterisk/03-inbound-ringall-pjsip.ami": the plain
// file under tests/wire/captures or its .xz, whichever exists.
std::string capture(std::string_view name);

// The times of the same capture; nothing if it has none.
std::optional<std::string> capture_times(std::string_view name);

}  // namespace citybridge
