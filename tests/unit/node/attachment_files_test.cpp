// P1 for files: what keep() says is kept has been synced, the names that lead to it too.
#include "core/node/attachment_files.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "core/gateway/crypto.h"

namespace {

std::set<std::string>* synced = nullptr;  // what fsync() was asked for while a test listens

}  // namespace

// Stands before the C library's for this program: notes what is synced, and syncs it.
extern "C" __attribute__((visibility("default"))) int fsync(int fd) {
    static const auto real = reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, "fsync"));
    std::error_code problem;
    const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), problem);
    if (synced != nullptr) synced->insert(path.string());
    return real(fd);
}

namespace citybridge::test {
namespace {

namespace fs = std::filesystem;

class AttachmentFilesTest : public ::testing::Test {
protected:
    AttachmentFilesTest() {
        std::string name = (fs::temp_directory_path() / "citybridge-files-XXXXXX").string();
        data_ = ::mkdtemp(name.data());
        synced = &synced_;
    }
    ~AttachmentFilesTest() override {
        synced = nullptr;
        fs::remove_all(data_);
    }
    bool names_synced() const {
        return synced_.contains(data_) && synced_.contains(data_ + "/files") &&
               synced_.contains(data_ + "/files/" + hash_.substr(0, 2));
    }
    bool bytes_synced() const {
        const std::string partial = data_ + "/files/" + hash_.substr(0, 2) + "/" + hash_ + ".";
        const auto it = synced_.lower_bound(partial);
        return it != synced_.end() && it->starts_with(partial);
    }

    const std::string bytes_ = "%PDF-1.4 a contract";
    const std::string hash_ = gateway::sha256_hex(bytes_);
    std::string data_;
    std::set<std::string> synced_;
};

TEST_F(AttachmentFilesTest, the_first_file_is_synced_with_every_folder_made_for_it) {
    AttachmentFiles files(data_ + "/files", 1'000);
    ASSERT_TRUE(files.keep(hash_, bytes_));
    EXPECT_TRUE(bytes_synced());
    EXPECT_TRUE(names_synced());
    EXPECT_EQ(*files.read(hash_), bytes_);
}

TEST_F(AttachmentFilesTest, the_same_bytes_again_are_kept_only_when_their_names_are_synced) {
    AttachmentFiles files(data_ + "/files", 1'000);
    ASSERT_TRUE(files.keep(hash_, bytes_));
    synced_.clear();  // as if another were between his renaming and his syncing
    ASSERT_TRUE(files.keep(hash_, bytes_));
    EXPECT_TRUE(names_synced());
}

TEST_F(AttachmentFilesTest, a_damaged_file_is_told_and_not_shown) {
    AttachmentFiles files(data_ + "/files", 1'000);
    ASSERT_TRUE(files.keep(hash_, bytes_));
    fs::resize_file(data_ + "/files/" + hash_.substr(0, 2) + "/" + hash_, 5);
    EXPECT_EQ(files.read(hash_).error().code, "attachment.unavailable");
}

}  // namespace
}  // namespace citybridge::test
