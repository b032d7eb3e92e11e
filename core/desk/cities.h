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

// Whose live calls may be handed to another city's hotline (D3).
struct TransferRules {
    enum class Policy { never, level, supervisor };
    Policy policy = Policy::level;
    std::string level_field = "level";  // of a customer's fields
    std::vector<std::string> levels;    // of which he must be, and insist
    std::string supervisor;             // the number that is rung first
    std::vector<std::string> shown_as;  // numbers that calls from here show at other cities, besides the customer's
};

struct CitySet {
    std::map<std::string, City> all;
    TransferRules transfers;
    Millis pulse_every{20'000};         // how often each city is asked for a sign of life
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
// Whether this caller's call may go to another city now; `leads`: a supervisor asks. Error: "transfer.not_allowed".
Result<> may_transfer(const TransferRules& rules, const CustomerRecord* customer, bool insists, bool leads);
// "Hangzhou calls you back within 15 minutes."
std::string sentence(const CitySet& cities, const Calendars& calendars, const CityPromise& promise, WallTime now);

}  // namespace citybridge::desk
