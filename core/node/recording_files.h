#pragma once
// Recordings on a mounted folder. The name of a file comes from the PBX, whose
// users may choose parts of it: nothing outside of the folder is ever opened.
#include <string>
#include <string_view>

#include "core/gateway/recordings_port.h"

namespace citybridge {

// `file` as the PBX named it -> its path below the recording folder, without leading '/' and without "." and "..".
// Code "recording.refused".
Result<std::string> path_below(std::string_view file, std::string_view pbx_folder);

// Opens mount/path, following symbolic links only as long as they stay below
// `mount`. The answer's body reads the file as it was when opened: what is
// added later is not sent, and if it was cut the body ends with an error.
Result<RecordingAnswer> open_recording_file(const std::string& mount, const std::string& path, const RecordingAsk& ask);

}  // namespace citybridge
