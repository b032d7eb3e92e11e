#pragma once
// The directory of cities: whom a callback may be handed to, what may be
// promised there, and what may travel.
#include <map>
#include <optional>
#include <string>

#include "core/desk/calendars.h"
#include "core/relay/callback.h"

namespace citybridge::desk {

struct City {
    std::string id;
    std::string name;         // for people
    std::string hotline;      // of an on-line transfer (D2)
    std::string calendar;     // its hours, as this node knows them; empty: always open
    std::string deputy;       // who takes its callbacks while it is closed; empty: they wait for its opening
    std::string destination;  // of the outbox: "<link instance>.<city>"
    Millis promise{15 * 60'000};
    // What may leave this city with a task.
    bool customer_travels = true;
    bool notes_travel = true;
    bool recording_travels = false;
};

struct CitySet {
    std::map<std::string, City> all;
    relay::CallbackSettings callbacks;  // this city's own rules

    const City* find(const std::string& id) const {
        const auto found = all.find(id);
        return found == all.end() ? nullptr : &found->second;
    }
};

// What the customer may be told now.
struct CityPromise {
    enum class When { now, opening, not_now };
    When when = When::now;
    std::string city;        // who will call: the one asked for, or its deputy
    WallTime promised_at{};  // both sides see it
    Millis within{};         // of open time
    std::string reason;      // of not_now: "unreachable"
};
std::string_view to_string(CityPromise::When value);

// `waiting`: for how long the oldest message to the city's link has been undelivered.
CityPromise promise_of(const CitySet& cities, const Calendars& calendars, const City& city, WallTime now,
                       const std::map<std::string, Millis>& waiting);
// "Hangzhou calls you back within 15 minutes."
std::string sentence(const CitySet& cities, const Calendars& calendars, const CityPromise& promise, WallTime now);

}  // namespace citybridge::desk
