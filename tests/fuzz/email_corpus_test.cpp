// The fuzzers' entry functions over mails and payloads and deterministic
// mutations of them, in every build: the libFuzzer programs themselves need clang.
#include <gtest/gtest.h>

#include "tests/fuzz/email_build_fuzz.h"
#include "tests/fuzz/email_parse_fuzz.h"
#include "tests/fuzz/email_seeds.h"
#include "tests/fuzz/mutants.h"

namespace citybridge {
namespace {

constexpr int kMailMutants = 300;  // of each seed

const std::vector<std::string> kMailPieces{"\r\n",
                                           "\r\n\r\n",
                                           "\n",
                                           "--b1\r\n",
                                           "--b1--",
                                           "=?utf-8?B?",
                                           "?=",
                                           "=?gbk?Q?=C4",
                                           "Content-Type: multipart/mixed; boundary=b1\r\n",
                                           "Content-Type: message/rfc822\r\n",
                                           "Content-Transfer-Encoding: base64\r\n",
                                           "Auto-Submitted: auto-replied\r\n",
                                           "\"",
                                           "\\",
                                           ";",
                                           "*0*=",
                                           std::string(1, '\0'),
                                           "\xFF",
                                           "&#x10FFFF;",
                                           "<!--",
                                           "<script"};

void run_all(const char* fuzzer, int (*one)(const std::uint8_t*, std::size_t)) {
    std::mt19937 random(1);
    for (const std::string& seed : email_seeds(fuzzer)) {
        one(reinterpret_cast<const std::uint8_t*>(seed.data()), seed.size());
        for (int i = 0; i < kMailMutants; ++i) {
            const std::string mutant = mutated(seed, kMailPieces, random);
            one(reinterpret_cast<const std::uint8_t*>(mutant.data()), mutant.size());
        }
    }
}

TEST(EmailCorpus, MailsThatComeInAndTheirMutantsKeepThePromises) { run_all("fuzz_email_parse", fuzz_email_parse); }

TEST(EmailCorpus, MailsThatGoOutKeepThePromises) { run_all("fuzz_email_build", fuzz_email_build); }

}  // namespace
}  // namespace citybridge
