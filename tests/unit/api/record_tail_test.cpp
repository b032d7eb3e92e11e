// The end of a growing log. Lines are "<seconds> <text>".
#include "core/api/record_tail.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <charconv>
#include <filesystem>
#include <fstream>

#include "tests/unit/api/timed_line.h"
#include "tools/support/temp_folder.h"

namespace citybridge {
namespace {

namespace fs = std::filesystem;

class RecordTailTest : public testing::Test {
protected:
    void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
    std::string read(std::int64_t back_to, std::size_t* steps = nullptr) {
        RecordTail tail(folder_ / "log", time_of, WallTime(std::chrono::seconds(back_to)));
        std::size_t count = 0;
        for (;;) {
            ++count;
            const auto more = tail.step();
            error_ = more ? "" : more.error().code;
            if (!more || !*more) break;
        }
        if (steps != nullptr) *steps = count;
        return tail.take_text();
    }
    static std::string lines(std::int64_t from, std::int64_t to, std::size_t length = 5) {
        std::string out;
        for (std::int64_t i = from; i < to; ++i) out += std::to_string(i) + ' ' + std::string(length, 'x') + '\n';
        return out;
    }
    TempFolder folder_{"citybridge-tail"};
    std::string error_;
};

TEST_F(RecordTailTest, a_small_file_is_read_whole) {
    write("log", lines(1, 10));
    EXPECT_EQ(read(5), lines(1, 10));
    EXPECT_EQ(error_, "");
    write("log", "");
    EXPECT_EQ(read(5), "");
}

TEST_F(RecordTailTest, a_line_that_is_still_written_is_left_for_the_next_reading) {
    write("log", "1 one\n2 two\n3 thr");
    EXPECT_EQ(read(0), "1 one\n2 two\n");
    write("log", "no end");
    EXPECT_EQ(read(0), "");
}

TEST_F(RecordTailTest, a_huge_file_is_read_from_its_end_in_bounded_steps) {
    write("log", lines(0, 100'000, 50));  // 5.6 MB
    std::size_t steps = 0;
    const std::string text = read(99'000, &steps);
    EXPECT_EQ(steps, 1U);
    EXPECT_LE(text.size(), RecordTail::kStepBytes);
    EXPECT_TRUE(text.ends_with(lines(99'000, 100'000, 50)));
    EXPECT_EQ(text.substr(0, 2), "95") << "it begins with a whole line";
    const std::string more = read(80'000, &steps);
    EXPECT_EQ(steps, 5U);
    EXPECT_TRUE(more.ends_with(lines(80'000, 100'000, 50)));
}

TEST_F(RecordTailTest, lines_without_a_time_do_not_stop_it) {
    write("log", "garbage\n" + lines(1, 3) + "\"torn\n" + lines(3, 5));
    EXPECT_EQ(read(2), "garbage\n" + lines(1, 3) + "\"torn\n" + lines(3, 5));
}

TEST_F(RecordTailTest, what_was_rotated_meanwhile_is_read_as_well) {
    write("log.2", lines(1, 5));
    write("log.1", lines(5, 10));
    write("log.3.gz", "packed");
    write("log", lines(10, 12));
    const auto times = [&](const std::string& name, std::int64_t seconds) {
        fs::last_write_time(folder_ / name, std::chrono::file_clock::from_sys(WallTime(std::chrono::seconds(seconds))));
    };
    times("log.2", 4);
    times("log.1", 9);
    EXPECT_EQ(read(7), lines(5, 12));
    EXPECT_EQ(read(2), lines(1, 12));
    EXPECT_EQ(read(11), lines(10, 12)) << "nothing older was asked for";
}

TEST_F(RecordTailTest, what_cannot_be_read_is_said) {
    read(0);
    EXPECT_EQ(error_, "records.unreadable");
    fs::create_directory(folder_ / "log");
    read(0);
    EXPECT_EQ(error_, "records.unreadable");
}

}  // namespace
}  // namespace citybridge
