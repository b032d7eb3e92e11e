// What it costs to read a busy PBX's manager stream over TCP: user CPU of the
// reading thread per event, up to decoded events and up to call events, beside
// a plain line and field splitter on the same bytes in the same run.
#include <sys/resource.h>
#include <time.h>

#include <array>
#include <cstdio>

#include "bench/ami_readers.h"
#include "bench/ami_sender.h"
#include "bench/pbx_filter.h"
#include "bench/program.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "tools/replay/recording.h"

namespace citybridge::bench {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} * 1024;  // as the plugin host's lanes read

// What the recording holds, counted in its text: callers' channels, agents'
// phones that rang for a queue, and hang-ups of callers.
constexpr std::uint64_t kCalls = 280;
constexpr std::uint64_t kPops = 260;
constexpr std::uint64_t kEndedCalls = 92;

struct Way {
    const char* name;
    std::unique_ptr<AmiReader> (*make)();
};
enum { kReceive, kFloor, kDecode, kCallEvents, kWayCount };
constexpr std::array<Way, kWayCount> kWays{{{"received only", make_receiver},
                                            {"splitter (floor)", make_plain_splitter},
                                            {"decoded events", make_decoder},
                                            {"call events", make_call_reader}}};
constexpr std::size_t kStreams = 2;
constexpr std::array<const char*, kStreams> kStreamNames{"as recorded", "as filtered by the PBX"};

struct Cost {
    double thread_us = 0;   // CPU of this thread, by a clock of nanoseconds
    double sampled_us = 0;  // the user part as getrusage says it

    Cost& operator+=(const Cost& other) {
        thread_us += other.thread_us;
        sampled_us += other.sampled_us;
        return *this;
    }
};

Cost thread_cost() {
    rusage usage{};
    timespec cpu{};
    if (::getrusage(RUSAGE_THREAD, &usage) != 0 || ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu) != 0)
        throw_errno("thread CPU clock");
    return {static_cast<double>(cpu.tv_sec) * 1e6 + static_cast<double>(cpu.tv_nsec) / 1e3,
            static_cast<double>(usage.ru_utime.tv_sec) * 1e6 + static_cast<double>(usage.ru_utime.tv_usec)};
}

Cost read_once(const AmiSender& sender, std::size_t stream, AmiReader& reader) {
    static std::array<char, kReadBytes> buffer;
    const Socket socket = sender.open(stream);
    const Cost before = thread_cost();
    while (const std::size_t size = receive(socket.fd(), buffer.data(), buffer.size()))
        reader.take({buffer.data(), size});
    const Cost after = thread_cost();
    return {after.thread_us - before.thread_us, after.sampled_us - before.sampled_us};
}

// A cheap way of reading that loses events would look fast.
void check(const Tally& plain, const Tally& decoded, const Tally& calls) {
    const auto fail = [](const char* what) { throw std::runtime_error(std::string("not the same work: ") + what); };
    if (plain.events == 0) fail("the splitter saw no event");
    if (!(plain == decoded)) fail("splitter and decoder count differently");
    if (calls.contacts_started != kCalls) fail("calls are missing");
    if (calls.offers_shown != kPops) fail("pops are missing");
    if (calls.contacts_ended != kEndedCalls) fail("ends of calls are missing");
}

// Per event, one value a round. The user part is what a way costs beyond
// receiving the same bytes: kernels that sample user time at every tick tell
// it only to some ten percent in the time a round takes.
struct Measured {
    std::array<std::vector<double>, kWayCount> user_us, thread_us, sampled_us;
    std::uint64_t events = 0;  // in the stream
};

std::uint64_t check_stream(const AmiSender& sender, std::size_t stream) {
    std::array<Tally, kWayCount> tallies;
    for (std::size_t way = 0; way < kWayCount; ++way) {
        const auto reader = kWays[way].make();
        read_once(sender, stream, *reader);
        tallies[way] = reader->tally();
    }
    check(tallies[kFloor], tallies[kDecode], tallies[kCallEvents]);
    std::printf("%s: %llu events; %llu calls, %llu call events\n", kStreamNames[stream],
                static_cast<unsigned long long>(tallies[kFloor].events),
                static_cast<unsigned long long>(tallies[kCallEvents].contacts_started),
                static_cast<unsigned long long>(tallies[kCallEvents].call_events));
    return tallies[kFloor].events;
}

// The ways take turns within a round, so that what disturbs the machine for longer disturbs all.
Measured measure(const AmiSender& sender, std::size_t stream, int rounds, int plays) {
    Measured out;
    out.events = check_stream(sender, stream);
    for (int round = 0; round < rounds; ++round) {
        std::array<Cost, kWayCount> costs;
        for (int play = 0; play < plays; ++play)
            for (std::size_t way = 0; way < kWayCount; ++way) {
                const auto reader = kWays[way].make();
                costs[way] += read_once(sender, stream, *reader);
            }
        const double events = static_cast<double>(out.events) * plays;
        for (std::size_t way = 0; way < kWayCount; ++way) {
            out.user_us[way].push_back((costs[way].thread_us - costs[kReceive].thread_us) / events);
            out.thread_us[way].push_back(costs[way].thread_us / events);
            out.sampled_us[way].push_back(costs[way].sampled_us / events);
        }
    }
    return out;
}

void print(const char* stream, const Measured& measured) {
    std::printf("%-24s %-17s %8s %19s %9s %9s %7s\n", stream, "us of CPU an event", "user", "(least to most)", "thread",
                "getrusage", "ratio");
    for (std::size_t way = 0; way < kWayCount; ++way) {
        const std::vector<double>& user = measured.user_us[way];
        std::printf("%-24s %-18s %8.3f   (%6.3f to %6.3f) %9.3f %9.3f %7.2f\n", "", kWays[way].name, median(user),
                    quantile(user, 0), quantile(user, 1), median(measured.thread_us[way]),
                    median(measured.sampled_us[way]), median(user) / median(measured.user_us[kFloor]));
    }
}

void run(const std::string& capture, int rounds, int plays, const std::string& rows) {
    const auto recorded = replay::read_file(capture);
    if (!recorded) throw std::runtime_error(recorded.error().detail);
    std::string filtered;
    for (const std::string& message : filtered_as_asterisk_does(*recorded)) filtered += message;
    const std::vector<std::string> streams{*recorded, filtered};
    const AmiSender sender(streams);
    for (std::size_t stream = 0; stream < kStreams; ++stream) {
        // The filtered stream is a third of the bytes and a sixth of the events.
        const Measured measured = measure(sender, stream, rounds, stream == 0 ? plays : plays * 3);
        print(kStreamNames[stream], measured);
        // The promise is about the stream as recorded; filtered, only events that matter are left.
        const bool promised = stream == 0;
        const double floor = median(measured.user_us[kFloor]);
        add_row(rows, {std::string("manager stream ") + kStreamNames[stream] + " to decoded events", "us/event",
                       median(measured.user_us[kDecode]), floor, promised ? 2.0 : 0.0});
        add_row(rows, {std::string("manager stream ") + kStreamNames[stream] + " to call events", "us/event",
                       median(measured.user_us[kCallEvents]), floor, promised ? 4.0 : 0.0});
    }
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Program program("ami_stream",
                                       "user CPU an event of the manager stream costs, beside a plain splitter");
    std::string capture = CITYBRIDGE_SOURCE_DIR "/tests/wire/captures/asterisk/20-busy-head.ami.xz";
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
