// Figures of calls: from contacts at their end.
#include <algorithm>

#include "core/reports/figure.h"

namespace citybridge::reports {
namespace {

// The words of the API.
constexpr std::string_view kInbound = "inbound";
constexpr std::string_view kOutbound = "outbound";
constexpr std::string_view kAnswered = "answered";
constexpr std::string_view kAbandoned = "abandoned";
constexpr std::string_view kSatisfied = "1";

bool offered(const ContactFact& c) {
    return c.direction == kInbound && (c.queued_at || c.offers > 0 || c.outcome == kAnswered);
}
bool answered(const ContactFact& c) { return offered(c) && c.outcome == kAnswered; }
bool abandoned(const ContactFact& c) { return offered(c) && c.outcome == kAbandoned; }
bool waited_at_most(const ContactFact& c, const Column& column) {
    return c.wait_ms != kNotKnown && c.wait_ms <= column.within.count();
}
// Answered, whoever dialled.
bool talked(const ContactFact& c) { return c.outcome == kAnswered && c.direction != "internal"; }
bool outgoing(const ContactFact& c) { return c.direction == kOutbound; }
bool rang(const ContactFact& c) { return answered(c) && c.ring_ms != kNotKnown; }
std::int64_t rings_of(const ContactFact& c, const Column& column) {
    return c.ring_ms / std::max<std::int64_t>(column.ring_cycle.count(), 1) + 1;
}

using Test = bool (*)(const ContactFact&);

template <Test test>
void count(Sums& sums, const ContactFact& c, const Column&) {
    if (test(c)) ++sums.top;
}
template <Test top, Test bottom>
void share(Sums& sums, const ContactFact& c, const Column&) {
    if (!bottom(c)) return;
    ++sums.bottom;
    if (top(c)) ++sums.top;
}
template <Test test, std::int64_t ContactFact::*member>
void mean(Sums& sums, const ContactFact& c, const Column&) {
    if (!test(c) || c.*member == kNotKnown) return;
    ++sums.bottom;
    sums.top += c.*member;
}
template <Test test, std::int64_t ContactFact::*member>
void largest(Sums& sums, const ContactFact& c, const Column&) {
    if (!test(c) || c.*member == kNotKnown) return;
    sums.any = true;
    sums.top = std::max(sums.top, c.*member);
}
bool lost_otherwise(const ContactFact& c) { return offered(c) && !answered(c) && !abandoned(c); }
bool in_menu_only(const ContactFact& c) { return c.direction == kInbound && c.outcome == "ivr_only"; }
bool left_message(const ContactFact& c) { return c.direction == kInbound && c.outcome == "voicemail"; }
bool transferred(const ContactFact& c) { return c.transfers > 0; }
bool offered_survey(const ContactFact& c) { return c.survey_offered || !c.survey.empty(); }
bool answered_survey(const ContactFact& c) { return !c.survey.empty(); }
bool satisfied(const ContactFact& c) { return c.survey == kSatisfied; }
bool any_inbound(const ContactFact& c) { return c.direction == kInbound; }
bool without_disposition(const ContactFact& c) { return talked(c) && c.disposition.empty(); }
bool outgoing_answered(const ContactFact& c) { return outgoing(c) && c.outcome == kAnswered; }
bool outgoing_unreached(const ContactFact& c) {
    return outgoing(c) && (c.outcome == "no_answer" || c.outcome == "busy" || c.outcome == "rejected" ||
                           c.outcome == kAbandoned || c.outcome == "voicemail");
}
bool outgoing_failed(const ContactFact& c) { return outgoing(c) && !outgoing_answered(c) && !outgoing_unreached(c); }
bool told_from_a_gap(const ContactFact& c) { return c.inferred; }

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
void talks_longer(Sums& sums, const ContactFact& c, const Column& column) {
    if (talked(c) && c.talk_ms > column.within.count()) ++sums.top;
}
void rings_mean(Sums& sums, const ContactFact& c, const Column& column) {
    if (!rang(c)) return;
    ++sums.bottom;
    sums.top += rings_of(c, column);
}
void rings_at_most(Sums& sums, const ContactFact& c, const Column& column) {
    if (!rang(c)) return;
    ++sums.bottom;
    if (rings_of(c, column) <= column.rings) ++sums.top;
}

constexpr std::string_view kOfferedZh = "进入技能组、振过坐席话机或被接听的呼入来电；只听语音菜单的不计。";
constexpr std::string_view kOfferedEn =
    "Inbound contacts that entered a queue, rang an agent's phone or were answered; not those that only heard a menu.";
constexpr std::string_view kWaitZh = "等待自进入技能组（无技能组时自首次振铃）起，至坐席接听或离开为止。";
constexpr std::string_view kWaitEn =
    "The wait runs from entering the queue (without one: from the first ring) to the agent's answer or to leaving.";

const Figure kFigures[] = {
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
    {.name = "talk_average",
     .zh = "平均通话时长",
     .en = "Average talk",
     .unit = Unit::seconds,
     .shape = Shape::mean,
     .formula_zh = "通话总时长 ÷ 通话数",
     .formula_en = "talk ÷ contacts talked",
     .counts_zh = "客户与坐席在一起的全部时间，含保持与咨询；呼入与外呼，不含内部通话。",
     .counts_en = "All time the customer is with an agent, holds and consultations included; inbound and outbound, not "
                  "internal.",
     .contact = mean<talked, &ContactFact::talk_ms>},
    {.name = "hold_average",
     .zh = "平均保持时长",
     .en = "Average hold",
     .unit = Unit::seconds,
     .shape = Shape::mean,
     .formula_zh = "保持总时长 ÷ 通话数",
     .formula_en = "hold ÷ contacts talked",
     .counts_zh = "仅保持键或保持指令；咨询、寄存、会议中的音乐不计。",
     .counts_en = "Hold key or hold command only; music during consultation, park or conference is no hold.",
     .contact = mean<talked, &ContactFact::hold_ms>},
    {.name = "talk_longer",
     .zh = "超长通话",
     .en = "Long conversations",
     .takes = Takes::within,
     .formula_zh = "通话超过 {N} 秒的通话数",
     .formula_en = "contacts talked for more than {N} s",
     .counts_zh = "一般事项应在 5 分钟内。",
     .counts_en = "Common matters take at most 5 minutes.",
     .contact = talks_longer},
    {.name = "talked",
     .zh = "通话数",
     .en = "Conversations",
     .formula_zh = "通话数",
     .formula_en = "contacts talked",
     .counts_zh = "坐席与客户通过话的呼入与外呼。",
     .counts_en = "Inbound and outbound contacts in which an agent spoke with the customer.",
     .contact = count<talked>},
    {.name = "transfer_rate",
     .zh = "转接率",
     .en = "Transfer rate",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "有转接的接通量 ÷ 接通量",
     .formula_en = "answered and transferred ÷ answered",
     .counts_zh = "各种转接。",
     .counts_en = "Transfers of every kind.",
     .contact = share<transferred, answered>},
    {.name = "ring_time_average",
     .zh = "平均振铃时长",
     .en = "Average time to answer",
     .unit = Unit::seconds,
     .shape = Shape::mean,
     .formula_zh = "接听话机的振铃总时长 ÷ 接通量",
     .formula_en = "ringing of the phone that was answered ÷ answered",
     .counts_zh = "仅接听的那部话机。",
     .counts_en = "Only of the phone that was answered.",
     .contact = mean<rang, &ContactFact::ring_ms>},
    {.name = "rings_average",
     .zh = "平均振铃次数",
     .en = "Average rings",
     .unit = Unit::rings,
     .shape = Shape::mean,
     .takes = Takes::rings,
     .formula_zh = "各通的（振铃时长 ÷ {C} 秒，取整）+ 1 的平均",
     .formula_en = "mean of (ringing ÷ {C} s, rounded down) + 1",
     .counts_zh = "仅接听的那部话机；国内振铃 1 秒、停 4 秒。",
     .counts_en = "Only of the phone that was answered; in China it rings 1 s and pauses 4 s.",
     .contact = rings_mean},
    {.name = "within_rings",
     .zh = "三声内接听率",
     .en = "Answered within the rings",
     .unit = Unit::percent,
     .shape = Shape::share,
     .takes = Takes::rings,
     .formula_zh = "第 {N} 声（含）内接听 ÷ 接通量（每声 {C} 秒）",
     .formula_en = "answered by ring {N} ÷ answered (a ring every {C} s)",
     .counts_zh = "仅知道振铃时长的接通来电。",
     .counts_en = "Of answered contacts whose ringing is known.",
     .contact = rings_at_most},
    {.name = "survey_handover",
     .zh = "满意度转接率",
     .en = "Survey hand-over",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "转入满意度调查的 ÷ 接通量（目标 ≥ 50%）",
     .formula_en = "handed to the survey ÷ answered (target ≥ 50 %)",
     .counts_zh = "通话后由坐席转入语音调查的来电。",
     .counts_en = "Callers handed to the survey after the conversation.",
     .contact = share<offered_survey, answered>},
    {.name = "survey_participation",
     .zh = "满意度参评率",
     .en = "Survey participation",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "有评价的 ÷ 转入满意度调查的",
     .formula_en = "answers ÷ surveys",
     .counts_zh = "按了键的客户。",
     .counts_en = "Customers who pressed a key.",
     .contact = share<answered_survey, offered_survey>},
    {.name = "satisfaction",
     .zh = "满意率",
     .en = "Satisfaction",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "评价“1 满意”的 ÷ 有评价的（目标 ≥ 95%）",
     .formula_en = "answers \"1 satisfied\" ÷ answers (target ≥ 95 %)",
     .counts_zh = "1 满意，2 一般，3 不满意。",
     .counts_en = "1 satisfied, 2 fair, 3 dissatisfied.",
     .contact = share<satisfied, answered_survey>},
    {.name = "without_disposition",
     .zh = "未登记来电类型",
     .en = "Without disposition",
     .formula_zh = "没有来电类型的通话数",
     .formula_en = "contacts talked without a disposition",
     .counts_zh = "呼入与外呼。",
     .counts_en = "Inbound and outbound.",
     .contact = count<without_disposition>},
    {.name = "dialled",
     .zh = "外呼量",
     .en = "Dialled",
     .formula_zh = "外呼量",
     .formula_en = "dialled",
     .counts_zh = "已拨客户号码的外呼。",
     .counts_en = "Outbound contacts whose customer was dialled.",
     .contact = count<outgoing>},
    {.name = "reached",
     .zh = "外呼接通量",
     .en = "Reached",
     .formula_zh = "外呼接通量",
     .formula_en = "reached",
     .counts_zh = "客户接听的外呼。",
     .counts_en = "Outbound contacts the customer answered.",
     .contact = count<outgoing_answered>},
    {.name = "not_reached",
     .zh = "外呼未接",
     .en = "Not reached",
     .formula_zh = "外呼未接",
     .formula_en = "not reached",
     .counts_zh = "无应答、忙、拒接、中途放弃、转语音信箱。",
     .counts_en = "No answer, busy, rejected, given up, or voicemail.",
     .contact = count<outgoing_unreached>},
    {.name = "dial_failed",
     .zh = "外呼失败",
     .en = "Failed",
     .formula_zh = "外呼失败",
     .formula_en = "failed",
     .counts_zh = "号码错误、线路故障及结果不明。",
     .counts_en = "Wrong number, trouble on the line, or not known.",
     .contact = count<outgoing_failed>},
    {.name = "reach_rate",
     .zh = "外呼接通率",
     .en = "Reach rate",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "外呼接通量 ÷ 外呼量",
     .formula_en = "reached ÷ dialled",
     .counts_zh = "全部外呼。",
     .counts_en = "All outbound contacts.",
     .contact = share<outgoing_answered, outgoing>},
    {.name = "inferred",
     .zh = "补录通话",
     .en = "Told from a gap",
     .formula_zh = "补录通话",
     .formula_en = "contacts told from a gap",
     .counts_zh = "与交换机中断期间发生、事后补录的通话。",
     .counts_en = "Contacts of which something happened while the link to the PBX was cut.",
     .contact = count<told_from_a_gap>},
};

}  // namespace

std::span<const Figure> call_figures() { return kFigures; }

}  // namespace citybridge::reports
