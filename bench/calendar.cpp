// Business time: when something is due, and 200,000 deadlines computed again
// after an amendment (P8).
#include <benchmark/benchmark.h>

#include <stdexcept>

#include "core/desk/due.h"

namespace citybridge::bench {
namespace {

using desk::Calendar;

// Two intervals a day, weekends and public holidays closed.
Calendar hangzhou() {
    Problems problems;
    Calendar calendar = desk::load_calendar(CITYBRIDGE_SOURCE_DIR "/config/calendars/hangzhou.xml", problems);
    if (!problems.empty()) throw std::runtime_error(to_string(problems.front()));
    return calendar;
}

// Moments of 2026 as they come: no two near each other.
std::vector<WallTime> moments() {
    constexpr std::int64_t kYear = 365LL * 86'400'000;
    std::vector<WallTime> out;
    for (std::int64_t i = 0; i < 4'096; ++i)
        out.push_back(WallTime{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}} +
                      Millis{i * 7'919'999'983 % kYear});
    return out;
}

void add_hours(benchmark::State& state) {
    const Calendar calendar = hangzhou();
    const auto times = moments();
    const Millis length = std::chrono::hours(state.range(0));
    std::size_t i = 0;
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(calendar.add_business_time(times[i++ % times.size()], length));
}
BENCHMARK(add_hours)->Arg(2)->Arg(40)->Arg(400);

void measure(benchmark::State& state) {
    const Calendar calendar = hangzhou();
    const auto times = moments();
    std::size_t i = 0;
    for ([[maybe_unused]] auto _ : state) {
        const WallTime from = times[i++ % times.size()];
        benchmark::DoNotOptimize(calendar.business_time(from, from + std::chrono::hours(100)));
    }
}
BENCHMARK(measure);

void is_open(benchmark::State& state) {
    const Calendar calendar = hangzhou();
    const auto times = moments();
    std::size_t i = 0;
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(calendar.is_open(times[i++ % times.size()]));
}
BENCHMARK(is_open);

// What an amendment costs without the store: the row's rule read, its due time computed and compared.
void deadlines_again(benchmark::State& state) {
    const desk::Calendars calendars{hangzhou()};
    desk::DueRule rule;
    rule.after = std::chrono::hours(2);
    rule.next_day_at = 630;
    std::vector<DeadlineRecord> rows(static_cast<std::size_t>(state.range(0)));
    const auto times = moments();
    for (std::size_t i = 0; i < rows.size(); ++i) desk::set_due(rows[i], calendars, "", rule, times[i % times.size()]);
    for ([[maybe_unused]] auto _ : state) {
        std::size_t moved = 0;
        for (const DeadlineRecord& row : rows) moved += desk::due_again(row, calendars)->due != row.due_at ? 1U : 0U;
        if (moved != 0) throw std::logic_error("the same calendar says another time");
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(deadlines_again)->Arg(200'000)->Unit(benchmark::kMillisecond);

void read_a_calendar(benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(hangzhou());
}
BENCHMARK(read_a_calendar)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace citybridge::bench

BENCHMARK_MAIN();
