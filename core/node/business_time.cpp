#include "core/node/business_time.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/desk/due.h"
#include "core/node/metric.h"

namespace citybridge {
namespace {

constexpr const char* kCalendarsFingerprint = "calendars_fingerprint";
constexpr std::chrono::hours kCalendarWarnEvery{24};

void calendar_figure(prometheus::Registry& registry, const char* name, const char* help, const std::string& calendar,
                     double value) {
    prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({{"calendar", calendar}}).Set(value);
}

DurableInput correction_of(const std::string& order) {
    return OwnStep{desk::Request{order + ".corrected", {"system", "system", {}}, desk::CorrectDeadlines{order}}};
}

// Before every deadline.
DeadlineRecord before_all_deadlines() {
    DeadlineRecord row;
    row.due_at = WallTime::min();
    return row;
}

}  // namespace

BusinessTime::BusinessTime(const desk::Desk& desk, store::Store& store, store::Readers& readers,
                           prometheus::Registry& metrics)
    : desk_(desk),
      store_(store),
      readers_(readers),
      metrics_(metrics),
      corrected_(new_counter(metrics, "citybridge_deadlines_corrected_total",
                             "Orders whose deadlines were computed again because a calendar changed")) {}

Result<> BusinessTime::start() {
    auto rows = readers_.calendar_overrides();
    if (!rows) return rows.error();
    switches_ = std::move(*rows);
    desk_.set_calendars(desk_.calendars()->switched(switches_));
    const auto before = store_.meta(kCalendarsFingerprint);
    if (!before) return before.error();
    wanted_ = desk_.calendars()->fingerprint();
    if (*before != wanted_) begin();
    return ok();
}

void BusinessTime::replace(const desk::Calendars& calendars) {
    desk_.set_calendars(calendars.switched(switches_));
    if (desk_.calendars()->fingerprint() == wanted_) return;
    spdlog::info("calendar.changed open deadlines are computed again");
    begin();
}

void BusinessTime::switched(const std::vector<CalendarOverrideRecord>& rows) {
    for (const CalendarOverrideRecord& row : rows) {
        switches_.push_back(row);
        spdlog::info("calendar.override {} is {} by {}{}", row.calendar, row.mode, row.set_by,
                     row.reason.empty() ? "" : ": " + row.reason);
    }
    replace(*desk_.calendars());
}

void BusinessTime::begin() {
    wanted_ = desk_.calendars()->fingerprint();
    cursor_ = before_all_deadlines();
    found_any_ = false;
    passes_ = 0;
    found_.clear();
    not_before_ = {};
}

std::vector<DurableInput> BusinessTime::take(Now now) {
    std::vector<DurableInput> out;
    if (!cursor_ || now.mono < not_before_) return out;
    if (found_.empty() && !look(now)) return out;
    while (!found_.empty() && out.size() < kAtOnce) {
        out.push_back(correction_of(found_.front()));
        found_.pop_front();
    }
    corrected_.Increment(static_cast<double>(out.size()));
    return out;
}

// False: the store cannot be read now, or all is done.
bool BusinessTime::look(Now now) {
    const auto rows = readers_.open_deadlines_after(*cursor_, kChunk);
    if (!rows) {
        not_before_ = now.mono + kRetry;
        return false;
    }
    const auto calendars = desk_.calendars();
    for (const DeadlineRecord& row : *rows) {
        const auto due = desk::due_again(row, *calendars);
        if (!due || *due == desk::Calendar::Due{row.due_at, row.provisional}) continue;
        found_any_ = true;
        if (std::find(found_.begin(), found_.end(), row.order) == found_.end()) found_.push_back(row.order);
    }
    if (!rows->empty()) cursor_ = rows->back();
    if (rows->size() >= kChunk) return true;
    // The end of a pass. Corrections of it may still be on their way, or were refused: it is seen by another pass.
    if (!found_any_) {
        done();
        return false;
    }
    cursor_ = before_all_deadlines();
    found_any_ = false;
    // Two passes are the rule. What is found again and again cannot be corrected: it must not keep the strand busy.
    if (++passes_ > 2) {
        not_before_ = now.mono + kAgain;
        spdlog::warn("calendar.not_applied deadlines of {} orders or more are not as the calendars say; tried again",
                     found_.size());
    }
    return true;
}

void BusinessTime::done() {
    if (const auto kept = store_.set_meta(kCalendarsFingerprint, wanted_); !kept) {
        spdlog::warn("{} {}", kept.error().code, kept.error().detail);
        cursor_ = before_all_deadlines();
        return;
    }
    cursor_.reset();
    spdlog::info("calendar.applied every open deadline is as the calendars say");
}

std::optional<Millis> BusinessTime::wait(Now now) const {
    if (!cursor_) return std::nullopt;
    return std::max(Millis{0}, not_before_ - now.mono);
}

void BusinessTime::tell(Now now) {
    const auto calendars = desk_.calendars();
    const bool warn = now.mono >= warn_at_;
    if (warn) warn_at_ = now.mono + kCalendarWarnEvery;
    for (const std::string& name : calendars->names()) {
        const desk::Calendar& calendar = *calendars->find(name);
        calendar_figure(metrics_, "citybridge_calendar_open", "1 while the city is open by this calendar", name,
                        calendar.is_open(now.wall) ? 1 : 0);
        const auto until = calendar.doc().until;
        if (!until) continue;
        const auto left = *until - calendar.local_day(now.wall);
        calendar_figure(metrics_, "citybridge_calendar_days_left",
                        "Days until the calendar's end; deadlines beyond are provisional", name,
                        static_cast<double>(left.count()));
        if (warn && left < kWarning)
            spdlog::warn("calendar.ends calendar {} ends in {} days; add the next year's holidays and working weekends",
                         name, left.count());
    }
}

}  // namespace citybridge
