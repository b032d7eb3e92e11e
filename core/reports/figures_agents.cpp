// Figures of agents: from what they were doing when, and from their parts in contacts.
#include "core/reports/figure_parts.h"

namespace citybridge::reports {
namespace {

using Test = bool (*)(const AgentInterval&);

// The node's own rows tell when nobody could see.
bool of_agent(const AgentInterval& i) { return !i.agent.empty(); }
bool signed_in(const AgentInterval& i) { return of_agent(i) && i.state != "logged_out"; }
bool talking(const AgentInterval& i) { return i.state == "talking" || i.state == "holding"; }
bool wrapping(const AgentInterval& i) { return i.state == "wrap_up"; }
bool ringing(const AgentInterval& i) { return i.state == "ringing" || i.state == "reserved"; }
bool ready(const AgentInterval& i) { return i.state == "ready"; }
bool on_break(const AgentInterval& i) { return i.state == "not_ready"; }
bool busy(const AgentInterval& i) { return talking(i) || wrapping(i) || ringing(i); }
bool working(const AgentInterval& i) { return busy(i) || ready(i); }
bool blind(const AgentInterval& i) { return i.agent.empty(); }

template <Test test>
void lasted(Sums& sums, const AgentInterval& i, const Piece& piece, const Column&) {
    if (test(i)) sums.top += piece.lasted.count();
}
template <Test top, Test bottom>
void time_share(Sums& sums, const AgentInterval& i, const Piece& piece, const Column&) {
    if (!bottom(i)) return;
    sums.bottom += piece.lasted.count();
    if (top(i)) sums.top += piece.lasted.count();
}
// An interval counts once, whole, in the row where it begins.
template <Test test>
void time_mean(Sums& sums, const AgentInterval& i, const Piece& piece, const Column&) {
    if (!test(i) || !piece.first) return;
    sums.top += piece.whole.count();
    ++sums.bottom;
}
template <Test test>
void times(Sums& sums, const AgentInterval& i, const Piece& piece, const Column&) {
    if (test(i) && piece.first) ++sums.top;
}

bool is_offer(const PartFact& p) { return p.kind == "offer"; }
bool is_talk(const PartFact& p) { return p.kind == "talk"; }
bool missed_offer(const PartFact& p) { return is_offer(p) && (p.result == "expired" || p.result == "refused"); }
bool first(const PartFact& p) { return is_talk(p) && p.result == "first"; }

void talk_of_parts(Sums& sums, const PartFact& p, const Column&) {
    if (!is_talk(p)) return;
    ++sums.bottom;
    sums.top += (p.to - p.from).count();
}

constexpr std::string_view kClippedZh = "按所属时段截取；跨时段的状态分摊到各时段。";
constexpr std::string_view kClippedEn =
    "Cut at the period's ends; a state that lasts over several rows counts in each.";

constexpr std::string_view kWholeZh = "按开始时间整段计入。";
constexpr std::string_view kWholeEn = "Counted whole, where it begins.";

const Figure kAgentFigures[] = {
    {.name = "signed_in",
     .zh = "签入时长",
     .en = "Signed in",
     .unit = Unit::seconds,
     .formula_zh = "签入时长",
     .formula_en = "signed in",
     .counts_zh = "除签出外的全部状态。",
     .counts_en = "All states but logged_out.",
     .interval = lasted<signed_in>},
    {.name = "ready_time",
     .zh = "就绪时长",
     .en = "Ready",
     .unit = Unit::seconds,
     .formula_zh = "就绪时长",
     .formula_en = "ready",
     .counts_zh = kClippedZh,
     .counts_en = kClippedEn,
     .interval = lasted<ready>},
    {.name = "talk_time",
     .zh = "通话时长",
     .en = "Talk",
     .unit = Unit::seconds,
     .formula_zh = "通话时长（含保持）",
     .formula_en = "talking and holding",
     .counts_zh = kClippedZh,
     .counts_en = kClippedEn,
     .interval = lasted<talking>},
    {.name = "ringing_time",
     .zh = "振铃时长",
     .en = "Ringing",
     .unit = Unit::seconds,
     .formula_zh = "振铃时长（含预占）",
     .formula_en = "ringing and reserved",
     .counts_zh = kClippedZh,
     .counts_en = kClippedEn,
     .interval = lasted<ringing>},
    {.name = "wrap_up_time",
     .zh = "话后时长",
     .en = "Wrap-up",
     .unit = Unit::seconds,
     .formula_zh = "话后时长",
     .formula_en = "wrap-up",
     .counts_zh = kClippedZh,
     .counts_en = kClippedEn,
     .interval = lasted<wrapping>},
    {.name = "wrap_up_average",
     .zh = "平均话后时长",
     .en = "Average wrap-up",
     .unit = Unit::seconds,
     .shape = Shape::mean,
     .formula_zh = "话后总时长 ÷ 话后次数",
     .formula_en = "wrap-up ÷ number of wrap-ups",
     .counts_zh = kWholeZh,
     .counts_en = kWholeEn,
     .interval = time_mean<wrapping>},
    {.name = "break_time",
     .zh = "小休时长",
     .en = "Breaks",
     .unit = Unit::seconds,
     .formula_zh = "小休（示忙）时长",
     .formula_en = "not ready",
     .counts_zh = kClippedZh,
     .counts_en = kClippedEn,
     .interval = lasted<on_break>},
    {.name = "breaks",
     .zh = "小休次数",
     .en = "Number of breaks",
     .formula_zh = "小休（示忙）次数",
     .formula_en = "times not ready",
     .counts_zh = kWholeZh,
     .counts_en = kWholeEn,
     .interval = times<on_break>},
    {.name = "talk_utilisation",
     .zh = "话务利用率",
     .en = "Talk utilisation",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "通话时长 ÷ 签入时长（正常 69%–74%）",
     .formula_en = "talk ÷ signed in (healthy: 69 to 74 %)",
     .counts_zh = "通话含保持；签入为除签出外的全部状态。",
     .counts_en = "Talk with holds; signed in: all states but logged_out.",
     .interval = time_share<talking, signed_in>},
    {.name = "occupancy",
     .zh = "占用率",
     .en = "Occupancy",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "（通话 + 振铃 + 话后）÷（通话 + 振铃 + 话后 + 就绪）",
     .formula_en = "(talk + ringing + wrap-up) ÷ (talk + ringing + wrap-up + ready)",
     .counts_zh = "小休不计。",
     .counts_en = "Breaks do not count.",
     .interval = time_share<busy, working>},
    {.name = "blind_time",
     .zh = "不可见时长",
     .en = "Not seen",
     .unit = Unit::seconds,
     .formula_zh = "不可见时长",
     .formula_en = "not seen",
     .counts_zh = "本系统停机或与交换机断开、看不到坐席状态的时间。",
     .counts_en = "Time in which the node was down or its link to the PBX was, so that nobody saw what agents did.",
     .interval = lasted<blind>},
    {.name = "offers",
     .zh = "派话量",
     .en = "Offers",
     .formula_zh = "派话量",
     .formula_en = "offers",
     .counts_zh = "振到该坐席的次数，含内部来电。",
     .counts_en = "Times it rang at this agent.",
     .part = count<is_offer>},
    {.name = "offers_missed",
     .zh = "未应答量",
     .en = "Offers missed",
     .formula_zh = "未应答量",
     .formula_en = "offers missed",
     .counts_zh = "振铃超时或拒接；被他人先接的不计。",
     .counts_en = "Rang out or refused; not those that somebody else was quicker to take.",
     .part = count<missed_offer>},
    {.name = "offer_miss_rate",
     .zh = "未应答率",
     .en = "Share of offers missed",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "未应答量 ÷ 派话量",
     .formula_en = "offers missed ÷ offers",
     .counts_zh = "振铃超时或拒接。",
     .counts_en = "Rang out or refused.",
     .part = share<missed_offer, is_offer>},
    {.name = "calls",
     .zh = "接话量",
     .en = "Calls",
     .formula_zh = "接话量（目标每日 70）",
     .formula_en = "calls (target: 70 a day)",
     .counts_zh = "该坐席参与的通话，含转入的与外呼。",
     .counts_en = "Contacts this agent talked in, those handed on to him and outbound ones included.",
     .part = count<is_talk>},
    {.name = "calls_first",
     .zh = "首接量",
     .en = "Calls answered first",
     .formula_zh = "首接量",
     .formula_en = "calls answered first",
     .counts_zh = "由该坐席最先接听的通话。",
     .counts_en = "Contacts this agent was the first to answer.",
     .part = count<first>},
    {.name = "call_average",
     .zh = "平均每通时长",
     .en = "Average of his talks",
     .unit = Unit::seconds,
     .shape = Shape::mean,
     .formula_zh = "该坐席在通话中的总时长 ÷ 接话量",
     .formula_en = "time in the calls ÷ calls",
     .counts_zh = "自加入至离开。",
     .counts_en = "From joining to leaving.",
     .part = talk_of_parts},
};

}  // namespace

std::span<const Figure> agent_figures() { return kAgentFigures; }

}  // namespace citybridge::reports
