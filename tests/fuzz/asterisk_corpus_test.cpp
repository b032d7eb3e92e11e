// The fuzzer's entry function over recorded traffic and deterministic mutations
// of it, in every build: the libFuzzer program itself needs clang.
#include <gtest/gtest.h>

#include <random>

#include "tests/fuzz/asterisk_session_fuzz.h"
#include "tests/wire/capture_file.h"

namespace citybridge {
namespace {

constexpr std::size_t kSeedBytes = 12'000;  // of a capture; longer ones only repeat themselves
constexpr int kMutants = 60;

void run(const std::string& input) {
    fuzz_asterisk_session(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::string mutated(std::string input, std::mt19937& random) {
    static const std::vector<std::string> kPieces{"\r\n",
                                                  "\r\n\r\n",
                                                  "\n",
                                                  ": ",
                                                  "Event: Hangup\r\n",
                                                  "Response: Success\r\n",
                                                  "Event: Shutdown\r\n\r\n",
                                                  std::string(1, '\0'),
                                                  "\xFF",
                                                  "<unknown>"};
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    for (std::size_t edits = 1 + below(8); edits > 0 && input.size() > 2; --edits) {
        const std::size_t at = 1 + below(input.size() - 1);
        switch (below(4)) {
            case 0: input[at] = static_cast<char>(random()); break;
            case 1: input.erase(at, 1 + below(200)); break;
            case 2: input.insert(at, kPieces[below(kPieces.size())]); break;
            default: input.insert(at, input.substr(1 + below(input.size() - 1), below(500))); break;
        }
    }
    return input;
}

TEST(AsteriskCorpus, RecordedTrafficAndItsMutantsKeepTheSessionsPromises) {
    for (const auto* name :
         {"01a-login-ok", "01b-login-wrong", "02-inbound-queue-hold", "05b-abandon-ringing", "07-pause-unpause",
          "08b-originate-fail", "13-hangup", "14-lists-admin", "18a-chinese-names", "25c-connect-while-booting"}) {
        const std::string bytes = capture("asterisk/" + std::string(name) + ".ami");
        for (const std::size_t from : {std::size_t{0}, bytes.size() / 2}) {
            std::mt19937 random(static_cast<unsigned>(from));
            for (const char head : {'\x00', '\x01', '\x7F', '\xFF'}) run(head + bytes.substr(from, kSeedBytes));
            for (int i = 0; i < kMutants; ++i) {
                const auto head = static_cast<char>(random() | 0x10U);
                run(mutated(head + bytes.substr(from, kSeedBytes), random));
            }
        }
    }
}

}  // namespace
}  // namespace citybridge
