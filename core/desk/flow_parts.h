#pragma once
// The parts of a flow around its states: when things are due, who gets an order,
// who is told what when nobody acts, who must agree, what repeats. Plain data.
#include <optional>
#include <string>
#include <vector>

#include "core/api/records.h"
#include "core/api/time.h"
#include "core/desk/condition.h"
#include "core/desk/due.h"

namespace citybridge::desk {

// When something is due, counted from the step that sets it.
struct Term {
    DueRule rule;
    std::string calendar;   // empty: the flow's
    bool by_clock = false;  // `after` is counted day and night
};

// What sets something off.
struct Trigger {
    enum class Kind {
        open,
        close,
        note,
        action,
        state,
        overdue,
        reminder,
        escalation,
        exhausted,
        undelivered,
        verification,
        menu,  // of the PBX; nothing that happens to an order: only words are said there
    };
    Kind kind = Kind::open;
    std::string name;  // of the action, state, follow-up, escalation, chain or menu; of a verification what came of it

    friend bool operator==(const Trigger&, const Trigger&) = default;
};

// <set field value | value_of>
struct SetDef {
    enum class Value { literal, now, today, asker, empty };
    std::string field;
    Value value = Value::literal;
    Fields literal;  // as the field's type wants it
    Places at;
};

// Somebody, or several, told or asked.
struct Recipient {
    enum class Kind {
        owner,       // of the order; nobody: his group
        asker,       // who took the step
        opener,      // who opened the order
        group,       // `name`, or the order's own
        group_lead,  // team leads of the order's group
        role,        // everybody of role `name`
        user,
        chain,      // the person whose turn it is in chain `name`
        directory,  // the first person of entry `name`
        field,      // user, phone or e-mail in field `name`
        customer,
    };
    Kind kind = Kind::owner;
    std::string name;

    friend bool operator==(const Recipient&, const Recipient&) = default;
};

// <assign>: whose the order becomes.
struct AssignDef {
    enum class To { asker, owner, call_taker, group, least_busy, skill, directory, chain, field, team_lead, user };
    Trigger on;
    To to = To::asker;
    std::string name;  // of the group, skill, entry, chain, field or user
    Conditions when;
    Places at;
};

// Words to say (标准话述): shown only once both managers have approved this version.
struct ScriptDef {
    struct Approval {
        std::string role;  // product_manager, centre_manager
        std::string name;
        std::string day;  // "2026-03-01"
    };
    Trigger on;  // open, state, action or menu
    std::int64_t version = 1;
    std::string title;
    std::string text;
    std::vector<Approval> approved_by;
    bool approved = false;
    Places at;
};

// People to call one after the other; the order keeps how far it is.
struct ChainDef {
    std::string name;
    std::string title;
    std::string entry;  // of the directory; empty: named by `field`
    std::string field;
    std::string exhausted;  // action taken when nobody is left; empty: begins again with the first
    Places at;
};

struct QuietHours {
    int from = 0;  // minutes after midnight; may be later than `to`
    int to = 0;
    bool ignore = false;  // told all the same
};

struct EscalationStep {
    Millis after{};  // after the step before, or the start; 0: at once
    Recipient to;
    std::vector<std::string> channels;  // tried in this order: screen, phone, email, sms
    std::string message;                // template
    std::optional<Millis> ack_within;   // acknowledged in time: the escalation ends; else the next step
    std::optional<QuietHours> quiet;
    std::optional<SetDef> raise;
    Places at;
};

// Who is told next, by which channel, after how long.
struct EscalationDef {
    std::string name;
    std::string title;
    std::vector<Trigger> start;
    std::vector<std::string> stop;  // actions; an acknowledgement ends it in any case
    bool by_clock = false;  // its times run day and night, not in business time
    std::vector<EscalationStep> steps;
    Places at;
};

struct TellDef {
    Trigger on;
    Recipient to;
    std::vector<std::string> channels;
    std::string message;
    Conditions when;
    std::optional<Term> confirm_within;  // E3: else `unconfirmed` begins
    std::string unconfirmed;             // escalation
    Places at;
};

// A template's text, cut into what stands there and what is filled in when it is sent.
struct TextPart {
    enum class Kind { words, field, order, customer, due, chain, script };
    Kind kind = Kind::words;
    std::string text;  // the words, or the name of what is filled in
};

struct TemplateDef {
    std::string name;
    std::string channel;   // empty: every channel
    std::string language;  // empty: any
    bool for_customer = false;  // people may send it to customers themselves
    std::vector<TextPart> subject;
    std::vector<TextPart> text;
    Places at;
};

// What is done with a request, by the state of another order of the same customer (B5).
struct DecisionDef {
    struct Row {
        enum class Do { open, act_on_related, action };
        Conditions when;
        Do what = Do::open;
        std::string action;
        Places at;
    };
    std::string name;
    Trigger on;
    std::string look;  // kind of the related order
    bool by_customer = true;
    std::vector<std::string> by_fields;  // both orders have the same values
    bool open_only = true;
    std::vector<Row> rows;
    Places at;
};

struct ApprovalStep {
    std::string title;
    Recipient by;
    int quorum = 1;         // so many different people
    bool deputies = false;  // anybody of the chain or entry, not only whose turn it is
    std::optional<Term> within;
    std::string late;  // escalation
    Conditions when;   // the step is left out when they do not hold
    Places at;
};

struct ApprovalDef {
    std::string name;
    std::string title;
    Trigger start;         // open or action
    std::string approved;  // action
    std::string rejected;  // action
    std::vector<ApprovalStep> steps;
    Places at;
};

// Opens an order of this kind again and again, once per occurrence.
struct RecurrenceDef {
    enum class Every { day, working_day, week, month };
    enum class Else { next_working, previous_working, skip };  // on a day without hours
    std::string name;
    Every every = Every::day;
    std::vector<int> at;              // minutes after midnight
    int weekday = 1;                  // from Sunday, of `week`
    int day = 1;                      // of `month`; 0: the last
    std::string first_working_after;  // of `month`: the first working day after this named period ends
    std::optional<Else> otherwise;    // none: whatever the day
    std::string owner;
    std::string group;
    std::vector<SetDef> sets;
    Places places;
};

// Who sees orders of this kind besides those who always do: owner, opener, those asked to approve. Not given: as usual.
struct VisibleDef {
    bool given = false;
    std::vector<std::string> roles;
    Places at;
};

}  // namespace citybridge::desk
