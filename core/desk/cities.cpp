#include "core/desk/cities.h"

#include <date/tz.h>

#include <algorithm>

namespace citybridge::desk {
namespace {

const Calendar& hours_of(const Calendars& calendars, const City& city) {
    static const Calendar kAlwaysOpen;
    const Calendar* found = city.calendar.empty() ? &kAlwaysOpen : calendars.find(city.calendar);
    return found == nullptr ? kAlwaysOpen : *found;
}

// The line has been down for longer than the promise is long.
bool unreachable(const City& city, const std::map<std::string, Millis>& waiting) {
    const auto found = waiting.find(city.destination);
    return found != waiting.end() && found->second >= city.promise;
}

CityPromise promise_by(const Calendars& calendars, const City& city, WallTime now) {
    CityPromise out;
    out.city = city.id;
    out.within = city.promise;
    const Calendar& hours = hours_of(calendars, city);
    out.promised_at = hours.add_business_time(now, city.promise).due;
    out.when = out.promised_at <= now + city.promise ? CityPromise::When::now : CityPromise::When::opening;
    return out;
}

std::string local(const Calendar& hours, WallTime time) {
    const auto zoned = date::make_zoned(hours.doc().zone, std::chrono::floor<std::chrono::minutes>(time));
    return date::format("%Y-%m-%d %H:%M", zoned);
}

std::string clock(const Calendar& hours, WallTime time) { return local(hours, time).substr(11); }

}  // namespace

std::string_view to_string(CityPromise::When value) {
    switch (value) {
        case CityPromise::When::now: return "now";
        case CityPromise::When::opening: return "opening";
        case CityPromise::When::not_now: return "not_now";
    }
    return "";
}

CityPromise promise_of(const CitySet& cities, const Calendars& calendars, const City& city, WallTime now,
                       const std::map<std::string, Millis>& waiting) {
    CityPromise out = promise_by(calendars, city, now);
    const City* deputy = city.deputy.empty() ? nullptr : cities.find(city.deputy);
    // Closed: its deputy, if that one is open and can be reached.
    if (deputy != nullptr && (out.when != CityPromise::When::now || unreachable(city, waiting))) {
        CityPromise other = promise_by(calendars, *deputy, now);
        if (other.when == CityPromise::When::now && !unreachable(*deputy, waiting)) return other;
    }
    if (!unreachable(city, waiting)) return out;
    out.when = CityPromise::When::not_now;
    out.reason = "unreachable";
    return out;
}

std::string sentence(const CitySet& cities, const Calendars& calendars, const CityPromise& promise, WallTime now) {
    const City* city = cities.find(promise.city);
    if (city == nullptr) return {};
    const Calendar& hours = hours_of(calendars, *city);
    switch (promise.when) {
        case CityPromise::When::now:
            return city->name + " calls you back within " +
                   std::to_string(std::chrono::duration_cast<std::chrono::minutes>(promise.within).count()) +
                   " minutes.";
        case CityPromise::When::opening: {
            const WallTime opens = hours.next_opening(now);
            // Open still, but not for long enough: by the deadline, then.
            const WallTime said = opens > now ? opens : promise.promised_at;
            const char* by = opens > now ? " from " : " by ";
            if (hours.same_local_day(now, said))
                return city->name + " calls you back today" + by + clock(hours, said) + ".";
            if (hours.local_day(said) == hours.local_day(now) + std::chrono::days{1})
                return city->name + " calls you back tomorrow" + by + clock(hours, said) + ".";
            return city->name + " calls you back" + by + local(hours, said) + ".";
        }
        case CityPromise::When::not_now:
            return city->name + " cannot be reached at the moment; no callback can be promised.";
    }
    return {};
}

Result<> may_transfer(const TransferRules& rules, const CustomerRecord* customer, bool insists, bool leads) {
    using Policy = TransferRules::Policy;
    if (rules.policy == Policy::never)
        return Error{"transfer.not_allowed", "calls are not transferred to other cities here; offer a callback"};
    // The supervisor decides; an agent's call comes to him first.
    if (leads || rules.policy == Policy::supervisor) return ok();
    if (!insists)
        return Error{"transfer.not_allowed", "offer a callback first; only who insists (insists=true) is transferred"};
    std::string level;
    if (customer != nullptr)
        if (const auto found = customer->fields.find(rules.level_field); found != customer->fields.end())
            level = found->is_string() ? found->get<std::string>() : found->dump();
    if (!level.empty() && std::find(rules.levels.begin(), rules.levels.end(), level) != rules.levels.end()) return ok();
    return Error{"transfer.not_allowed", "only customers of a high level (field \"" + rules.level_field +
                                             "\") are transferred to another city; offer a callback, or ask a "
                                             "supervisor"};
}

}  // namespace citybridge::desk
