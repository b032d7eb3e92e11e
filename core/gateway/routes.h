#pragma once
// The routes of each subject, in the file of that subject.
#include "core/gateway/router.h"

namespace citybridge::gateway {

// routes_papers.cpp: dispositions, knowledge base, notices, shifts, help.
std::span<const Route> paper_routes();

// routes_desk.cpp: customers beyond their own data, many orders at once, attachments, outgoing lists.
std::span<const Route> desk_routes();

// routes_reports.cpp: reports and quality.
std::span<const Route> report_routes();

// routes_calendars.cpp: business time.
std::span<const Route> calendar_routes();

// routes_verification.cpp: callers who prove who they are, blocked addresses.
std::span<const Route> verification_routes();

// routes_messages.cpp: short messages to customers.
std::span<const Route> message_routes();

// routes_callbacks.cpp: callbacks between cities.
std::span<const Route> callback_routes();

// routes_flows.cpp: kinds of work orders.
std::span<const Route> flow_routes();

}  // namespace citybridge::gateway
