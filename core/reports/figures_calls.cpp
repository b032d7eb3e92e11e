// Figures of the service callers get: from contacts at their end.
#include "core/reports/figure_parts.h"

namespace citybridge::reports {
namespace {

bool waited_at_most(const ContactFact& c, const Column& column) {
    return c.wait_ms != kNotKnown && c.wait_ms <= column.within.count();
}
bool lost_otherwise(const ContactFact& c) { return offered(c) && !answered(c) && !abandoned(c); }
bool any_inbound(const ContactFact& c) { return c.direction == "inbound"; }
bool in_menu_only(const ContactFact& c) { return c.direction == "inbound" && c.outcome == "ivr_only"; }
bool left_message(const ContactFact& c) { return c.direction == "inbound" && c.outcome == "voicemail"; }
void answered_in_time(Sums& sums, const ContactFact& c, const Column& column) {
    if (answered(c) && waited_at_most(c, column)) ++sums.top;
}
void level_of_answered(Sums& sums, const ContactFact& c, const Column& column) {
    if (!answered(c)) return;
    ++sums.bottom;
    if (waited_at_most(c, column)) ++sums.top;
}
void level_with_abandoned(Sums& sums, const ContactFact& c, const Column& column) {
    if (!answered(c) && !abandoned(c)) return;
    ++sums.bottom;
    if (waited_at_most(c, column)) ++sums.top;
}
void level_of_offered(Sums& sums, const ContactFact& c, const Column& column) {
    if (!offered(c)) return;
    ++sums.bottom;
    if (answered(c) && waited_at_most(c, column)) ++sums.top;
}
void abandoned_between(Sums& sums, const ContactFact& c, const Column& column) {
    if (!abandoned(c) || c.wait_ms == kNotKnown) return;
    if (column.from && c.wait_ms < column.from->count()) return;
    if (column.to && c.wait_ms >= column.to->count()) return;
    ++sums.top;
}
constexpr std::string_view kOfferedZh = "进入技能组、振过坐席话机或被接听的呼入来电；只听语音菜单的不计。";
constexpr std::string_view kOfferedEn =
    "Inbound contacts that entered a queue, rang an agent's phone or were answered; not those that only heard a menu.";
constexpr std::string_view kWaitZh = "等待自进入技能组（无技能组时自首次振铃）起，至坐席接听或离开为止。";
constexpr std::string_view kWaitEn =
    "The wait runs from entering the queue (without one: from the first ring) to the agent's answer or to leaving.";

const Figure kCallFigures[] = {
    {.name = "offered",
     .zh = "呼入量",
     .en = "Offered",
     .formula_zh = "呼入量",
     .formula_en = "offered",
     .counts_zh = kOfferedZh,
     .counts_en = kOfferedEn,
     .contact = count<offered>},
    {.name = "answered",
     .zh = "接通量",
     .en = "Answered",
     .formula_zh = "接通量",
     .formula_en = "answered",
     .counts_zh = "呼入量中由坐席与客户通过话的，其后转接、转满意度等不影响。",
     .counts_en = "Of the offered: an agent spoke with the customer, whatever followed.",
     .contact = count<answered>},
    {.name = "abandoned",
     .zh = "放弃量",
     .en = "Abandoned",
     .formula_zh = "放弃量",
     .formula_en = "abandoned",
     .counts_zh = "呼入量中客户在排队或振铃时自行挂断的。",
     .counts_en = "Of the offered: the customer hung up while he waited or while it rang.",
     .contact = count<abandoned>},
    {.name = "lost_otherwise",
     .zh = "其他未接",
     .en = "Lost otherwise",
     .formula_zh = "呼入量 − 接通量 − 放弃量",
     .formula_en = "offered − answered − abandoned",
     .counts_zh = "排队超时、无人应答、转留言、失败等。",
     .counts_en = "Queue time-out, no answer, voicemail, failure and the like.",
     .contact = count<lost_otherwise>},
    {.name = "menu_only",
     .zh = "仅自助",
     .en = "Menu only",
     .formula_zh = "仅自助",
     .formula_en = "menu only",
     .counts_zh = "只听语音菜单、既未排队也未振铃的呼入来电。",
     .counts_en = "Inbound contacts that reached neither a queue nor a phone.",
     .contact = count<in_menu_only>},
    {.name = "messages",
     .zh = "留言量",
     .en = "Messages",
     .formula_zh = "留言量",
     .formula_en = "messages",
     .counts_zh = "转入留言信箱的呼入来电。",
     .counts_en = "Inbound contacts that reached voicemail.",
     .contact = count<left_message>},
    {.name = "inbound",
     .zh = "来电总量",
     .en = "All inbound",
     .formula_zh = "来电总量",
     .formula_en = "all inbound",
     .counts_zh = "全部呼入，含只听菜单的。",
     .counts_en = "All inbound contacts, menus included.",
     .contact = count<any_inbound>},
    {.name = "answer_rate",
     .zh = "接通率",
     .en = "Answer rate",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "接通量 ÷ 呼入量",
     .formula_en = "answered ÷ offered",
     .counts_zh = kOfferedZh,
     .counts_en = kOfferedEn,
     .contact = share<answered, offered>},
    {.name = "abandon_rate",
     .zh = "放弃率",
     .en = "Abandon rate",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "放弃量 ÷ 呼入量",
     .formula_en = "abandoned ÷ offered",
     .counts_zh = kOfferedZh,
     .counts_en = kOfferedEn,
     .contact = share<abandoned, offered>},
    {.name = "abandoned_after",
     .zh = "放弃分布",
     .en = "Abandoned after",
     .takes = Takes::range,
     .formula_zh = "等待 {A} 秒（含）至 {B} 秒（不含）后放弃的来电数",
     .formula_en = "abandoned after a wait of {A} s (included) to {B} s (not included)",
     .counts_zh = kWaitZh,
     .counts_en = kWaitEn,
     .contact = abandoned_between},
    {.name = "abandon_wait_average",
     .zh = "平均放弃等待",
     .en = "Average wait of the abandoned",
     .unit = Unit::seconds,
     .shape = Shape::mean,
     .formula_zh = "放弃来电的等待总时长 ÷ 放弃量",
     .formula_en = "wait of the abandoned ÷ abandoned",
     .counts_zh = kWaitZh,
     .counts_en = kWaitEn,
     .contact = mean<abandoned, &ContactFact::wait_ms>},
    {.name = "answered_within",
     .zh = "及时接通量",
     .en = "Answered in time",
     .takes = Takes::within,
     .formula_zh = "等待不超过 {N} 秒的接通量",
     .formula_en = "answered after a wait of at most {N} s",
     .counts_zh = kWaitZh,
     .counts_en = kWaitEn,
     .contact = answered_in_time},
    {.name = "service_level_asterisk",
     .zh = "服务水平（按接通）",
     .en = "Service level (of the answered)",
     .unit = Unit::percent,
     .shape = Shape::share,
     .takes = Takes::within,
     .formula_zh = "{N} 秒内接通量 ÷ 接通量（Asterisk：ServicelevelPerf）",
     .formula_en = "answered within {N} s ÷ answered (Asterisk: ServicelevelPerf)",
     .counts_zh = kWaitZh,
     .counts_en = kWaitEn,
     .contact = level_of_answered},
    {.name = "service_level_asterisk2",
     .zh = "服务水平（含放弃）",
     .en = "Service level (with the abandoned)",
     .unit = Unit::percent,
     .shape = Shape::share,
     .takes = Takes::within,
     .formula_zh = "（{N} 秒内接通量 + {N} 秒内放弃量）÷（接通量 + 放弃量）（Asterisk：ServicelevelPerf2）",
     .formula_en = "(answered within {N} s + abandoned within {N} s) ÷ (answered + abandoned) "
                   "(Asterisk: ServicelevelPerf2)",
     .counts_zh = kWaitZh,
     .counts_en = kWaitEn,
     .contact = level_with_abandoned},
    {.name = "service_level_copc",
     .zh = "服务水平（按呼入）",
     .en = "Service level (of the offered)",
     .unit = Unit::percent,
     .shape = Shape::share,
     .takes = Takes::within,
     .formula_zh = "{N} 秒内接通量 ÷ 呼入量（COPC）",
     .formula_en = "answered within {N} s ÷ offered (COPC)",
     .counts_zh = kWaitZh,
     .counts_en = kWaitEn,
     .contact = level_of_offered},
    {.name = "answer_speed_average",
     .zh = "平均应答速度",
     .en = "Average speed of answer",
     .unit = Unit::seconds,
     .shape = Shape::mean,
     .formula_zh = "接通来电的等待总时长 ÷ 接通量",
     .formula_en = "wait of the answered ÷ answered",
     .counts_zh = kWaitZh,
     .counts_en = kWaitEn,
     .contact = mean<answered, &ContactFact::wait_ms>},
    {.name = "wait_longest",
     .zh = "最长等待",
     .en = "Longest wait",
     .unit = Unit::seconds,
     .shape = Shape::largest,
     .formula_zh = "呼入量中最长的等待",
     .formula_en = "the longest wait of the offered",
     .counts_zh = kWaitZh,
     .counts_en = kWaitEn,
     .contact = largest<offered, &ContactFact::wait_ms>},
};

}  // namespace

std::span<const Figure> call_figures() { return kCallFigures; }

}  // namespace citybridge::reports
