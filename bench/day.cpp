// A day of a thousand agents through the adapter and the call book on recorded
// time: the calls that are whole in the busy recordings, over and over, each
// time with other ids, times and agents. Does the memory stay what it was?
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <set>
#include <stdexcept>

#include "bench/day_stream.h"
#include "bench/program.h"
#include "bench/rows.h"
#include "tools/replay/timed_book.h"

namespace citybridge::bench {
namespace {

constexpr std::chrono::hours kDay{8};  // of work
constexpr std::size_t kReports = 8;
constexpr std::size_t kAgents = 1'000;

double resident_mib() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    file >> all >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

class Day {
public:
    explicit Day(const replay::Recording& recording)
        : stream_(recording, kAgents),
          peer_(replay::make_peer({{}, {}, recording.wire})),
          book_(*peer_, recording.wire, {.city = "bench", .pbx = "pbx1"},
                [this](const auto& events) { count(events); }),
          begins_(replay::make_peer(recording)->begins().value()) {}

    void run(const std::string& name, std::size_t calls, const std::string& rows) {
        // A queue call has two channels.
        const std::size_t rounds = std::max<std::size_t>(kReports, calls * 2 / stream_.channels());
        const Millis period =
            std::max(stream_.length() + Millis{1'000}, Millis(kDay) / static_cast<Millis::rep>(rounds));
        book_.connect(begins_);
        std::printf("%s: %zu events of %zu channels, %zu times, %zu agents by turns\n", name.c_str(), stream_.events(),
                    stream_.channels(), rounds, stream_.agents());
        double after_first = 0;
        for (std::size_t round = 0; round < rounds; ++round) {
            play(round, period * static_cast<Millis::rep>(round));
            if ((round + 1) % (rounds / kReports) != 0) continue;
            // Ids of one day are alike; what the first eighth left behind is what a day needs.
            if (after_first == 0) after_first = resident_mib();
            std::printf("  %6.2f h  %8zu contacts, %zu ended, %4zu agents  %8.1f MiB\n",
                        std::chrono::duration<double, std::ratio<3'600>>(last_ - begins_).count(), started_, ended_,
                        agents_.size(), resident_mib());
        }
        if (started_ == 0 || started_ != ended_)
            throw std::runtime_error(std::to_string(started_) + " contacts, but " + std::to_string(ended_) + " ended");
        add_row(rows, {"a day of 1000 agents, " + name + ": memory at its end beside after an eighth of it", "MiB",
                       resident_mib(), after_first, 1.05});
    }

private:
    void play(std::size_t round, Millis later) {
        for (std::size_t i = 0; i < stream_.events(); ++i) {
            const Millis offset = later + stream_.offset(i);
            last_ = begins_ + offset;
            book_.advance({last_, MonoTime{replay::kLead + offset}});
            book_.give(stream_.event(i, round, later));
        }
    }

    void count(const std::vector<Event>& events) {
        for (const Event& event : events) {
            if (const auto* agent = std::get_if<AgentChanged>(&event)) agents_.insert(agent->agent->id);
            const auto* contact = std::get_if<ContactChanged>(&event);
            if (contact == nullptr) continue;
            if (contact->what == ContactChanged::What::started) ++started_;
            if (contact->what == ContactChanged::What::ended || contact->what == ContactChanged::What::merged) ++ended_;
        }
    }

    DayStream stream_;
    std::unique_ptr<replay::PeerEnd> peer_;  // of a PBX on which nothing goes on: it only answers
    replay::TimedBook book_;
    WallTime begins_;
    WallTime last_{};
    std::set<std::string> agents_;
    std::size_t started_ = 0, ended_ = 0;
};

void run(const std::string& name, const std::string& path, std::size_t calls, const std::string& rows) {
    const auto recording = replay::read_recording(path);
    if (!recording) throw std::runtime_error(recording.error().detail);
    Day(*recording).run(name, calls, rows);
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    using namespace citybridge;
    citybridge::bench::Program program("day", "a day of calls on recorded time, and the memory it takes");
    const std::string captures = CITYBRIDGE_SOURCE_DIR "/tests/wire/captures/";
    std::string rows;
    std::size_t calls = 80'000;
    program.app()
        .add_option("--calls", calls, "Calls of the day, on each PBX")
        ->capture_default_str()
        ->check(CLI::Range(1'000, 10'000'000));
    program.rows(rows);
    return program.run(argc, argv, [&] {
        bench::run("Asterisk", captures + "asterisk/20-busy-head.ami.xz", calls, rows);
        bench::run("FreeSWITCH", captures + "freeswitch/busy-head.esl.xz", calls, rows);
    });
}
