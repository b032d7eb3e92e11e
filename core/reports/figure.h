#pragma once
// The figures reports are made of. A figure is never given without what it
// means: text, unit, formula and what counts stand beside what computes it.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/reports/dimensions.h"

namespace citybridge::reports {

enum class Unit { count, seconds, percent, ratio, rings };
std::string_view to_string(Unit value);

// How the two sums of a figure become its value.
enum class Shape {
    sum,      // top
    mean,     // top / bottom; empty without a bottom
    share,    // 100 * top / bottom; likewise
    largest,  // the greatest top there was
};

// The two sums.
struct Sums {
    std::int64_t top = 0;
    std::int64_t bottom = 0;
    bool any = false;  // of `largest`: there was one
};

struct Filter {
    Dimension by = Dimension::queue;
    std::vector<std::string> values;  // any of them
};

// A figure as a report asks for it.
struct Column {
    std::string name;  // unique in its report
    const struct Figure* figure = nullptr;
    std::string zh, en;              // titles; empty: the figure's
    Millis within{};                 // of figures with a limit
    std::optional<Millis> from, to;  // of distributions: [from, to)
    std::int64_t rings = 0;          // of within_rings
    Millis ring_cycle{};             // how long one ring and its pause last
    std::vector<Filter> filters;     // facts of sources that do not know a filter's dimension are not filtered by it
};

// The part of an interval that lies in one row.
struct Piece {
    Millis lasted{};
    Millis whole{};      // of all its pieces in the report's period
    bool first = false;  // of them
};

// Which attributes a figure takes in a report.
enum class Takes { nothing, within, range, rings };

struct Figure {
    std::string_view name;
    std::string_view zh, en;
    Unit unit = Unit::count;
    Shape shape = Shape::sum;
    Takes takes = Takes::nothing;
    std::string_view formula_zh, formula_en;
    std::string_view counts_zh, counts_en;
    // Which facts it adds up; null: those do not concern it.
    void (*contact)(Sums&, const ContactFact&, const Column&) = nullptr;
    void (*part)(Sums&, const PartFact&, const Column&) = nullptr;
    void (*interval)(Sums&, const AgentInterval&, const Piece&, const Column&) = nullptr;
    void (*order)(Sums&, const OrderFact&, const Column&) = nullptr;
    void (*score)(Sums&, const QualityScore&, const Column&) = nullptr;

    Sources sources() const;
};

std::span<const Figure> call_figures();
std::span<const Figure> talk_figures();
std::span<const Figure> agent_figures();
std::span<const Figure> order_figures();
std::span<const Figure> callback_figures();
// Null: there is none of this name.
const Figure* find_figure(std::string_view name);
std::vector<const Figure*> all_figures();

// Seconds for durations, rounded to what is worth reading; empty: there is nothing to divide by.
std::optional<double> value_of(const Sums& sums, const Figure& figure);
// The formula with this column's own numbers in it.
std::string formula_of(const Column& column, bool chinese);

}  // namespace citybridge::reports
