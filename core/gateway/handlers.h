#pragma once
// Handlers by file: functions from a call to its answer.
#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

// handlers_session.cpp
HttpResponse post_session(const Call& call);
HttpResponse get_session(const Call& call);
HttpResponse delete_session(const Call& call);
// handlers_live.cpp
HttpResponse get_contacts(const Call& call);
HttpResponse get_contact(const Call& call);
HttpResponse get_agents(const Call& call);
HttpResponse get_agent(const Call& call);
// handlers_commands.cpp
HttpResponse put_agent_state(const Call& call);
HttpResponse post_call(const Call& call);
HttpResponse post_hangup(const Call& call);
HttpResponse get_command(const Call& call);
// handlers_contact_actions.cpp
HttpResponse post_hold(const Call& call);
HttpResponse post_retrieve(const Call& call);
HttpResponse post_transfer(const Call& call);
HttpResponse post_consult(const Call& call);
HttpResponse post_conference(const Call& call);
HttpResponse post_record(const Call& call);
HttpResponse post_park(const Call& call);
// handlers_operation.cpp
HttpResponse get_health(const Call& call);
HttpResponse get_ready(const Call& call);
HttpResponse get_metrics(const Call& call);
HttpResponse get_openapi(const Call& call);
HttpResponse get_plugins(const Call& call);
HttpResponse post_reload(const Call& call);
HttpResponse get_users(const Call& call);
// handlers_orders.cpp
HttpResponse get_orders(const Call& call);
HttpResponse post_order(const Call& call);
HttpResponse get_order(const Call& call);
HttpResponse get_order_history(const Call& call);
HttpResponse post_order_note(const Call& call);
HttpResponse post_order_action(const Call& call);
// handlers_customers.cpp
HttpResponse get_customers(const Call& call);
HttpResponse get_customer(const Call& call);
HttpResponse get_customer_export(const Call& call);
HttpResponse post_customer(const Call& call);
HttpResponse patch_customer(const Call& call);
HttpResponse delete_customer(const Call& call);
// handlers_hooks.cpp
HttpResponse post_hook(const Call& call);
// handlers_outbox.cpp
HttpResponse get_outbox(const Call& call);
HttpResponse get_outbox_message(const Call& call);
HttpResponse post_outbox_replay(const Call& call);
HttpResponse post_outbox_cancel(const Call& call);
HttpResponse get_dead_letters(const Call& call);
HttpResponse post_dead_letters_replay(const Call& call);
HttpResponse get_destinations(const Call& call);
HttpResponse put_destination_state(const Call& call);
// handlers_users.cpp
HttpResponse post_user(const Call& call);
HttpResponse patch_user(const Call& call);
HttpResponse delete_user(const Call& call);
HttpResponse delete_user_sessions(const Call& call);
// handlers_recordings.cpp
HttpResponse get_recordings(const Call& call);
HttpResponse get_recording(const Call& call);
// handlers_stream.cpp
HttpResponse get_stream(const Call& call);

HttpResponse json_response(int status, const nlohmann::ordered_json& body);
nlohmann::ordered_json user_json(const User& user);  // no secrets

}  // namespace citybridge::gateway
