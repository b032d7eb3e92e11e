#pragma once
// The node's way to recordings: a mounted folder or an HTTP server (<recordings>).
#include <atomic>
#include <memory>

#include "core/node/recording_fetch.h"
#include "core/node/recordings_settings.h"

namespace citybridge {

class Recordings final : public RecordingsPort {
public:
    // `config` has a mount or a url.
    explicit Recordings(RecordingsConfig config);
    Result<RecordingAnswer> open(const RecordingAsk& ask) override;

private:
    const RecordingsConfig config_;
    const RecordingServer server_;
    // Shared with the bodies under way, which may outlive this object.
    std::shared_ptr<std::atomic<std::int64_t>> under_way_ = std::make_shared<std::atomic<std::int64_t>>(0);
};

}  // namespace citybridge
