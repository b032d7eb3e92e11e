// The fuzzers' entry functions over recorded event socket traffic and
// deterministic mutations of it, in every build.
#include <gtest/gtest.h>

#include "tests/fuzz/corpus.h"
#include "tests/fuzz/freeswitch_frames_fuzz.h"
#include "tests/fuzz/freeswitch_session_fuzz.h"
#include "tests/fuzz/mutants.h"

namespace citybridge {
namespace {

constexpr int kMutants = 12;  // of each seed

const std::vector<std::string> kPieces{"\n",
                                       "\n\n",
                                       ": ",
                                       "%",
                                       "%00",
                                       "Content-Length: 5\n",
                                       "Content-Length: 99999999999\n",
                                       "Content-Type: command/reply\nReply-Text: +OK\n\n",
                                       "Content-Type: text/event-json\n",
                                       "Content-Type: text/event-xml\n",
                                       "Event-Name: COMMAND\n",
                                       "{\"a\":[\"b\"],",
                                       "<event><headers><a>",
                                       std::string(1, '\0'),
                                       "\xFF"};

TEST(FreeswitchCorpus, RecordedTrafficAndItsMutantsKeepThePromises) {
    std::mt19937 random(1);
    for (const std::string& seed : seeds_of("fuzz_freeswitch_frames")) {
        const auto run = [](const std::string& input) {
            const auto* const data = reinterpret_cast<const std::uint8_t*>(input.data());
            fuzz_freeswitch_frames(data, input.size());
            fuzz_freeswitch_session(data, input.size());
        };
        run(seed);
        for (int i = 0; i < kMutants; ++i) run(mutated(seed, kPieces, random));
    }
}

}  // namespace
}  // namespace citybridge
