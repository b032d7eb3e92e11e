#pragma once
// What has ended, as the facts of reports.
#include <functional>
#include <string>

#include "core/api/changes.h"
#include "core/api/model.h"
#include "core/desk/flow.h"

namespace citybridge::reports {

// The group of an agent now; empty: none known.
using GroupOf = std::function<std::string(const std::string& agent)>;

// `after_agent`: he was in a menu or survey after an agent had talked with him. Precondition: the contact has ended.
ReportFacts facts_of(const Contact& contact, bool after_agent, const std::string& city, const GroupOf& group_of);

// What a step did to orders: its history and deadlines say it. Adds to `changes.facts`.
void add_order_facts(Changes& changes, const desk::FlowSet& flows);
// Likewise what it did to callbacks between cities (callback_facts.cpp); facts are OrderFact rows of kind
// "callback_out" and "callback_in". Notes in the rows' state_detail when the dialling began.
void add_callback_facts(Changes& changes);

}  // namespace citybridge::reports
