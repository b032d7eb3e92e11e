#include "core/gateway/problem.h"

#include <algorithm>
#include <array>

#include "core/api/model_json.h"

namespace citybridge::gateway {
namespace {

constexpr std::array kKinds{
    ProblemKind{"http.bad_request", 400, "The request is not valid HTTP"},
    ProblemKind{"http.timeout", 408, "The request was not complete in time"},
    ProblemKind{"http.length_required", 411, "The body's length is missing"},
    ProblemKind{"http.body_too_large", 413, "The body is too large"},
    ProblemKind{"http.expectation", 417, "The expectation cannot be met"},
    ProblemKind{"http.head_too_large", 431, "The headers are too large"},
    ProblemKind{"http.busy", 503, "Too many requests are waiting"},
    ProblemKind{"http.too_many_connections", 503, "All connections are in use"},
    ProblemKind{"http.version", 505, "HTTP version not supported"},
    ProblemKind{"request.bad_json", 400, "The body is not valid JSON"},
    ProblemKind{"request.bad_field", 400, "A field has a wrong value"},
    ProblemKind{"request.missing_field", 400, "A field is missing"},
    ProblemKind{"request.unknown_field", 400, "A field is not known"},
    ProblemKind{"request.bad_parameter", 400, "A query parameter has a wrong value"},
    ProblemKind{"request.unknown_parameter", 400, "A query parameter is not known"},
    ProblemKind{"request.unexpected_body", 400, "This request takes no body"},
    ProblemKind{"request.media_type", 415, "The body must be application/json"},
    ProblemKind{"auth.required", 401, "Log in first"},
    ProblemKind{"auth.failed", 401, "Name or password is wrong"},
    ProblemKind{"auth.forbidden", 403, "Not allowed"},
    ProblemKind{"auth.throttled", 429, "Too many attempts"},
    ProblemKind{"route.not_found", 404, "There is nothing here"},
    ProblemKind{"route.method_not_allowed", 405, "This method is not allowed here"},
    ProblemKind{"contact.unknown", 404, "No such contact"},
    ProblemKind{"contact.ended", 409, "The contact has ended"},
    ProblemKind{"contact.not_part", 409, "The agent takes no part in the contact"},
    ProblemKind{"command.not_possible", 409, "The command is not possible now"},
    ProblemKind{"command.under_way", 409, "A command of this kind is still under way"},
    ProblemKind{"agent.unknown", 404, "No such agent"},
    ProblemKind{"report.not_configured", 404, "This node has no reports"},
    ProblemKind{"report.unknown", 404, "No such report"},
    ProblemKind{"report.bad_time", 400, "The period is not valid"},
    ProblemKind{"report.bad_filter", 400, "The report cannot be filtered by this"},
    ProblemKind{"report.too_big", 422, "The report would be too big"},
    ProblemKind{"report.too_slow", 503, "The report takes too long"},
    ProblemKind{"report.busy", 503, "Other reports are being made"},
    ProblemKind{"report.not_written", 500, "The report could not be written"},
    ProblemKind{"score.unknown_form", 422, "No such form"},
    ProblemKind{"score.bad_answers", 422, "The answers do not fit the form"},
    ProblemKind{"score.no_agent", 422, "It is not clear whose part is scored"},
    ProblemKind{"recording.unknown", 404, "No such recording"},
    ProblemKind{"recording.not_configured", 404, "This node has no way to the recordings"},
    ProblemKind{"recording.gone", 404, "The recording's file is not there"},
    ProblemKind{"recording.refused", 403, "The recording lies outside of the recordings' folder"},
    ProblemKind{"recording.bad_range", 416, "No byte of the recording is in the range"},
    ProblemKind{"recording.unavailable", 502, "The recording cannot be fetched now"},
    ProblemKind{"recording.busy", 503, "Too many recordings are being sent"},
    ProblemKind{"command.unknown", 404, "No such command"},
    ProblemKind{"pbx.link_down", 503, "The PBX cannot be reached"},
    ProblemKind{"node.busy", 503, "The node is busy"},
    ProblemKind{"node.not_ready", 503, "The node is not ready"},
    ProblemKind{"idempotency.bad_key", 400, "The Idempotency-Key is not valid"},
    ProblemKind{"idempotency.mismatch", 422, "The Idempotency-Key was used for another request"},
    ProblemKind{"idempotency.in_flight", 409, "The first request with this Idempotency-Key is still running"},
    ProblemKind{"stream.upgrade_required", 426, "This address speaks WebSocket only"},
    ProblemKind{"stream.bad_handshake", 400, "The WebSocket handshake is not valid"},
    ProblemKind{"stream.too_many", 503, "Too many stream clients"},
    ProblemKind{"stream.too_many_of_user", 429, "Too many stream clients of this user"},
    ProblemKind{"session.second_place", 409, "The agent is logged in at another place"},
    ProblemKind{"customer.unknown", 404, "No such customer"},
    ProblemKind{"customer.number_taken", 409, "The number belongs to another customer"},
    ProblemKind{"customer.changed_meanwhile", 409, "The customer was changed meanwhile"},
    ProblemKind{"customer.bad_fields", 422, "The customer's fields are not as they must be"},
    ProblemKind{"customer.merged", 409, "The customer is another one's second entry"},
    ProblemKind{"customer.no_calls", 409, "The customer does not want to be called"},
    ProblemKind{"attachment.unknown", 404, "No such attachment"},
    ProblemKind{"attachment.too_large", 413, "The file is too large"},
    ProblemKind{"attachment.bad_type", 422, "The file is of a kind that is not taken"},
    ProblemKind{"attachment.bad_name", 422, "The file's name cannot be kept"},
    ProblemKind{"attachment.unavailable", 503, "The data folder cannot be used now"},
    ProblemKind{"outgoing.unknown", 404, "No such outgoing list"},
    ProblemKind{"outgoing.unknown_entry", 404, "No such entry of an outgoing list"},
    ProblemKind{"outgoing.closed", 409, "The outgoing list is closed"},
    ProblemKind{"outgoing.not_now", 409, "The outgoing list is not called now"},
    ProblemKind{"outgoing.not_taken", 409, "The entry is not the asker's"},
    ProblemKind{"outgoing.bad_window", 422, "The list's days cannot be worked out"},
    ProblemKind{"outgoing.bad_kind", 422, "No such kind of outgoing list"},
    ProblemKind{"outgoing.bad_result", 422, "No such result of a call"},
    ProblemKind{"outgoing.bad_file", 422, "The file cannot be used"},
    ProblemKind{"flow.unknown", 422, "No such kind of order"},
    ProblemKind{"flow.migration_refused", 409, "Some orders cannot go over to the new version"},
    ProblemKind{"config.invalid", 422, "The configuration has mistakes"},
    ProblemKind{"config.no_file", 409, "This node has no configuration file"},
    ProblemKind{"flow.version_in_use", 409, "Open orders are on this version of the flow"},
    ProblemKind{"flow.not_found", 404, "No such kind of order"},
    ProblemKind{"order.unknown", 404, "No such order"},
    ProblemKind{"order.bad_fields", 422, "The order's fields are not as its flow wants them"},
    ProblemKind{"order.action_not_possible", 409, "The action is not possible now"},
    ProblemKind{"order.no_owner", 422, "Nobody would own the order"},
    ProblemKind{"order.not_yours_to_approve", 403, "The order waits for somebody else"},
    ProblemKind{"order.rules_failed", 500, "The rules of this kind of order failed"},
    ProblemKind{"order.changed_meanwhile", 409, "The order was changed meanwhile"},
    ProblemKind{"disposition.none", 409, "This city has no dispositions"},
    ProblemKind{"disposition.unknown", 422, "No such disposition"},
    ProblemKind{"disposition.not_a_leaf", 422, "The disposition is divided further"},
    ProblemKind{"disposition.missing", 409, "Contacts without a disposition"},
    ProblemKind{"paper.unknown", 404, "No such paper"},
    ProblemKind{"paper.bad_fields", 422, "The fields are not as the action wants them"},
    ProblemKind{"paper.action_not_possible", 409, "The action is not possible now"},
    ProblemKind{"paper.changed_meanwhile", 409, "It was changed meanwhile"},
    ProblemKind{"notice.not_read", 409, "The notice has not been read"},
    ProblemKind{"notice.no_tries_left", 409, "All tries of the test are used up"},
    ProblemKind{"shift.reports_missing", 409, "Reports of the shift are missing"},
    ProblemKind{"shift.matters_open", 409, "Matters of the shift are not taken over"},
    ProblemKind{"shift.same_person", 409, "Two people sign a shift over"},
    ProblemKind{"skill.unknown", 404, "No such skill"},
    ProblemKind{"calendar.unknown", 404, "No such calendar"},
    ProblemKind{"calendar.bad_override", 422, "The calendar cannot be switched like this"},
    ProblemKind{"hook.unknown", 404, "No connector takes messages under this name"},
    ProblemKind{"hook.bad_signature", 401, "The signature is not right"},
    ProblemKind{"hook.too_old", 400, "The message is too old or from the future"},
    ProblemKind{"hook.bad_message", 400, "The message is not as it must be"},
    ProblemKind{"hook.not_understood", 422, "No rules know what the message means"},
    ProblemKind{"outbox.unknown", 404, "No such message"},
    ProblemKind{"relay.not_replayable", 409, "The message cannot be replayed"},
    ProblemKind{"relay.not_cancellable", 409, "The message cannot be cancelled"},
    ProblemKind{"destination.unknown", 404, "No such destination"},
    ProblemKind{"user.unknown", 404, "No such user"},
    ProblemKind{"user.in_configuration", 409, "The user is in the configuration file"},
    ProblemKind{"user.exists", 409, "The user exists already"},
    ProblemKind{"gateway.users_invalid", 422, "The user cannot be accepted"},
    ProblemKind{"plugin.exception", 500, "A plugin failed"},
    ProblemKind{"store.rejected", 422, "The store cannot take this"},
    ProblemKind{"store.unavailable", 503, "The store is away"},
    ProblemKind{"store.full", 503, "The disk is full"},
    ProblemKind{"store.locked", 503, "The store is locked"},
    ProblemKind{"store.busy", 503, "The store is busy"},
    ProblemKind{"store.failed", 503, "The store failed"},
    ProblemKind{"store.damaged", 503, "The store is damaged"},
    ProblemKind{"store.not_durable", 503, "The store would not keep what it acknowledges"},
    ProblemKind{"store.outcome_unknown", 504, "Whether it was done is not known yet"},
    ProblemKind{"server.error", 500, "Something went wrong in the node"},
};

}  // namespace

std::span<const ProblemKind> problem_kinds() { return kKinds; }

const ProblemKind& problem_kind(std::string_view code) {
    const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& kind) { return kind.code == code; });
    return found == kKinds.end() ? kKinds.back() : *found;
}

HttpResponse problem(std::string_view code, std::string_view detail, const nlohmann::ordered_json& more) {
    const ProblemKind& kind = problem_kind(code);
    nlohmann::ordered_json body{{"type", "urn:citybridge:problem:" + std::string(kind.code)},
                                {"title", kind.title},
                                {"status", kind.status},
                                {"detail", detail},
                                {"code", kind.code}};
    body.update(more);
    HttpResponse response;
    response.status = kind.status;
    response.body = dump(body);
    response.with("Content-Type", "application/problem+json");
    if (kind.status == 401) response.with("WWW-Authenticate", "Bearer realm=\"citybridge\"");
    if (kind.status == 503) response.with("Retry-After", "1");
    return response;
}

}  // namespace citybridge::gateway
