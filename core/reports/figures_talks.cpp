// Figures of conversations, surveys and outgoing calls: from contacts at their end.
#include "core/reports/figure_parts.h"

namespace citybridge::reports {
namespace {

bool outgoing(const ContactFact& c) { return c.direction == "outbound"; }
bool rang(const ContactFact& c) { return answered(c) && c.ring_ms != kNotKnown; }
std::int64_t rings_of(const ContactFact& c, const Column& column) {
    return c.ring_ms / std::max<std::int64_t>(column.ring_cycle.count(), 1) + 1;
}

bool transferred(const ContactFact& c) { return c.transfers > 0; }
bool offered_survey(const ContactFact& c) { return c.survey_offered || !c.survey.empty(); }
bool answered_survey(const ContactFact& c) { return !c.survey.empty(); }
bool satisfied(const ContactFact& c) { return c.survey == "1"; }
bool without_disposition(const ContactFact& c) { return talked(c) && c.disposition.empty(); }
bool outgoing_answered(const ContactFact& c) { return outgoing(c) && c.outcome == "answered"; }
bool outgoing_unreached(const ContactFact& c) {
    return outgoing(c) && (c.outcome == "no_answer" || c.outcome == "busy" || c.outcome == "rejected" ||
                           c.outcome == "abandoned" || c.outcome == "voicemail");
}
bool outgoing_failed(const ContactFact& c) { return outgoing(c) && !outgoing_answered(c) && !outgoing_unreached(c); }
bool told_from_a_gap(const ContactFact& c) { return c.inferred; }

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

const Figure kTalkFigures[] = {
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

std::span<const Figure> talk_figures() { return kTalkFigures; }

}  // namespace citybridge::reports
