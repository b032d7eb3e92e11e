#include "tools/demo/terminal_text.h"

#include <gtest/gtest.h>

namespace citybridge::demo {
namespace {

TEST(Fit, FillsAndCutsByCellsOfTheTerminal) {
    EXPECT_EQ(fit("abc", 5), "abc  ");
    EXPECT_EQ(fit("abcdef", 3), "abc");
    EXPECT_EQ(fit("陈女士", 6), "陈女士");
    EXPECT_EQ(fit("é", 2), "é ");
}

TEST(Fit, NeverCutsACharacterInTwo) {
    EXPECT_EQ(fit("陈女士", 5), "陈女 ");
    EXPECT_EQ(fit("😀客户", 3), "😀 ");
}

TEST(Fit, LetsNoControlCharacterReachTheTerminal) { EXPECT_EQ(fit("a\x1b[2J", 3), "a ["); }

}  // namespace
}  // namespace citybridge::demo
