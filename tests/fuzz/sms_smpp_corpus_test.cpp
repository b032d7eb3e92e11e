// The fuzzers' entry functions over what a message centre may send and
// deterministic mutations of it, in every build: the libFuzzer programs
// themselves need clang.
#include <gtest/gtest.h>

#include "tests/fuzz/mutants.h"
#include "tests/fuzz/sms_smpp_codec_fuzz.h"
#include "tests/fuzz/sms_smpp_seeds.h"
#include "tests/fuzz/sms_smpp_session_fuzz.h"

namespace citybridge {
namespace {

constexpr int kSmppMutants = 400;  // of each seed

const std::vector<std::string> kSmppPieces{std::string("\x00\x00\x00\x10", 4),
                                           std::string("\x80\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x03", 12),
                                           std::string("\x00\x00\x00\x58", 4),
                                           std::string("\x00\x1E\xFF\xFF", 4),
                                           std::string(1, '\0'),
                                           "\xFF",
                                           "id:",
                                           " stat:"};

void run_smpp(const std::string& input) {
    const auto* const data = reinterpret_cast<const std::uint8_t*>(input.data());
    fuzz_sms_smpp_codec(data, input.size());
    fuzz_sms_smpp_session(data, input.size());
}

TEST(SmppCorpus, WhatACentreMaySendAndItsMutantsKeepThePromises) {
    std::mt19937 random(1);
    for (const std::string& seed : sms_smpp_seeds()) {
        run_smpp(seed);
        for (int i = 0; i < kSmppMutants; ++i) {
            std::string mutant = mutated(seed, kSmppPieces, random);
            mutant[0] = static_cast<char>(random());
            run_smpp(mutant);
        }
    }
}

}  // namespace
}  // namespace citybridge
