#pragma once
// What the tables of figures share: sums by a test of the fact.
#include <algorithm>

#include "core/reports/figure.h"

namespace citybridge::reports {

template <auto test, class Fact>
void count(Sums& sums, const Fact& fact, const Column&) {
    if (test(fact)) ++sums.top;
}
template <auto top, auto bottom, class Fact>
void share(Sums& sums, const Fact& fact, const Column&) {
    if (!bottom(fact)) return;
    ++sums.bottom;
    if (top(fact)) ++sums.top;
}
template <auto test, auto member, class Fact>
void mean(Sums& sums, const Fact& fact, const Column&) {
    if (!test(fact) || fact.*member == kNotKnown) return;
    ++sums.bottom;
    sums.top += fact.*member;
}
template <auto test, auto member, class Fact>
void largest(Sums& sums, const Fact& fact, const Column&) {
    if (!test(fact) || fact.*member == kNotKnown) return;
    sums.any = true;
    sums.top = std::max(sums.top, fact.*member);
}

// Inbound contacts that reached a queue or an agent's phone: what service is measured by.
inline bool offered(const ContactFact& c) {
    return c.direction == "inbound" && (c.queued_at || c.offers > 0 || c.outcome == "answered");
}
inline bool answered(const ContactFact& c) { return offered(c) && c.outcome == "answered"; }
inline bool abandoned(const ContactFact& c) { return offered(c) && c.outcome == "abandoned"; }
// Answered, whoever dialled.
inline bool talked(const ContactFact& c) { return c.outcome == "answered" && c.direction != "internal"; }

}  // namespace citybridge::reports
