#include "core/reports/builder.h"

#include <algorithm>
#include <cstdio>

namespace citybridge::reports {
namespace {

// Sorts like the time it stands for.
std::string time_key(WallTime time) {
    char text[24];
    std::snprintf(text, sizeof text, "%020lld", static_cast<long long>(time.time_since_epoch().count()));
    return text;
}

std::string found_or_empty(const std::map<std::string, std::string, std::less<>>& map, std::string_view key) {
    const auto it = map.find(key);
    return it == map.end() ? std::string() : it->second;
}

}  // namespace

Builder::Builder(const Report& report, WallTime from, WallTime to, WallTime as_of, const CityTime& time,
                 const People& people)
    : report_(report),
      from_(from),
      to_(to),
      as_of_(as_of),
      time_(time),
      people_(people),
      total_(report.columns.size()) {}

bool Builder::sorted_by(Dimension by) const {
    return std::find(report_.rows.begin(), report_.rows.end(), by) != report_.rows.end();
}

// An order's owner is a user; where that user is an agent he is counted as this agent.
template <class Fact>
std::string_view Builder::value(const Fact& fact, Dimension by) const {
    const std::string_view raw = value_of(fact, by);
    if constexpr (std::is_same_v<Fact, OrderFact>) {
        if (by != Dimension::agent) return raw;
        const auto it = people_.agent_of.find(raw);
        return it == people_.agent_of.end() ? raw : std::string_view(it->second);
    }
    return raw;
}

template <class Fact>
bool Builder::fits(Source source, const Fact& fact, const std::vector<Filter>& filters) const {
    return std::all_of(filters.begin(), filters.end(), [&](const Filter& filter) {
        if (!knows(source, filter.by)) return true;
        const std::string_view is = value(fact, filter.by);
        return std::find(filter.values.begin(), filter.values.end(), is) != filter.values.end();
    });
}

WallTime Builder::start_of(Dimension by, WallTime at) {
    auto& [start, end] = last_[by == Dimension::hour ? 0 : 1];
    if (at < start || at >= end) {
        start = by == Dimension::hour ? time_.start_of_hour(at) : time_.start_of_day(at);
        end = by == Dimension::hour ? time_.next_hour(at) : time_.next_day(at);
    }
    return start;
}

Builder::Row* Builder::row(const Key& key, const std::array<WallTime, 2>& times) {
    const auto it = rows_.find(key);
    if (it != rows_.end()) return &it->second;
    if (rows_.size() >= kMaxRows) {
        full_ = true;
        return nullptr;
    }
    return &rows_.emplace(key, Row{std::vector<Sums>(report_.columns.size()), times}).first->second;
}

// `add_to(sums, column)` for the columns it concerns, in its row and in the total.
template <class Fact, class Add>
void Builder::add(Source source, const Fact& fact, WallTime at, Add add_to) {
    if (full_ || report_.list != List::none || !fits(source, fact, report_.filters)) return;
    Key key;
    std::array<WallTime, 2> times{};
    for (std::size_t i = 0; i < report_.rows.size(); ++i) {
        if (is_time(report_.rows[i])) {
            times[i] = start_of(report_.rows[i], at);
            key[i] = time_key(times[i]);
        } else {
            key[i] = value(fact, report_.rows[i]);
        }
    }
    Row* found = nullptr;
    for (std::size_t i = 0; i < report_.columns.size(); ++i) {
        const Column& column = report_.columns[i];
        if ((column.figure->sources() & source) == 0 || !fits(source, fact, column.filters)) continue;
        if (found == nullptr) found = row(key, times);
        if (found == nullptr) return;
        add_to(found->sums[i], column);
        add_to(total_[i], column);
    }
}

void Builder::take(const ContactFact& fact) {
    if (inside(fact.started_at))
        add(contacts, fact, fact.started_at,
            [&](Sums& sums, const Column& column) { column.figure->contact(sums, fact, column); });
}

void Builder::take(const PartFact& fact) {
    if (inside(fact.from))
        add(parts, fact, fact.from, [&](Sums& sums, const Column& column) { column.figure->part(sums, fact, column); });
}

void Builder::take(const OrderFact& fact) {
    if (!inside(fact.at)) return;
    if (report_.list != List::follow_ups)
        return add(orders, fact, fact.at,
                   [&](Sums& sums, const Column& column) { column.figure->order(sums, fact, column); });
    const bool late = fact.what == "missed" || (fact.what == "met" && fact.due_at && fact.at > *fact.due_at);
    if (!late || !fits(orders, fact, report_.filters)) return;
    list({fact.order, fact.kind, fact.name, fact.due_at ? Cell(*fact.due_at) : Cell(), fact.owner, fact.group,
          fact.city, fact.state, fact.contact});
}

void Builder::take(const QualityScore& fact) {
    if (!inside(fact.at)) return;
    if (report_.list != List::scores)
        return add(scores, fact, fact.at,
                   [&](Sums& sums, const Column& column) { column.figure->score(sums, fact, column); });
    if (!fits(scores, fact, report_.filters)) return;
    list({fact.at, fact.agent, fact.group, fact.form, fact.points, fact.max_points, fact.remark,
          std::string(fact.training ? "*" : ""), fact.scored_by, fact.contact});
}

void Builder::take(const AgentInterval& fact) {
    const WallTime from = std::max(fact.from, from_);
    const WallTime to = std::min(fact.to.value_or(as_of_), to_);
    if (to <= from) return;
    if (fact.agent.empty()) {
        blind_ += to - from;
        if (sorted_by(Dimension::agent) || sorted_by(Dimension::group)) return;
    }
    const bool by_hour = sorted_by(Dimension::hour), by_day = sorted_by(Dimension::day);
    Piece piece{{}, to - from, true};
    for (WallTime at = from; at < to;) {
        const WallTime end = by_hour ? time_.next_hour(at) : by_day ? time_.next_day(at) : to;
        const WallTime until = std::min(end, to);
        piece.lasted = until - at;
        add(intervals, fact, at,
            [&](Sums& sums, const Column& column) { column.figure->interval(sums, fact, piece, column); });
        piece.first = false;
        at = until;
    }
}

void Builder::list(std::vector<Cell> cells) {
    if (listed_.size() >= kMaxRows) {
        full_ = true;
        return;
    }
    listed_.push_back(std::move(cells));
}

std::vector<TableColumn> Builder::list_columns() const {
    const auto column = [](const char* name, const char* zh, const char* en) {
        TableColumn out;
        out.name = name;
        out.zh = zh;
        out.en = en;
        return out;
    };
    if (report_.list == List::follow_ups)
        return {column("order", "工单号", "Order"),
                column("kind", "工单类型", "Kind"),
                column("follow_up", "跟进事项", "Follow-up"),
                column("due_at", "应于", "Due"),
                column("owner", "负责人", "Owner"),
                column("group", "组", "Group"),
                column("city", "城市", "City"),
                column("state", "到期时状态", "State when due"),
                column("contact", "通话", "Contact")};
    return {column("at", "评分时间", "At"),      column("agent", "坐席", "Agent"),
            column("group", "组", "Group"),      column("form", "评分表", "Form"),
            column("points", "得分", "Points"),  column("max_points", "满分", "Of"),
            column("remark", "评语", "Remark"),  column("training", "培训素材", "For training"),
            column("scored_by", "质检员", "By"), column("contact", "通话", "Contact")};
}

std::vector<TableColumn> Builder::columns() const {
    if (report_.list != List::none) return list_columns();
    std::vector<TableColumn> out;
    for (const Dimension by : report_.rows) {
        TableColumn column;
        column.name = to_string(by);
        column.zh = title(by, true);
        column.en = title(by, false);
        out.push_back(column);
        if (by != Dimension::agent) continue;
        column.name = "user";
        column.zh = "用户";
        column.en = "User";
        out.push_back(column);
    }
    for (const Column& asked : report_.columns) {
        const Figure& figure = *asked.figure;
        TableColumn column;
        column.name = asked.name;
        column.zh = asked.zh.empty() ? std::string(figure.zh) : asked.zh;
        column.en = asked.en.empty() ? std::string(figure.en) : asked.en;
        column.figure = true;
        column.unit = figure.unit;
        column.formula_zh = formula_of(asked, true);
        column.formula_en = formula_of(asked, false);
        column.counts_zh = figure.counts_zh;
        column.counts_en = figure.counts_en;
        for (const Filter& filter : asked.filters) {
            std::string values;
            for (const std::string& value : filter.values) values += (values.empty() ? "" : " | ") + value;
            column.counts_zh += "仅 " + std::string(title(filter.by, true)) + " = " + values + "。";
            column.counts_en += " Only " + std::string(to_string(filter.by)) + " = " + values + ".";
        }
        out.push_back(std::move(column));
    }
    return out;
}

std::vector<Cell> Builder::cells_of(const std::vector<Sums>& sums) const {
    std::vector<Cell> out;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const Figure& figure = *report_.columns[i].figure;
        const auto value = value_of(sums[i], figure);
        if (!value)
            out.emplace_back();
        else if (figure.unit == Unit::count)
            out.emplace_back(sums[i].top);
        else
            out.emplace_back(*value);
    }
    return out;
}

std::vector<Cell> Builder::head_of(const Key& key, const Row& row) const {
    std::vector<Cell> out;
    for (std::size_t i = 0; i < report_.rows.size(); ++i) {
        if (report_.rows[i] == Dimension::hour)
            out.emplace_back(time_.hour_text(row.times[i]));
        else if (report_.rows[i] == Dimension::day)
            out.emplace_back(time_.day_text(row.times[i]));
        else
            out.emplace_back(key[i]);
        if (report_.rows[i] == Dimension::agent) out.emplace_back(found_or_empty(people_.user_of, key[i]));
    }
    return out;
}

Result<Table> Builder::finish() const {
    if (full_)
        return Error{"report.too_big", "report " + report_.name + " would have more than " + std::to_string(kMaxRows) +
                                           " rows; ask for a shorter period, or filter"};
    Table out;
    out.report = report_.name;
    out.zh = report_.zh;
    out.en = report_.en;
    out.from = from_;
    out.to = to_;
    out.complete = to_ <= as_of_;
    out.zone = time_.zone();
    out.blind = blind_;
    out.columns = columns();
    for (const Filter& filter : report_.filters) {
        std::string text = std::string(to_string(filter.by)) + " =";
        for (const std::string& value : filter.values) text += " " + value;
        out.filters.push_back(std::move(text));
    }
    if (report_.list != List::none) {
        out.rows = listed_;
        return out;
    }
    for (const auto& [key, row] : rows_) {
        // Facts that none of the figures counts make no row.
        if (std::all_of(row.sums.begin(), row.sums.end(),
                        [](const Sums& sums) { return sums.top == 0 && sums.bottom == 0 && !sums.any; }))
            continue;
        out.rows.push_back(head_of(key, row));
        for (Cell& cell : cells_of(row.sums)) out.rows.back().push_back(std::move(cell));
    }
    if (!report_.total || report_.rows.empty()) {
        if (report_.rows.empty() && out.rows.empty()) out.rows.push_back(cells_of(total_));
        return out;
    }
    out.total.resize(out.columns.size() - report_.columns.size());
    out.total.front() = std::string("合计 Total");
    for (Cell& cell : cells_of(total_)) out.total.push_back(std::move(cell));
    return out;
}

}  // namespace citybridge::reports
