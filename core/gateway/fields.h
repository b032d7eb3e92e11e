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
};

inline constexpr std::array kAgentStateFields{
    FieldRule{.name = "state", .required = true, .choices = "ready|not_ready", .sentence = "The state wanted."},
    FieldRule{.name = "reason", .max_length = 64, .sentence = "Why not ready."},
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

inline constexpr std::array kStreamQuery{
    FieldRule{.name = "last_event_id",
              .max_length = 64,
              .sentence = "Id of the last event seen; unknown or left out: the stream starts with a snapshot."},
};

}  // namespace citybridge::gateway
