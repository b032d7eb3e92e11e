#pragma once
// Where the bytes of attachments lie. core/node implements it.
#include <string>

#include "core/api/result.h"

namespace citybridge {

class AttachmentsPort {
public:
    // Largest file, in bytes. Constant.
    virtual std::size_t most_bytes() const = 0;
    // Durable workers. When it returns without an error the bytes are on the disk, synced, under their hash, and stay
    // at least until a row that names them could be committed. Code "attachment.unavailable".
    virtual Result<> keep(const std::string& sha256, const std::string& bytes) = 0;
    // Codes "attachment.unavailable", also for bytes that are not what the hash says.
    virtual Result<std::string> read(const std::string& sha256) = 0;

protected:
    ~AttachmentsPort() = default;
};

}  // namespace citybridge
