// Random days: however rows are sorted, their sums are those of the whole.
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/reports/some_facts.h"

namespace citybridge::reports {
namespace {

std::string times_by(const std::string& rows) {
    return "<report name=\"r\" title=\"t\" title_en=\"t\" roles=\"admin\"" +
           (rows.empty() ? std::string() : " rows=\"" + rows + "\"") +
           "><column figure=\"signed_in\"/><column figure=\"talk_time\"/><column figure=\"calls\"/></report>";
}

double sum_of(const Table& table, std::size_t column) {
    double sum = 0;
    for (const auto& row : table.rows) {
        if (const auto* whole = std::get_if<std::int64_t>(&row[column])) sum += static_cast<double>(*whole);
        if (const auto* number = std::get_if<double>(&row[column])) sum += *number;
    }
    return sum;
}

TEST(RandomDays, rows_add_up_to_the_whole_however_they_are_sorted) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::mt19937 random(seed);
        Feed whole(times_by(""), 0, 30'000), hours(times_by("hour"), 0, 30'000),
            agents(times_by("agent hour"), 0, 30'000), groups(times_by("day group"), 0, 30'000);
        double signed_in = 0;
        for (int agent = 0; agent < 5; ++agent) {
            std::int64_t at = -2'000 + static_cast<std::int64_t>(random() % 4'000);
            while (at < 33'000) {
                const std::int64_t to = at + 1 + static_cast<std::int64_t>(random() % 9'000);
                const char* states[] = {"ready", "talking", "wrap_up", "not_ready", "logged_out"};
                const AgentInterval fact =
                    interval("10" + std::to_string(agent), states[random() % std::size(states)], at, to);
                for (Feed* feed : {&whole, &hours, &agents, &groups}) *feed << fact;
                if (fact.state != "logged_out")
                    signed_in += static_cast<double>(
                        std::max<std::int64_t>(0, std::min<std::int64_t>(to, 30'000) - std::max<std::int64_t>(at, 0)));
                at = to;
            }
        }
        SCOPED_TRACE("seed " + std::to_string(seed));
        EXPECT_DOUBLE_EQ(whole.number("", "signed_in"), signed_in);
        EXPECT_DOUBLE_EQ(sum_of(hours.table(), 1), signed_in);
        EXPECT_DOUBLE_EQ(sum_of(agents.table(), 3), signed_in);
        EXPECT_DOUBLE_EQ(sum_of(groups.table(), 2), signed_in);
        EXPECT_DOUBLE_EQ(hours.number("", "talk_time"), whole.number("", "talk_time"));
    }
}

}  // namespace
}  // namespace citybridge::reports
