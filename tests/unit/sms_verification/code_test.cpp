#include "plugins/sms_verification/code.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace citybridge::sms_verification {
namespace {

// HMAC-SHA256(key, "6:ver_1xn") by another implementation (Python's hmac module): its first eight bytes modulo 10^6.
TEST(Code, IsTheFirstEightBytesOfTheHmacModuloAMillion) {
    EXPECT_EQ(code_of("0123456789abcdef0123456789abcdef", "ver_1x", "n"), "190389");
    EXPECT_EQ(code_of("0123456789abcdef0123456789abcdef", "ver_2", "abc"), "648239");
}

TEST(Code, IsTheSameEachTimeAndAnotherForAnotherKeyIdOrNonce) {
    const std::string one = code_of("key", "ver_1", "nonce");
    EXPECT_EQ(one, code_of("key", "ver_1", "nonce"));
    std::set<std::string> codes;
    for (int i = 0; i < 50; ++i) {
        codes.insert(code_of("key" + std::to_string(i), "ver_1", "nonce"));
        codes.insert(code_of("key", "ver_1" + std::to_string(i), "nonce"));
        codes.insert(code_of("key", "ver_1", "nonce" + std::to_string(i)));
    }
    EXPECT_GT(codes.size(), 145U);
    EXPECT_NE(code_of("key", "ver_1", "2n"), code_of("key", "ver_12", "n"));
}

// Chi-square over 100 classes and 20,000 codes: 99 degrees of freedom, beyond 180 once in a million.
TEST(Code, EveryCodeIsAsLikelyAsAnother) {
    std::array<int, 100> classes{};
    constexpr int kMany = 20'000;
    for (int i = 0; i < kMany; ++i)
        ++classes[static_cast<std::size_t>(std::stoi(code_of("key", "ver_" + std::to_string(i), "n")) / 10'000)];
    double chi = 0;
    for (const int seen : classes) chi += (seen - kMany / 100.0) * (seen - kMany / 100.0) / (kMany / 100.0);
    EXPECT_LT(chi, 180.0);
}

TEST(Code, IsComparedWholeAndPassesOverBlanks) {
    EXPECT_TRUE(same_code("012345", "012345"));
    EXPECT_TRUE(same_code("012 345", "012345"));
    EXPECT_TRUE(same_code("012-345", "012345"));
    EXPECT_FALSE(same_code("012346", "012345"));
    EXPECT_FALSE(same_code("12345", "012345"));
    EXPECT_FALSE(same_code("0123450", "012345"));
    EXPECT_FALSE(same_code("", "012345"));
    EXPECT_FALSE(same_code(std::string(6, '\0'), "012345"));
}

}  // namespace
}  // namespace citybridge::sms_verification
