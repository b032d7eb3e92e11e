#pragma once
// What must hold across the parts of a flow: names used are defined, states can
// be reached and left, someone may carry out every action, what timers begin
// comes to an end. Every problem says where and what to do.
#include <functional>
#include <string>

#include "core/desk/calendars.h"
#include "core/desk/flow_book.h"

namespace citybridge::desk {

void check_flow(const Flow& flow, Problems& problems);
// Between flows: what one says of the orders of another.
void check_flows(const FlowSet& flows, Problems& problems);
// Against the city: entries of the directory, calendars, and connectors for the channels that are used.
void check_city(const FlowBook& book, const std::string& city, const std::function<bool(const std::string&)>& calendar,
                Problems& problems);
// That the periods after which something recurs are in its calendar.
void check_periods(const FlowSet& flows, const Calendars& calendars, Problems& problems);
// What follows from the parts, kept so that no step has to find it out again.
void prepare_flow(Flow& flow);

}  // namespace citybridge::desk
