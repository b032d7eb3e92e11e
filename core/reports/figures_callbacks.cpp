// Figures of callbacks between cities: the promise as each side saw it.
#include "core/reports/figure_parts.h"

namespace citybridge::reports {
namespace {

bool callback_begun(const OrderFact& o) { return o.what == "callback_begun"; }
bool callback_escalated(const OrderFact& o) { return o.what == "callback_escalated"; }
bool callback_settled(const OrderFact& o) { return o.what == "callback_settled"; }
// Called at the last moment is in time.
bool callback_in_time(const OrderFact& o) {
    return callback_settled(o) && o.state == "called" && (!o.due_at || o.at <= *o.due_at);
}
bool callback_late(const OrderFact& o) { return callback_settled(o) && o.state == "called" && !callback_in_time(o); }
bool callback_never(const OrderFact& o) { return callback_settled(o) && o.state != "called"; }

constexpr std::string_view kCalledZh =
    "按首次拨打客户的时间：转出方（callback_out）以得知对方开始拨打的时间为准，受理方（callback_"
    "in）以自己开始拨打的时间"
    "为准；客户话机未振铃的拨打不计，无人知其结果的拨打在任务结束时计入。承诺时间为双方可见的最后期限，受理城市当时已下"
    "班"
    "的顺延后为准。未结束且尚未拨打的不计。";
constexpr std::string_view kCalledEn =
    "By the first call to the customer: for the city that handed him over (callback_out) when it was told that the "
    "other "
    "one dials, for the other (callback_in) when it dialled. A dialling that never rang his phone does not count; one "
    "whose end nobody knows counts when the task ends. The promise is the deadline both cities see, moved if the city "
    "was closed. Tasks still open that nobody has called yet do not count.";

const Figure kCallbackFigures[] = {
    {.name = "callbacks",
     .zh = "异地回拨任务",
     .en = "City callbacks",
     .formula_zh = "异地回拨任务",
     .formula_en = "callbacks handed over or taken",
     .counts_zh = "按转出（callback_out）或收到（callback_in）的时间；城市为对方城市。",
     .counts_en = "By when it was handed over (callback_out) or received (callback_in); the city is the other one.",
     .order = count<callback_begun>},
    {.name = "callbacks_in_time",
     .zh = "按时回拨",
     .en = "Called in time",
     .formula_zh = "首次拨打不晚于承诺时间的任务",
     .formula_en = "tasks whose first call began no later than promised",
     .counts_zh = kCalledZh,
     .counts_en = kCalledEn,
     .order = count<callback_in_time>},
    {.name = "callbacks_late",
     .zh = "超时回拨",
     .en = "Called late",
     .formula_zh = "首次拨打晚于承诺时间的任务",
     .formula_en = "tasks whose first call began later than promised",
     .counts_zh = kCalledZh,
     .counts_en = kCalledEn,
     .order = count<callback_late>},
    {.name = "callbacks_not_called",
     .zh = "未回拨",
     .en = "Never called",
     .formula_zh = "结束时从未拨打过客户的任务",
     .formula_en = "tasks that ended without a call",
     .counts_zh = "按结束时间。",
     .counts_en = "By when they ended.",
     .order = count<callback_never>},
    {.name = "callbacks_in_time_rate",
     .zh = "按时回拨率",
     .en = "Share in time",
     .unit = Unit::percent,
     .shape = Shape::share,
     .formula_zh = "按时回拨 ÷（按时回拨 + 超时回拨 + 未回拨）",
     .formula_en = "in time ÷ (in time + late + never called)",
     .counts_zh = kCalledZh,
     .counts_en = kCalledEn,
     .order = share<callback_in_time, callback_settled>},
    {.name = "callbacks_escalated",
     .zh = "升级的任务",
     .en = "Escalated",
     .formula_zh = "升级的任务",
     .formula_en = "tasks a team lead was told of",
     .counts_zh = "转出方：承诺时间已过；受理方：无人接手。每项任务每方计一次。",
     .counts_en =
         "For the city that handed over: the promise had passed; for the other: nobody took it. Once a task and side.",
     .order = count<callback_escalated>},
};

}  // namespace

std::span<const Figure> callback_figures() { return kCallbackFigures; }

}  // namespace citybridge::reports
