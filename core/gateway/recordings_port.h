#pragma once
// What the gateway needs to send recordings. core/node implements it; the
// gateway's tests bring their own.
#include <memory>
#include <optional>
#include <string>

#include "core/api/result.h"
#include "core/gateway/body_source.h"
#include "core/gateway/byte_range.h"

namespace citybridge {

struct RecordingAsk {
    std::string file;  // Recording::file
    bool head = false;
    std::optional<gateway::ByteRange> range{};  // ignored with `head` (RFC 9110 section 14.2)
    std::string if_range{};                     // empty: none
};

struct RecordingAnswer {
    int status = 200;                             // 200, 206, 416
    std::uint64_t size = 0;                       // of the whole recording
    gateway::Slice slice{};                       // with 206: which part
    std::string etag{};                           // empty: none
    std::string last_modified{};                  // an HTTP date; empty: none
    std::shared_ptr<gateway::BodySource> body{};  // none with 416; with `head` only its length counts
};

class RecordingsPort {
public:
    // Media workers. May wait for a disk or another machine, never longer than its own time-outs. Codes:
    // "recording.refused" (not below the recordings' folder), "recording.gone", "recording.unavailable",
    // "recording.busy".
    virtual Result<RecordingAnswer> open(const RecordingAsk& ask) = 0;

protected:
    ~RecordingsPort() = default;
};

}  // namespace citybridge
