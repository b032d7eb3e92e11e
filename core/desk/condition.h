#pragma once
// Conditions of a flow (<when>, <any>, <not>): one grammar for guards of actions,
// rows of decisions, steps of approvals. Plain data; judged in judge.h.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/settings.h"

namespace citybridge::desk {

// Where an element stands in its file, and each of its attributes.
struct Places {
    Position element;
    std::vector<std::pair<std::string, Position>> attributes;

    // The attribute's place, or the element's if it has none of this name.
    const Position& operator()(std::string_view attribute) const {
        for (const auto& [name, where] : attributes)
            if (name == attribute) return where;
        return element;
    }
};

struct Condition {
    enum class About {
        all,       // every one of `parts`
        any,       // one of them
        none,      // not all of them
        field,     // a field's value
        state,     // the order's state is one of `words`
        note,      // the request brings a note
        overdue,   // follow-up `name` fell due and was not settled since
        count,     // how often action `name` was taken
        asker,     // who asks: owner, not_owner, in_group, lead_of_group
        calendar,  // open or closed now
        related,   // a decision found an order: `yes`, or none
        no_leave,  // a day from field `name` to field `words[0]`, or of field `words[1]` days, is in a period without
                   // leave (C2); a missing field is an empty word
        verified,  // the customer proved for purpose `name` who he is, at most `number` milliseconds ago
    };
    enum class Test {
        is_one_of,  // one of `words`
        is_not,     // none of `words`; an absent value is none of them
        at_least,   // a number, or a date, time or choice by its text
        at_most,
        present,  // `yes`: has a value; else has none
        before,   // a date before today, or before now if it has a time
        after,
    };
    About about = About::all;
    Test test = Test::present;
    bool of_related = false;  // about the order a decision found, not about this one
    bool yes = true;
    std::string name;
    std::vector<std::string> words;
    std::int64_t number = 0;
    std::vector<Condition> parts;
    Places at;
};
using Conditions = std::vector<Condition>;  // all of them hold

}  // namespace citybridge::desk
