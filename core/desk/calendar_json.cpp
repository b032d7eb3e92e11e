#include "core/desk/calendar_json.h"

#include <cstdio>

#include "core/api/time.h"

namespace citybridge::desk {
namespace {

using Json = nlohmann::ordered_json;

std::string clock_text(int minute) {
    char text[24];
    std::snprintf(text, sizeof text, "%02d:%02d", minute / 60 % (minute == 1440 ? 25 : 24), minute % 60);
    return text;
}

Json hours_json(const Hours& hours) {
    Json out = Json::array();
    for (const Interval& each : hours) out.push_back({{"from", clock_text(each.from)}, {"to", clock_text(each.to)}});
    return out;
}

Json period_json(const Period* period) {
    if (period == nullptr) return nullptr;
    Json cover = Json::array();
    for (const Cover& each : period->cover)
        cover.push_back({{"from", clock_text(each.hours.from)},
                         {"to", clock_text(each.hours.to)},
                         {"people", each.people},
                         {"group", each.group.empty() ? Json(nullptr) : Json(each.group)}});
    return {{"name", period->name},
            {"from", to_text(period->from)},
            {"to", to_text(period->to)},
            {"no_leave", period->no_leave},
            {"cover", std::move(cover)}};
}

Json name_of_day(const CalendarDoc& doc, LocalDay day) {
    const auto it = doc.day_names.find(day);
    return it == doc.day_names.end() || it->second.empty() ? Json(nullptr) : Json(it->second);
}

}  // namespace

Json override_json(const CalendarOverrideRecord& row) {
    return {{"id", row.id},
            {"calendar", row.calendar},
            {"mode", row.mode},
            {"set_at", to_rfc3339(row.set_at)},
            {"until", row.until_at ? Json(to_rfc3339(*row.until_at)) : Json(nullptr)},
            {"set_by", row.set_by},
            {"reason", row.reason}};
}

Json calendar_json(const Calendars& calendars, const std::string& name, WallTime time) {
    const Calendar& calendar = *calendars.find(name);
    const CalendarDoc& doc = calendar.doc();
    const LocalDay day = calendar.local_day(time);
    const bool open = calendar.is_open(time);
    const WallTime next = open ? calendar.open_until(time) : calendar.next_opening(time);
    const CalendarOverrideRecord* forced = calendars.switch_at(name, time);
    return {{"name", name},
            {"city_calendar", name == calendars.city_name()},
            {"zone", doc.zone},
            {"open", open},
            {"until", to_rfc3339(next)},
            {"next_opening", to_rfc3339(open ? time : next)},
            {"last_day", doc.until ? Json(to_text(*doc.until)) : Json(nullptr)},
            {"day",
             {{"date", to_text(day)}, {"name", name_of_day(doc, day)}, {"hours", hours_json(calendar.hours_on(day))}}},
            {"period", period_json(calendar.period_on(day))},
            {"override", forced == nullptr ? Json(nullptr) : override_json(*forced)}};
}

}  // namespace citybridge::desk
