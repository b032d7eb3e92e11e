#pragma once
// What a fact may be sorted and filtered by. Not every kind of fact knows
// everything: an agent's break belongs to no queue. A report that asks for what
// one of its figures does not know is refused, not answered wrongly.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/report_facts.h"

namespace citybridge::reports {

enum class Dimension {
    agent,
    group,
    queue,
    hour,
    day,
    disposition,
    kind,       // of an order
    follow_up,  // its name
    city,
    direction,
    outcome,
    line,    // the number that was called
    state,   // of an agent, of an order
    reason,  // of a break
    form,    // of quality
};
inline constexpr std::size_t kDimensions = 15;
std::string_view to_string(Dimension value);
std::optional<Dimension> dimension_from(std::string_view word);
std::string_view title(Dimension value, bool chinese);
bool is_time(Dimension value);

// The kinds of facts, as bits.
enum Source : std::uint32_t {
    contacts = 1,
    parts = 2,
    intervals = 4,
    orders = 8,
    scores = 16,
};
using Sources = std::uint32_t;

bool knows(Source source, Dimension dimension);
// The words of those that all of these sources know: "agent, group, hour, day".
std::string known_to_all(Sources sources);

// What the fact says about it; of times: empty, see Builder. Precondition: knows().
std::string_view value_of(const ContactFact& fact, Dimension dimension);
std::string_view value_of(const PartFact& fact, Dimension dimension);
std::string_view value_of(const AgentInterval& fact, Dimension dimension);
std::string_view value_of(const OrderFact& fact, Dimension dimension);
std::string_view value_of(const QualityScore& fact, Dimension dimension);

// The moment by which a fact belongs to a period and an hour: a contact and a part by their beginning.
inline WallTime moment_of(const ContactFact& fact) { return fact.started_at; }
inline WallTime moment_of(const PartFact& fact) { return fact.from; }
inline WallTime moment_of(const AgentInterval& fact) { return fact.from; }
inline WallTime moment_of(const OrderFact& fact) { return fact.at; }
inline WallTime moment_of(const QualityScore& fact) { return fact.at; }

}  // namespace citybridge::reports
