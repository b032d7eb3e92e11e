#include "core/reports/dimensions.h"

namespace citybridge::reports {
namespace {

struct Row {
    std::string_view word, zh, en;
    Sources sources;
};

constexpr Sources kAll = contacts | parts | intervals | orders | scores;

constexpr std::array<Row, kDimensions> kRows{{
    {"agent", "坐席", "Agent", kAll},
    {"group", "组", "Group", kAll},
    {"queue", "技能组", "Queue", contacts | parts},
    {"hour", "小时", "Hour", kAll},
    {"day", "日期", "Day", kAll},
    {"disposition", "来电类型", "Disposition", contacts},
    {"kind", "工单类型", "Kind of order", orders},
    {"follow_up", "跟进事项", "Follow-up", orders},
    {"city", "城市", "City", contacts | orders},
    {"direction", "方向", "Direction", contacts | parts},
    {"outcome", "结果", "Outcome", contacts},
    {"line", "被叫号码", "Line", contacts},
    {"state", "状态", "State", intervals | orders},
    {"reason", "原因", "Reason", intervals},
    {"form", "评分表", "Form", scores},
}};

const Row& row(Dimension value) { return kRows[static_cast<std::size_t>(value)]; }

}  // namespace

std::string_view to_string(Dimension value) { return row(value).word; }

std::optional<Dimension> dimension_from(std::string_view word) {
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (kRows[i].word == word) return static_cast<Dimension>(i);
    return std::nullopt;
}

std::string_view title(Dimension value, bool chinese) { return chinese ? row(value).zh : row(value).en; }

bool is_time(Dimension value) { return value == Dimension::hour || value == Dimension::day; }

bool knows(Source source, Dimension dimension) { return (row(dimension).sources & source) != 0; }

std::string known_to_all(Sources sources) {
    std::string out;
    for (const Row& each : kRows)
        if ((each.sources & sources) == sources) out += (out.empty() ? "" : ", ") + std::string(each.word);
    return out;
}

std::string_view value_of(const ContactFact& fact, Dimension dimension) {
    switch (dimension) {
        case Dimension::agent: return fact.agent;
        case Dimension::group: return fact.group;
        case Dimension::queue: return fact.queue;
        case Dimension::disposition: return fact.disposition;
        case Dimension::city: return fact.city;
        case Dimension::direction: return fact.direction;
        case Dimension::outcome: return fact.outcome;
        case Dimension::line: return fact.called_number;
        default: return {};
    }
}

std::string_view value_of(const PartFact& fact, Dimension dimension) {
    switch (dimension) {
        case Dimension::agent: return fact.agent;
        case Dimension::group: return fact.group;
        case Dimension::queue: return fact.queue;
        case Dimension::direction: return fact.direction;
        default: return {};
    }
}

std::string_view value_of(const AgentInterval& fact, Dimension dimension) {
    switch (dimension) {
        case Dimension::agent: return fact.agent;
        case Dimension::group: return fact.group;
        case Dimension::state: return fact.state;
        case Dimension::reason: return fact.reason;
        default: return {};
    }
}

std::string_view value_of(const OrderFact& fact, Dimension dimension) {
    switch (dimension) {
        case Dimension::agent: return fact.owner;
        case Dimension::group: return fact.group;
        case Dimension::kind: return fact.kind;
        case Dimension::follow_up: return fact.name;
        case Dimension::city: return fact.city;
        case Dimension::state: return fact.state;
        default: return {};
    }
}

std::string_view value_of(const QualityScore& fact, Dimension dimension) {
    switch (dimension) {
        case Dimension::agent: return fact.agent;
        case Dimension::group: return fact.group;
        case Dimension::form: return fact.form;
        default: return {};
    }
}

}  // namespace citybridge::reports
