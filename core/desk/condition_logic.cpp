#include "core/desk/condition_logic.h"

#include <algorithm>

namespace citybridge::desk {
namespace {

using About = Condition::About;
using Test = Condition::Test;

bool same_subject(const Condition& a, const Condition& b) {
    return a.about == b.about && a.name == b.name && a.of_related == b.of_related;
}

bool subset(const std::vector<std::string>& small, const std::vector<std::string>& large) {
    return std::all_of(small.begin(), small.end(), [&](const auto& word) { return listed(large, word); });
}

bool disjoint(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::none_of(a.begin(), a.end(), [&](const auto& word) { return listed(b, word); });
}

// Only whole numbers are in the order of their numbers.
bool is_number(const Flow& flow, const Condition& one) {
    if (one.about == About::count) return true;
    const FieldDef* field = one.of_related ? nullptr : flow.field(one.name);
    return field != nullptr && field->type == FieldType::integer;
}

// It has a value.
bool wants_value(const Condition& one) { return one.test == Test::present ? one.yes : one.test != Test::is_not; }

bool values_exclude(const Flow& flow, const Condition& a, const Condition& b) {
    if (a.test == Test::present && !a.yes) return wants_value(b);
    if (a.test == Test::is_one_of && b.test == Test::is_one_of) return disjoint(a.words, b.words);
    if (a.test == Test::is_one_of && b.test == Test::is_not) return subset(a.words, b.words);
    if (a.test == Test::before) return b.test == Test::after;
    return a.test == Test::at_least && b.test == Test::at_most && is_number(flow, a) && a.number > b.number;
}

bool excludes(const Flow& flow, const Condition& a, const Condition& b) {
    if (a.about == About::related && !a.yes && b.of_related) return true;
    if (!same_subject(a, b)) return false;
    switch (a.about) {
        case About::field: return values_exclude(flow, a, b);
        case About::count: return a.test == Test::at_least && b.test == Test::at_most && a.number > b.number;
        case About::state: return disjoint(a.words, b.words);
        case About::note:
        case About::calendar:
        case About::related: return a.yes != b.yes;
        case About::asker: return a.words == std::vector<std::string>{"owner"} && b.words.front() == "not_owner";
        case About::all:
        case About::any:
        case About::none:
        case About::overdue:
        case About::no_leave:
        case About::verified: return false;
    }
    return false;
}

bool value_implies(const Flow& flow, const Condition& a, const Condition& b) {
    switch (b.test) {
        case Test::present: return b.yes ? wants_value(a) : a.test == Test::present && !a.yes;
        case Test::is_one_of: return a.test == Test::is_one_of && subset(a.words, b.words);
        case Test::is_not:
            if (a.test == Test::is_not) return subset(b.words, a.words);
            if (a.test == Test::is_one_of) return disjoint(a.words, b.words);
            return a.test == Test::present && !a.yes;
        case Test::at_least:
        case Test::at_most: {
            if (a.test != b.test) return false;
            if (!is_number(flow, a)) return a.words == b.words;
            return b.test == Test::at_least ? a.number >= b.number : a.number <= b.number;
        }
        case Test::before:
        case Test::after: return a.test == b.test;
    }
    return false;
}

bool implies(const Flow& flow, const Condition& a, const Condition& b);

bool one_implies(const Flow& flow, const Conditions& list, const Condition& b) {
    return std::any_of(list.begin(), list.end(), [&](const Condition& a) { return implies(flow, a, b); });
}

bool implies(const Flow& flow, const Condition& a, const Condition& b) {
    if (b.about == About::all) return imply(flow, {a}, b.parts);
    if (a.about == About::all) return one_implies(flow, a.parts, b);
    if (a.about == About::any)
        return std::all_of(a.parts.begin(), a.parts.end(), [&](const auto& part) { return implies(flow, part, b); });
    if (b.about == About::any)
        return std::any_of(b.parts.begin(), b.parts.end(), [&](const auto& part) { return implies(flow, a, part); });
    // <not> of less holds more seldom.
    if (a.about == About::none) return b.about == About::none && imply(flow, b.parts, a.parts);
    if (b.about == About::related && b.yes && a.of_related) return true;
    if (!same_subject(a, b)) return false;
    switch (a.about) {
        case About::field: return value_implies(flow, a, b);
        case About::count:
            return a.test == b.test && (a.test == Test::at_least ? a.number >= b.number : a.number <= b.number);
        case About::state: return subset(a.words, b.words);
        case About::note:
        case About::calendar:
        case About::related: return a.yes == b.yes;
        case About::asker:
        case About::no_leave: return a.words == b.words;
        case About::verified: return a.number <= b.number;
        case About::overdue: return true;
        case About::all:
        case About::any:
        case About::none: return false;
    }
    return false;
}

}  // namespace

bool exclude(const Flow& flow, const Condition& a, const Condition& b) {
    return excludes(flow, a, b) || excludes(flow, b, a);
}

bool imply(const Flow& flow, const Conditions& a, const Conditions& b) {
    return std::all_of(b.begin(), b.end(), [&](const Condition& one) { return one_implies(flow, a, one); });
}

}  // namespace citybridge::desk
