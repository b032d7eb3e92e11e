#pragma once
// Recordings fetched from an HTTP server, passed on piece by piece.
#include <string>

#include "core/gateway/recordings_port.h"

namespace citybridge {

struct RecordingServer {
    std::string url;  // of the folder
    std::string user;
    std::string password;
    std::string ca_file;     // empty: the system's
    Millis timeout{10'000};  // for connecting, for the answer's head, and between two pieces
};

// Waits for the head of the server's answer. Whatever the client's speed, at
// most kFetchedBytes of a body are held; the server is made to wait.
Result<RecordingAnswer> fetch_recording(const RecordingServer& server, const std::string& path,
                                        const RecordingAsk& ask);

inline constexpr std::size_t kFetchedBytes = 128 << 10;

}  // namespace citybridge
