#pragma once
// The fields of each request body and query: checked by json_input, described by openapi.
#include <array>

#include "core/gateway/json_input.h"

namespace citybridge::gateway {

inline constexpr std::array kSessionFields{
    FieldRule{.name = "name", .required = true, .max_length = 64, .sentence = "The user's name."},
    FieldRule{.name = "password", .required = true, .max_length = 1024, .sentence = "The user's password."},
};

inline constexpr std::array kCallFields{
    FieldRule{.name = "agent",
              .max_length = 128,
              .sentence = "Whose phone rings first; default: the asker's own. Others: team lead and above."},
    FieldRule{.name = "number",
              .required = true,
              .max_length = 32,
              .pattern = kNumberPattern,
              .accepts = is_dial_number,
              .sentence = "Who is called."},
    FieldRule{.name = "override_preference",
              .kind = FieldKind::flag,
              .sentence = "true: also one who does not want to be called; supervisor and admin, and it is recorded."},
};

inline constexpr std::array kAgentStateFields{
    FieldRule{.name = "state",
              .required = true,
              .choices = "ready|not_ready|logged_in|logged_out",
              .sentence = "The state wanted; logged_in and logged_out: into queues and out of them."},
    FieldRule{.name = "reason", .max_length = 64, .sentence = "Why not ready."},
    FieldRule{.name = "queues",
              .kind = FieldKind::texts,
              .max_length = 128,
              .sentence = "Of logged_in and logged_out; left out: those of the PBX's settings, or all he is in."},
    FieldRule{.name = "confirm",
              .kind = FieldKind::flag,
              .sentence = "true: also if it leaves fewer people than the calendar wants at their desks."},
};

inline constexpr FieldRule kToField{.name = "to",
                                    .max_length = 32,
                                    .pattern = kNumberPattern,
                                    .accepts = is_dial_number,
                                    .sentence = "The number called."};
inline constexpr std::array kTransferFields{
    FieldRule{.name = "to",
              .max_length = 32,
              .pattern = kNumberPattern,
              .accepts = is_dial_number,
              .sentence = "Blind: the number that gets the customer. Attended: whom the agent consults, or left out."},
    FieldRule{.name = "kind",
              .choices = "blind|attended",
              .sentence = "blind (default): at once to 'to'. attended: to the colleague who is consulted."},
};
inline constexpr std::array kConsultFields{
    kToField,
    FieldRule{.name = "cancel", .kind = FieldKind::flag, .sentence = "true instead of 'to': back to the customer."},
};
inline constexpr std::array kConferenceFields{
    FieldRule{.name = "to",
              .max_length = 32,
              .pattern = kNumberPattern,
              .accepts = is_dial_number,
              .sentence = "A third to be called; left out: the colleague who is consulted joins in."},
};
inline constexpr std::array kRecordFields{
    FieldRule{.name = "action",
              .required = true,
              .choices = "start|stop|mute|unmute",
              .sentence = "What is to happen to the recording."},
};

bool is_page_limit(std::string_view text);
inline constexpr FieldRule kLimitField{.name = "limit",
                                       .pattern = "^([1-9][0-9]?|1[0-9][0-9]|200)$",
                                       .accepts = is_page_limit,
                                       .sentence = "Items of a page, 1 to 200; default 50."};
inline constexpr FieldRule kCursorField{
    .name = "cursor", .max_length = 512, .sentence = "next_cursor of the page before."};

inline constexpr std::array kContactsQuery{
    FieldRule{.name = "state",
              .choices = "ringing|ivr|queued|offered|talking|holding|parked|ended",
              .sentence = "Only contacts in this state; left out: those that have not ended."},
    FieldRule{.name = "agent", .max_length = 128, .sentence = "Only contacts in which this agent has an offer or leg."},
    FieldRule{.name = "queue", .max_length = 128, .sentence = "Only contacts of this queue."},
    kLimitField,
    kCursorField,
};
inline constexpr std::array kPageQuery{kLimitField, kCursorField};

inline constexpr FieldRule kFieldsField{.name = "fields",
                                        .kind = FieldKind::values,
                                        .max_length = 8192,
                                        .sentence = "Values of the flow's fields; null removes one."};
inline constexpr FieldRule kRevisionField{
    .name = "revision",
    .kind = FieldKind::number,
    .sentence = "The revision the asker has seen; refused if it is another one by now."};
inline constexpr FieldRule kBigNote{.name = "note", .max_length = 16'384, .sentence = "A note for the history."};

inline constexpr std::array kOrderFields{
    FieldRule{.name = "kind", .required = true, .max_length = 64, .sentence = "The flow: sales_lead, ..."},
    FieldRule{.name = "customer", .max_length = 64, .sentence = "Id of the customer; or give his number."},
    FieldRule{.name = "phone", .max_length = 32, .sentence = "The customer's number; nobody's: he is created."},
    FieldRule{.name = "customer_name", .max_length = 200, .sentence = "For a customer without a name."},
    FieldRule{.name = "contact", .max_length = 64, .sentence = "The contact it came from; gives the number, too."},
    kFieldsField,
    kBigNote,
    FieldRule{.name = "owner", .max_length = 64, .sentence = "User who owns it; default: the asker."},
    FieldRule{.name = "group", .max_length = 64, .sentence = "Group it belongs to."},
};
inline constexpr std::array kActionFields{kFieldsField, kBigNote, kRevisionField};
inline constexpr std::array kNoteFields{
    FieldRule{.name = "text", .required = true, .max_length = 16'384, .sentence = "The note."},
};
inline constexpr std::array kOrdersQuery{
    FieldRule{.name = "kind", .max_length = 64, .sentence = "Only orders of this kind."},
    FieldRule{.name = "state", .max_length = 64, .sentence = "Only orders in this state."},
    FieldRule{.name = "owner", .max_length = 64, .sentence = "Only orders of this user."},
    FieldRule{.name = "group", .max_length = 64, .sentence = "Only orders of this group."},
    FieldRule{.name = "customer", .max_length = 64, .sentence = "Only orders of this customer."},
    FieldRule{.name = "open", .choices = "true|false", .sentence = "true: only orders that are not closed."},
    FieldRule{.name = "overdue", .choices = "true|false", .sentence = "true: only orders with an overdue follow-up."},
    FieldRule{.name = "city", .max_length = 64, .sentence = "Only orders of this city."},
    FieldRule{.name = "contact", .max_length = 64, .sentence = "Only orders of this contact."},
    FieldRule{.name = "opened_from", .max_length = 40, .sentence = "Opened at this time or later (RFC 3339)."},
    FieldRule{.name = "opened_until", .max_length = 40, .sentence = "Opened before this time."},
    FieldRule{.name = "due_from", .max_length = 40, .sentence = "Earliest open follow-up due at this time or later."},
    FieldRule{.name = "due_until", .max_length = 40, .sentence = "Earliest open follow-up due before this time."},
    FieldRule{
        .name = "text",
        .max_length = 200,
        .sentence = "Words that the fields have, or one note, or the name of the customer; Chinese needs no blanks."},
    FieldRule{
        .name = "sort",
        .choices = "created|due",
        .sentence = "created (default): the newest first. due: due first, and only orders with an open follow-up."},
    kLimitField,
    kCursorField,
};

inline constexpr std::array kCustomersQuery{
    FieldRule{.name = "phone", .required = true, .max_length = 32, .sentence = "A number of the customer."},
};
inline constexpr std::array kCustomerFields{
    FieldRule{.name = "name", .max_length = 200, .sentence = "Name."},
    FieldRule{.name = "city", .max_length = 64, .sentence = "City id."},
    FieldRule{.name = "source", .max_length = 200, .sentence = "How he heard of us; asked once in his life."},
    FieldRule{.name = "preference",
              .choices = "|few_calls|no_messages",
              .sentence = "few_calls: does not want many calls; no_messages: gets no messages of orders."},
    FieldRule{.name = "numbers", .kind = FieldKind::texts, .max_length = 32, .sentence = "All his numbers."},
    FieldRule{.name = "number_kinds",
              .kind = FieldKind::values,
              .max_length = 16,
              .sentence = "Of some numbers: mobile, home or office; null removes."},
    FieldRule{.name = "preferred_number", .max_length = 32, .sentence = "The one to call; empty: the first."},
    kFieldsField,
    kRevisionField,
};

inline constexpr std::array kOutboxQuery{
    FieldRule{.name = "destination", .max_length = 64, .sentence = "Only messages to this connector."},
    FieldRule{.name = "state",
              .choices = "pending|delivered|dead|possibly_done|cancelled",
              .sentence = "Only messages in this state."},
    FieldRule{.name = "key", .max_length = 128, .sentence = "Only messages of this key."},
    FieldRule{.name = "order", .max_length = 64, .sentence = "Only messages of this order."},
    kLimitField,
    kCursorField,
};
inline constexpr std::array kDeadLettersQuery{
    FieldRule{.name = "destination", .max_length = 64, .sentence = "Only messages to this connector."},
    FieldRule{.name = "state", .choices = "dead|possibly_done", .sentence = "Default: dead."},
    FieldRule{.name = "key", .max_length = 128, .sentence = "Only messages of this key."},
    kLimitField,
    kCursorField,
};
inline constexpr std::array kReplayQuery{
    FieldRule{.name = "out_of_turn",
              .choices = "true|false",
              .sentence = "true: now, past the others of its key; the message is marked."},
};
inline constexpr std::array kReplayFields{
    FieldRule{.name = "destination", .required = true, .max_length = 64, .sentence = "The connector."},
    FieldRule{.name = "state", .choices = "dead|possibly_done", .sentence = "Default: dead."},
    FieldRule{.name = "key", .max_length = 128, .sentence = "Only messages of this key."},
    FieldRule{.name = "from_seq", .kind = FieldKind::number, .sentence = "The first message's seq."},
    FieldRule{.name = "to_seq", .kind = FieldKind::number, .sentence = "The last message's seq."},
};
inline constexpr std::array kDestinationFields{
    FieldRule{.name = "state", .required = true, .choices = "enabled|disabled", .sentence = "The state wanted."},
};

inline constexpr std::string_view kRoleWords = "agent|team_lead|supervisor|quality|admin|erp|node";
inline constexpr FieldRule kAgentField{.name = "agent", .max_length = 128, .sentence = "Agent id, if he takes calls."};
inline constexpr FieldRule kDeviceField{
    .name = "device", .max_length = 128, .sentence = "The phone click to dial rings."};
inline constexpr FieldRule kGroupsField{
    .name = "groups", .kind = FieldKind::texts, .max_length = 64, .sentence = "His groups."};
inline constexpr FieldRule kPasswordField{
    .name = "password", .max_length = 1024, .sentence = "At least 8 bytes; not for erp and node, which get a token."};
inline constexpr std::array kNewUserFields{
    FieldRule{.name = "name", .required = true, .max_length = 64, .sentence = "The name to log in with."},
    FieldRule{.name = "role", .required = true, .choices = kRoleWords, .sentence = "What he may do."},
    kPasswordField,
    kAgentField,
    kDeviceField,
    kGroupsField,
};
inline constexpr std::array kChangedUserFields{
    FieldRule{.name = "role", .choices = kRoleWords, .sentence = "What he may do."},
    kPasswordField,
    kAgentField,
    kDeviceField,
    kGroupsField,
    FieldRule{.name = "new_token", .choices = "true|false", .sentence = "true: a new token for erp or node."},
};

inline constexpr std::array kStreamQuery{
    FieldRule{.name = "last_event_id",
              .max_length = 64,
              .sentence = "Id of the last event seen; unknown or left out: the stream starts with a snapshot."},
};

}  // namespace citybridge::gateway
