#include "tests/fuzz/corpus.h"

#include <array>

#include "tests/fuzz/email_seeds.h"
#include "tests/fuzz/sms_smpp_seeds.h"
#include "tests/wire/capture_file.h"

namespace citybridge {
namespace {

// A fuzzer is slow on long inputs, and longer ones only repeat themselves.
constexpr std::size_t kSeedBytes = 12'000;
constexpr std::string_view kFirstBytes("\x00\x01\x02\x03\x7F\xFD\xFE\xFF", 8);

constexpr std::array kAsterisk{"01a-login-ok",
                               "01b-login-wrong",
                               "02-inbound-queue-hold",
                               "05b-abandon-ringing",
                               "07-pause-unpause",
                               "08b-originate-fail",
                               "13-hangup",
                               "14-lists-admin",
                               "18a-chinese-names",
                               "25c-connect-while-booting"};
constexpr std::array kFreeswitch{"auth",       "auth-2",   "agent_status",   "click2dial_fail", "commands",   "filters",
                                 "queue_rona", "json_all", "outbound_async", "transfer_blind",  "utf8_names", "kill"};

}  // namespace

std::vector<std::string> corpus_of(const std::string& name, std::string_view first_bytes, std::size_t piece_bytes) {
    const std::string bytes = capture(name);
    std::vector<std::string> out;
    for (const std::size_t from : {std::size_t{0}, bytes.size() / 2}) {
        for (const char first : first_bytes) out.push_back(first + bytes.substr(from, piece_bytes));
    }
    return out;
}

std::vector<std::string> seeds_of(std::string_view fuzzer) {
    if (fuzzer.starts_with("fuzz_email")) return email_seeds(fuzzer);
    if (fuzzer.starts_with("fuzz_sms_smpp")) return sms_smpp_seeds();
    std::vector<std::string> out;
    const auto add = [&out](const std::string& name) {
        for (std::string& seed : corpus_of(name, kFirstBytes, kSeedBytes)) out.push_back(std::move(seed));
    };
    if (fuzzer.starts_with("fuzz_asterisk")) {
        for (const char* name : kAsterisk) add("asterisk/" + std::string(name) + ".ami");
    } else {
        for (const char* name : kFreeswitch) add("freeswitch/" + std::string(name) + ".esl");
    }
    return out;
}

}  // namespace citybridge
