#pragma once
// What reports are computed from: rows that are written once, when something
// has ended, and never change (an agent's interval is closed once). No name, no
// customer's number: counts survive the erasure of a person.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/api/time.h"

namespace citybridge {

constexpr std::int64_t kNotKnown = -1;  // of a duration

// A contact at its end.
struct ContactFact {
    std::string contact;
    WallTime started_at{};
    WallTime ended_at{};
    std::optional<WallTime> queued_at;
    std::optional<WallTime> answered_at;
    std::string direction;  // words of the API, like outcome and ended_by
    std::string outcome;
    std::string ended_by;
    std::string queue;
    std::string called_number;  // inbound: the line that was called; else empty, because it would be the customer's
    std::string agent;          // who answered first
    std::string group;          // his group at that time
    std::string city;
    std::string disposition;
    std::string survey;           // the mark; empty: none
    bool survey_offered = false;  // handed over to the survey
    std::int64_t wait_ms = kNotKnown;
    std::int64_t talk_ms = 0;
    std::int64_t hold_ms = 0;
    std::int64_t ring_ms = kNotKnown;  // how long the phone rang that was answered
    std::int64_t offers = 0;
    std::int64_t transfers = 0;
    bool inferred = false;

    friend bool operator==(const ContactFact&, const ContactFact&) = default;
};

// One agent's part in a contact: it was offered to him, or he talked.
struct PartFact {
    std::string contact;
    std::int64_t n = 0;  // from 1 within the contact
    std::string kind;    // "offer", "talk"
    std::string agent;
    std::string group;
    std::string queue;
    std::string direction;
    WallTime from{};
    WallTime to{};
    std::string result;  // of an offer: the API's word; of a talk: "first" for who answered first, else "joined"

    friend bool operator==(const PartFact&, const PartFact&) = default;
};

// An agent was in one state from `from` to `to`. The agent "" stands for the node itself: state "node_down" or
// "link_down", when nobody could see what agents did.
struct AgentInterval {
    std::string agent;
    WallTime from{};
    std::optional<WallTime> to;  // none: still in it
    std::string state;
    std::string reason;  // of a break
    std::string group;
    std::string cause;  // what began it
    std::string end;  // what closed it: "change", "stopped" (the node was), "lost" (it died: `to` is when it was seen)

    friend bool operator==(const AgentInterval&, const AgentInterval&) = default;
};

// Something happened to an order, or a promise about it was kept or broken.
struct OrderFact {
    std::string order;
    std::string what;    // "opened", "moved", "closed", "reopened", "met", "missed", "withdrawn"
    std::string name;    // of the last three: the follow-up's
    std::int64_t n = 0;  // of the history row or the deadline
    WallTime at{};
    std::optional<WallTime> due_at;  // of a follow-up
    std::string kind;
    std::string group;
    std::string owner;
    std::string city;
    std::string contact;
    std::string state;  // of the order afterwards

    friend bool operator==(const OrderFact&, const OrderFact&) = default;
};

// Somebody of the quality staff listened and scored (F5).
struct QualityScore {
    std::string id;
    std::string contact;
    std::string agent;
    std::string group;
    std::string form;
    std::int64_t form_version = 0;
    std::int64_t points = 0;
    std::int64_t max_points = 0;
    nlohmann::ordered_json answers = nlohmann::ordered_json::object();  // item to points
    std::string remark;
    std::string scored_by;
    WallTime at{};
    bool training = false;  // the remark is material for training

    friend bool operator==(const QualityScore&, const QualityScore&) = default;
};

// A scheduled report was produced for a period; one row for each, ever.
struct ReportRun {
    std::string report;
    WallTime from{};
    WallTime to{};
    WallTime made_at{};
    std::string file;

    friend bool operator==(const ReportRun&, const ReportRun&) = default;
};

struct ReportFacts {
    std::vector<ContactFact> contacts;     // new; a known id is left as it is
    std::vector<PartFact> parts;           // new; likewise
    std::vector<AgentInterval> intervals;  // new or closed, by agent and `from`
    std::vector<OrderFact> orders;         // new; a known one is left as it is
    std::vector<QualityScore> scores;      // new; a repeated id is an error
    std::vector<ReportRun> runs;           // new; a repeated period is an error

    bool empty() const {
        return contacts.empty() && parts.empty() && intervals.empty() && orders.empty() && scores.empty() &&
               runs.empty();
    }
};

}  // namespace citybridge
