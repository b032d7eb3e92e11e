// What it costs to read a busy FreeSWITCH's event socket: CPU of the reading
// thread per event, in reads of the size the plugin host's lanes use, beside a
// bare frame indexer and a bare decoder on the same bytes in the same run.
#include <time.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "bench/esl_readers.h"
#include "bench/program.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "tools/replay/recording.h"

namespace citybridge::bench {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} * 1024;

struct Way {
    const char* name;
    std::unique_ptr<EslReader> (*make)();
};
enum { kIndex, kRead, kDecode, kAll, kWayCount };
constexpr std::array<Way, kWayCount> kWays{{{"bare frame indexer (floor)", make_bare_indexer},
                                            {"values decoded when read", make_value_reader},
                                            {"bare decoder (floor)", make_bare_decoder},
                                            {"all values", make_all_reader}}};

double thread_us() {
    timespec cpu{};
    if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu) != 0)
        throw std::system_error(errno, std::generic_category(), "thread CPU clock");
    return static_cast<double>(cpu.tv_sec) * 1e6 + static_cast<double>(cpu.tv_nsec) / 1e3;
}

double read_all(std::string_view bytes, EslReader& reader) {
    const double before = thread_us();
    for (std::size_t at = 0; at < bytes.size(); at += kReadBytes) reader.take(bytes.substr(at, kReadBytes));
    return thread_us() - before;
}

// A cheap way of reading that loses events or values would look fast.
std::uint64_t check(std::string_view bytes) {
    std::array<EslTally, kWayCount> tallies;
    for (std::size_t way = 0; way < kWayCount; ++way) {
        const auto reader = kWays[way].make();
        read_all(bytes, *reader);
        tallies[way] = reader->tally();
    }
    const auto fail = [](const char* what) { throw std::runtime_error(std::string("not the same work: ") + what); };
    if (tallies[kIndex].events == 0) fail("no event was seen");
    for (const EslTally& tally : tallies)
        if (tally.events != tallies[kIndex].events) fail("events are counted differently");
    if (tallies[kIndex].headers != tallies[kDecode].headers) fail("the floors differ");
    if (!(tallies[kDecode] == tallies[kAll])) fail("decoded values differ");
    return tallies[kIndex].events;
}

void run(const std::string& capture, int rounds, int plays, const std::string& rows) {
    const auto recording = replay::read_file(capture);
    if (!recording) throw std::runtime_error(recording.error().detail);
    const std::uint64_t events = check(*recording);
    std::printf("%llu events of %.0f bytes\n", static_cast<unsigned long long>(events),
                static_cast<double>(recording->size()) / static_cast<double>(events));
    std::array<std::vector<double>, kWayCount> us;
    // The ways take turns, so that what disturbs the machine for longer disturbs all.
    for (int round = 0; round < rounds; ++round) {
        std::array<double, kWayCount> costs{};
        for (int play = 0; play < plays; ++play)
            for (std::size_t way = 0; way < kWayCount; ++way) {
                const auto reader = kWays[way].make();
                costs[way] += read_all(*recording, *reader);
            }
        for (std::size_t way = 0; way < kWayCount; ++way)
            us[way].push_back(costs[way] / static_cast<double>(events) / plays);
    }
    for (std::size_t way = 0; way < kWayCount; ++way)
        std::printf("%-28s %8.3f us of CPU an event   (%6.3f to %6.3f)\n", kWays[way].name, median(us[way]),
                    quantile(us[way], 0), quantile(us[way], 1));
    add_row(rows, {"event socket, values decoded when read", "us/event", median(us[kRead]), median(us[kIndex]), 2.0});
    add_row(rows, {"event socket, all values", "us/event", median(us[kAll]), median(us[kDecode]), 2.0});
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Program program(
        "esl_stream", "CPU an event of FreeSWITCH's event socket costs, beside a bare indexer and decoder");
    std::string capture = CITYBRIDGE_SOURCE_DIR "/tests/wire/captures/freeswitch/busy-head.esl.xz";
    std::string rows;
    int rounds = 9;
    int plays = 5;
    program.app().add_option("--capture", capture, "The busy recording")->capture_default_str();
    program.rounds(rounds, "Rounds; the median counts");
    program.app()
        .add_option("--plays", plays, "Times the recording is read in a round")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    program.rows(rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(capture, rounds, plays, rows); });
}
