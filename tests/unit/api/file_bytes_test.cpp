#include "core/api/file_bytes.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tools/support/temp_folder.h"

namespace citybridge {
namespace {

TEST(FileBytes, AreTheWholeFileWhateverIsInIt) {
    const TempFolder folder("citybridge-bytes");
    for (const std::size_t size : {0UL, 1UL, 65'536UL, 200'001UL}) {
        std::string wanted(size, 'x');
        for (std::size_t i = 0; i < size; ++i) wanted[i] = static_cast<char>(i * 7);
        std::ofstream(folder / "file", std::ios::binary) << wanted;
        EXPECT_EQ(file_bytes(folder / "file"), wanted) << size;
    }
}

TEST(FileBytes, AreNothingWhereNothingCanBeRead) {
    const TempFolder folder("citybridge-bytes");
    EXPECT_EQ(file_bytes(folder / "missing"), std::nullopt);
    EXPECT_EQ(file_bytes(folder.path()), std::nullopt) << "a folder opens, but cannot be read";
}

}  // namespace
}  // namespace citybridge
