// Figures of work orders, their promises, and quality.
#include "core/reports/figure_parts.h"

namespace citybridge::reports {
namespace {

bool opened(const OrderFact& o) { return o.what == "opened"; }
bool closed(const OrderFact& o) { return o.what == "closed"; }
bool reopened(const OrderFact& o) { return o.what == "reopened"; }
// Settled at the last moment is in time.
bool met(const OrderFact& o) { return o.what == "met" && (!o.due_at || o.at <= *o.due_at); }
bool missed(const OrderFact& o) { return o.what == "missed" || (o.what == "met" && !met(o)); }
bool settled(const OrderFact& o) { return met(o) || missed(o); }

void opened_from_calls(Sums& sums, const OrderFact& o, const Column&) {
    if (opened(o) && !o.contact.empty()) ++sums.top;
}
void calls_talked(Sums& sums, const ContactFact& c, const Column&) {
    if (talked(c)) ++sums.bottom;
}

void score_count(Sums& sums, const QualityScore&, const Column&) { ++sums.top; }
void score_share(Sums& sums, const QualityScore& s, const Column&) {
    sums.top += s.points;
    sums.bottom += s.max_points;
}
void score_training(Sums& sums, const QualityScore& s, const Column&) {
    if (s.training) ++sums.top;
}

constexpr std::string_view kPromiseZh = "到期仍未办结的记为未及时，在到期时计入；最后一刻办结算及时；取消的不计。";
constexpr std::string_view kPromiseEn =
    "A promise that falls due unsettled is missed, counted when it falls due; settled at the last moment is in time; "
    "withdrawn ones do not count.";

const Figure kOrderFigures[] = {
    {.name = "orders_opened",
     .zh = "新建工单",
     .en = "Orders opened",
     .formula_zh = "新建工单",
     .formula_en = "orders opened",
     .counts_zh = "按新建时间。",
     .counts_en = "By the time they were opened.",
     .order = count<opened>},
    {.name = "orders_closed",
     .zh = "关闭工单",
     .en = "Orders closed",
     .formula_zh = "关闭工单",
     .formula_en = "orders closed",
     .counts_zh = "按关闭时间；重开后再关闭再计一次。",
     .counts_en = "By the time they were closed; one that was reopened counts again.",
     .order = count<closed>},
    {.name = "orders_reopened",
     .zh = "重开工单",
     .en = "Orders reopened",
     .formula_zh = "重开工单",
     .formula_en = "orders reopened",
     .counts_zh = "按重开时间。",
     .counts_en = "By the time they were reopened.",
     .order = count<reopened>},
    {.name = "orders_per_call",
     .zh = "每通工单数",
     .en = "Orders per call",
     .unit = Unit::ratio,
     .shape = Shape::mean,
     .formula_zh = "由通话新建的工单 ÷ 通话数",
     .formula_en = "orders opened from calls ÷ contacts talked",
     .counts_zh = "关联了通话的工单；呼入与外呼。",
     .counts_en = "Orders that name a contact; inbound and outbound conversations.",
     .contact = calls_talked,
     .order = opened_from_calls},
    {.name = "follow_ups_in_time",
     .zh = "及时跟进",
     .en = "Follow-ups in time",
     .formula_zh = "及时跟进",
     .formula_en = "follow-ups in time",
     .counts_zh = kPromiseZh,
     .counts_en = kPromiseEn,
     .order = count<met>},
    {.name = "follow_ups_missed",
     .zh = "未及时跟进",
     .en = "Follow-ups not in time",
     .formula_zh = "未及时跟进",
     .formula_en = "follow-ups not in time",
     .counts_zh = kPromiseZh,
     .counts_en = kPromiseEn,
     .order = count<missed>},
    {.name = "follow_up_rate",
     .zh = "跟进及时率",
     .en = "Share in time",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "及时跟进 ÷（及时跟进 + 未及时跟进）",
     .formula_en = "in time ÷ (in time + not in time)",
     .counts_zh = kPromiseZh,
     .counts_en = kPromiseEn,
     .order = share<met, settled>},
    {.name = "scores",
     .zh = "质检次数",
     .en = "Conversations scored",
     .formula_zh = "质检次数",
     .formula_en = "conversations scored",
     .counts_zh = "按评分时间。",
     .counts_en = "By the time of scoring.",
     .score = score_count},
    {.name = "score_average",
     .zh = "质检得分率",
     .en = "Quality score",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "得分合计 ÷ 满分合计",
     .formula_en = "points ÷ points possible",
     .counts_zh = "各评分表按其满分折算。",
     .counts_en = "Forms weigh by the points they can give.",
     .score = score_share},
    {.name = "training_remarks",
     .zh = "培训素材",
     .en = "Remarks for training",
     .formula_zh = "培训素材",
     .formula_en = "remarks for training",
     .counts_zh = "标为培训素材的评语。",
     .counts_en = "Remarks marked as material for training.",
     .score = score_training},
};

}  // namespace

std::span<const Figure> order_figures() { return kOrderFigures; }

}  // namespace citybridge::reports
