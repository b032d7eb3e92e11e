// The fuzzers' entry functions over recorded manager traffic and deterministic
// mutations of it, in every build: the libFuzzer programs themselves need clang.
#include <gtest/gtest.h>

#include "tests/fuzz/asterisk_frames_fuzz.h"
#include "tests/fuzz/asterisk_session_fuzz.h"
#include "tests/fuzz/corpus.h"
#include "tests/fuzz/mutants.h"

namespace citybridge {
namespace {

constexpr int kMutants = 15;  // of each seed

const std::vector<std::string> kPieces{"\r\n",
                                       "\r\n\r\n",
                                       "\n",
                                       ": ",
                                       "Event: Hangup\r\n",
                                       "Response: Success\r\n",
                                       "Event: Shutdown\r\n\r\n",
                                       std::string(1, '\0'),
                                       "\xFF",
                                       "<unknown>"};

void run(const std::string& input) {
    const auto* const data = reinterpret_cast<const std::uint8_t*>(input.data());
    fuzz_asterisk_session(data, input.size());
    fuzz_asterisk_frames(data, input.size());
}

TEST(AsteriskCorpus, RecordedTrafficAndItsMutantsKeepThePromises) {
    std::mt19937 random(1);
    for (const std::string& seed : seeds_of("fuzz_asterisk_session")) {
        run(seed);
        for (int i = 0; i < kMutants; ++i) {
            std::string mutant = mutated(seed, kPieces, random);
            mutant[0] = static_cast<char>(random() | 0x10U);
            run(mutant);
        }
    }
}

}  // namespace
}  // namespace citybridge
