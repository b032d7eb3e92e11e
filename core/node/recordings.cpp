#include "core/node/recordings.h"

#include "core/node/recording_files.h"

namespace citybridge {
namespace {

// One of the recordings that may be sent at once.
class Place {
public:
    explicit Place(std::shared_ptr<std::atomic<std::int64_t>> taken) : taken_(std::move(taken)) { ++*taken_; }
    ~Place() {
        if (taken_) --*taken_;
    }
    Place(Place&&) = default;
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    Place& operator=(Place&&) = delete;
    std::int64_t number() const { return *taken_; }

private:
    std::shared_ptr<std::atomic<std::int64_t>> taken_;
};

class PlacedBody final : public gateway::BodySource {
public:
    PlacedBody(Place place, std::shared_ptr<gateway::BodySource> body)
        : place_(std::move(place)), body_(std::move(body)) {}
    std::uint64_t length() const override { return body_->length(); }
    Result<std::string> read(std::size_t most) override { return body_->read(most); }

private:
    const Place place_;
    const std::shared_ptr<gateway::BodySource> body_;
};

RecordingServer server_of(const RecordingsConfig& config) {
    return {config.url, config.user, config.password, config.ca_file, Millis(config.timeout_ms)};
}

}  // namespace

Recordings::Recordings(RecordingsConfig config) : config_(std::move(config)), server_(server_of(config_)) {}

Result<RecordingAnswer> Recordings::open(const RecordingAsk& ask) {
    const auto path = path_below(ask.file, config_.pbx_folder);
    if (!path) return path.error();
    Place place(under_way_);
    if (place.number() > config_.max_at_once)
        return Error{"recording.busy", "Too many recordings are being sent; try again in a moment."};
    auto answer =
        config_.mount.empty() ? fetch_recording(server_, *path, ask) : open_recording_file(config_.mount, *path, ask);
    if (answer && answer->body) answer->body = std::make_shared<PlacedBody>(std::move(place), std::move(answer->body));
    return answer;
}

}  // namespace citybridge
