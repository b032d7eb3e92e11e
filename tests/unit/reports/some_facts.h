#pragma once
// Facts for tests, with only what matters named.
#include "core/reports/builder.h"

namespace citybridge::reports {

// Seconds after 2026-11-21 09:00 in Shanghai.
WallTime clock_at(std::int64_t seconds);

ContactFact answered_call(std::int64_t start_s, std::int64_t wait_s, std::int64_t talk_s);
ContactFact abandoned_call(std::int64_t start_s, std::int64_t wait_s);
AgentInterval interval(const std::string& agent, const std::string& state, std::int64_t from_s, std::int64_t to_s);
OrderFact order_fact(const std::string& order, const std::string& what, const std::string& kind, std::int64_t at_s);

// The report of this XML; fails the test on problems.
Report report_of(const std::string& xml);

// A report over [from, to) of one day in Shanghai, with what it is fed.
class Feed {
public:
    explicit Feed(const std::string& xml, std::int64_t from_s = 0, std::int64_t to_s = std::int64_t{3'600} * 9);
    template <class Fact>
    Feed& operator<<(const Fact& fact) {
        builder_.take(fact);
        return *this;
    }
    Table table() const;
    // Of the row whose first cell is `row`, else of the total; fails the test if there is none.
    Cell cell(const std::string& row, const std::string& column) const;
    double number(const std::string& row, const std::string& column) const;
    bool empty(const std::string& row, const std::string& column) const;

    People people;

private:
    Report report_;
    CityTime time_;
    Builder builder_;
};

}  // namespace citybridge::reports
