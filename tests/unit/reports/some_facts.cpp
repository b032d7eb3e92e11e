#include "tests/unit/reports/some_facts.h"

#include <gtest/gtest.h>

namespace citybridge::reports {

WallTime clock_at(std::int64_t seconds) {
    // 2026-11-21T01:00:00Z is 09:00 in Shanghai.
    return *from_rfc3339("2026-11-21T01:00:00Z") + std::chrono::seconds{seconds};
}

namespace {

int contacts_made = 0;

ContactFact call(std::int64_t start_s, std::int64_t wait_s) {
    ContactFact fact;
    fact.contact = "c" + std::to_string(++contacts_made);
    fact.started_at = clock_at(start_s);
    fact.queued_at = fact.started_at;
    fact.direction = "inbound";
    fact.queue = "sales";
    fact.wait_ms = wait_s * 1'000;
    return fact;
}

}  // namespace

ContactFact answered_call(std::int64_t start_s, std::int64_t wait_s, std::int64_t talk_s) {
    ContactFact fact = call(start_s, wait_s);
    fact.outcome = "answered";
    fact.agent = "1001";
    fact.group = "east";
    fact.offers = 1;
    fact.answered_at = fact.started_at + std::chrono::seconds{wait_s};
    fact.talk_ms = talk_s * 1'000;
    fact.ended_at = *fact.answered_at + std::chrono::seconds{talk_s};
    return fact;
}

ContactFact abandoned_call(std::int64_t start_s, std::int64_t wait_s) {
    ContactFact fact = call(start_s, wait_s);
    fact.outcome = "abandoned";
    fact.ended_at = fact.started_at + std::chrono::seconds{wait_s};
    return fact;
}

AgentInterval interval(const std::string& agent, const std::string& state, std::int64_t from_s, std::int64_t to_s) {
    AgentInterval out;
    out.agent = agent;
    out.state = state;
    out.from = clock_at(from_s);
    out.to = clock_at(to_s);
    out.group = "east";
    out.end = "change";
    return out;
}

OrderFact order_fact(const std::string& order, const std::string& what, const std::string& kind, std::int64_t at_s) {
    OrderFact out;
    out.order = order;
    out.what = what;
    out.kind = kind;
    out.at = clock_at(at_s);
    out.group = "east";
    out.owner = "li.ming";
    return out;
}

Report report_of(const std::string& xml) {
    Problems problems;
    auto report = read_report("test.xml", xml, problems);
    for (const Problem& problem : problems) ADD_FAILURE() << to_string(problem);
    return report.value_or(Report{});
}

Feed::Feed(const std::string& xml, std::int64_t from_s, std::int64_t to_s)
    : report_(report_of(xml)),
      time_(CityTime::in("Asia/Shanghai").value()),
      builder_(report_, clock_at(from_s), clock_at(to_s), clock_at(to_s), time_, people) {}

Table Feed::table() const {
    const auto made = builder_.finish();
    if (made) return *made;
    ADD_FAILURE() << made.error().detail;
    return {};
}

Cell Feed::cell(const std::string& row, const std::string& column) const {
    const Table made = table();
    std::size_t at = 0;
    while (at < made.columns.size() && made.columns[at].name != column) ++at;
    if (at == made.columns.size()) {
        ADD_FAILURE() << "no column " << column;
        return {};
    }
    if (row.empty()) return made.total.empty() ? made.rows.at(0).at(at) : made.total.at(at);
    for (const auto& cells : made.rows)
        if (std::get<std::string>(cells.at(0)) == row) return cells.at(at);
    ADD_FAILURE() << "no row " << row;
    return {};
}

double Feed::number(const std::string& row, const std::string& column) const {
    const Cell found = cell(row, column);
    if (const auto* whole = std::get_if<std::int64_t>(&found)) return static_cast<double>(*whole);
    if (const auto* number = std::get_if<double>(&found)) return *number;
    ADD_FAILURE() << "row " << row << ", column " << column << " holds no number";
    return -1;
}

bool Feed::empty(const std::string& row, const std::string& column) const {
    return std::holds_alternative<std::monostate>(cell(row, column));
}

}  // namespace citybridge::reports
