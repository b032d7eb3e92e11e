#pragma once
// The data folder of attachments: each file under its hash, synced before anybody names it; files that no row names
// are removed after a while.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/gateway/attachments_port.h"
#include "core/store/reader.h"

namespace citybridge {

class AttachmentFiles final : public AttachmentsPort {
public:
    // A file younger than this may belong to a row that is being committed.
    static constexpr std::chrono::minutes kGrace{15};
    static constexpr std::chrono::minutes kSweepEvery{10};

    AttachmentFiles(std::string folder, std::size_t most_bytes) : folder_(std::move(folder)), most_(most_bytes) {}
    ~AttachmentFiles() { stop(); }
    AttachmentFiles(const AttachmentFiles&) = delete;
    AttachmentFiles& operator=(const AttachmentFiles&) = delete;

    std::size_t most_bytes() const override { return most_; }
    Result<> keep(const std::string& sha256, const std::string& bytes) override;
    Result<std::string> read(const std::string& sha256) override;

    // Sweeps from time to time; `readers` outlives stop().
    void start(store::Readers& readers);
    void stop();
    // Removes the files older than `grace` that no row names; how many. Codes "store.*", "attachment.unavailable".
    Result<std::size_t> sweep(store::Readers& readers, std::chrono::seconds grace = kGrace);

private:
    std::string path_of(const std::string& sha256) const;
    bool remove_if_old(const std::string& path, std::chrono::seconds grace);

    const std::string folder_;
    const std::size_t most_;
    std::mutex files_;  // a file is not removed while it is given to somebody again
    std::mutex mutex_;
    std::condition_variable waiting_;
    bool stopping_ = false;  // guarded by mutex_
    std::thread thread_;
};

// All files of one folder that the other does not have yet, synced. Code "attachment.unavailable". No folder: nothing.
Result<std::size_t> copy_attachments(const std::string& from, const std::string& to);

}  // namespace citybridge
