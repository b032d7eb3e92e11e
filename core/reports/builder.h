#pragma once
// Facts in, one after the other in any order; a table out. Memory grows with
// the rows of the table, not with the facts.
#include <array>
#include <map>

#include "core/reports/definitions.h"
#include "core/reports/table.h"

namespace citybridge::reports {

// Users and the agents they are.
struct People {
    std::map<std::string, std::string, std::less<>> agent_of;  // by user
    std::map<std::string, std::string, std::less<>> user_of;   // by agent
};

class Builder {
public:
    static constexpr std::size_t kMaxRows = 50'000;

    // The period is [from, to). `as_of`: until when an interval that is not closed has lasted. All references must
    // outlive the builder.
    Builder(const Report& report, WallTime from, WallTime to, WallTime as_of, const CityTime& time,
            const People& people);

    // Those outside the period count nothing.
    void take(const ContactFact& fact);
    void take(const PartFact& fact);
    void take(const AgentInterval& fact);
    void take(const OrderFact& fact);
    void take(const QualityScore& fact);
    // More rows than a table may have: what is taken from now on is ignored.
    bool full() const { return full_; }
    // Code "report.too_big".
    Result<Table> finish() const;

private:
    using Key = std::array<std::string, 2>;
    struct Row {
        std::vector<Sums> sums;
        std::array<WallTime, 2> times{};
    };
    template <class Fact, class Add>
    void add(Source source, const Fact& fact, WallTime at, Add add);
    template <class Fact>
    bool fits(Source source, const Fact& fact, const std::vector<Filter>& filters) const;
    template <class Fact>
    std::string_view value(const Fact& fact, Dimension by) const;
    WallTime start_of(Dimension by, WallTime at);
    Row* row(const Key& key, const std::array<WallTime, 2>& times);
    bool inside(WallTime at) const { return at >= from_ && at < to_; }
    bool sorted_by(Dimension by) const;
    void list(std::vector<Cell> cells);
    std::vector<TableColumn> columns() const;
    std::vector<TableColumn> list_columns() const;
    std::vector<Cell> cells_of(const std::vector<Sums>& sums) const;
    std::vector<Cell> head_of(const Key& key, const Row& row) const;

    const Report& report_;
    const WallTime from_, to_, as_of_;
    const CityTime& time_;
    const People& people_;
    std::map<Key, Row> rows_;
    std::vector<Sums> total_;
    std::vector<std::vector<Cell>> listed_;
    Millis blind_{};
    bool full_ = false;
    // The hour and day of the last fact: most come in order.
    std::array<std::pair<WallTime, WallTime>, 2> last_{};
};

}  // namespace citybridge::reports
