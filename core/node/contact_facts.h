#pragma once
// What the store is to know of live calls: every contact's end for the journal,
// and events for those who subscribed. The live strand never waits for a disk,
// so facts are kept here as the latest state per contact plus its end: bounded
// by the calls there are. Thread-safe.
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/api/changes.h"
#include "core/api/events.h"
#include "core/desk/desk.h"
#include "core/reports/make_facts.h"

namespace citybridge {

class ContactFacts {
public:
    // `wake` is called when there is something to take. `generation` makes the ids of this process's events its own.
    ContactFacts(
        std::vector<desk::Subscriber> subscribers, std::string generation, std::function<void()> wake,
        std::string city = {}, reports::GroupOf group_of = [](const std::string&) { return std::string(); });

    // The live strand's listener. Does not block.
    void note(const EventPtr& event);
    // What is to be committed, each element one step.
    std::vector<Changes> take(std::size_t limit);
    bool empty() const;

private:
    // Of a contact that has ended: whether he was handed to a menu or survey after the conversation.
    struct Ended {
        EventPtr event;
        bool after_agent = false;
    };
    Changes rows_of(const EventEnvelope& event, bool after_agent) const;
    bool wanted(std::string_view type) const;

    const std::vector<desk::Subscriber> subscribers_;
    const std::string generation_;
    const std::function<void()> wake_;
    const std::string city_;
    const reports::GroupOf group_of_;
    mutable std::mutex mutex_;
    std::map<std::string, EventPtr> latest_;  // by contact: an event that a later one of the same contact replaces
    std::deque<Ended> ended_;
    std::set<std::string> after_agent_;  // live contacts
};

}  // namespace citybridge
