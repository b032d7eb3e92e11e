#pragma once
// Fields of the requests about customers, many orders at once, attachments and outgoing lists.
#include "core/gateway/fields.h"

namespace citybridge::gateway {

inline constexpr std::array kMergeFields{
    FieldRule{.name = "from", .required = true, .max_length = 64, .sentence = "Id of his second entry, which goes."},
};

inline constexpr std::array kBulkFields{
    FieldRule{.name = "ids",
              .kind = FieldKind::texts,
              .max_length = 64,
              .sentence = "The orders; or give a filter.",
              .max_items = 1'000},
    FieldRule{.name = "filter",
              .kind = FieldKind::values,
              .max_length = 200,
              .sentence = "Instead of ids: the parameters of GET /v1/orders, as texts."},
    FieldRule{.name = "limit",
              .kind = FieldKind::number,
              .sentence = "With a filter: so many at most, the first of the list; default and most 1000."},
    FieldRule{.name = "do", .required = true, .choices = "assign|act|note", .sentence = "What to do with each."},
    FieldRule{.name = "owner", .max_length = 64, .sentence = "assign: the new owner; empty: nobody's."},
    FieldRule{.name = "group", .max_length = 64, .sentence = "assign: the new group."},
    FieldRule{.name = "action", .max_length = 64, .sentence = "act: the flow's action."},
    kFieldsField,
    kBigNote,
};

inline constexpr std::array kOutgoingFields{
    FieldRule{.name = "kind",
              .required = true,
              .choices = "revisit|survey|promotion|collection",
              .sentence = "What the calls are for."},
    FieldRule{.name = "name", .required = true, .max_length = 200, .sentence = "Name of the list."},
    FieldRule{.name = "group", .max_length = 64, .sentence = "Whose agents call; left out: all."},
    FieldRule{.name = "period",
              .max_length = 64,
              .sentence = "Named period of the calendar: the calls begin on the first working day after it."},
    FieldRule{.name = "from", .max_length = 40, .sentence = "Instead of period: first day (RFC 3339); default: now."},
    FieldRule{.name = "working_days",
              .kind = FieldKind::number,
              .sentence = "Working days for the calls, the first included; default 1, after a period 4."},
};
inline constexpr std::array kResultFields{
    FieldRule{.name = "result",
              .required = true,
              .choices = "success|complaint|unreachable|wrong_number|follow_up",
              .sentence = "What came of the call."},
    FieldRule{.name = "remark", .max_length = 4'000, .sentence = "The agent's remark."},
};
inline constexpr std::array kEntriesQuery{
    FieldRule{.name = "state", .choices = "waiting|taken|done|skipped", .sentence = "Only entries in this state."},
    FieldRule{.name = "result",
              .choices = "success|complaint|unreachable|wrong_number|follow_up",
              .sentence = "Only entries whose last call came to this."},
    kLimitField,
    kCursorField,
};
bool is_small_number(std::string_view text);
bool is_month(std::string_view text);
inline constexpr std::array kSampleQuery{
    FieldRule{.name = "month",
              .required = true,
              .pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$",
              .accepts = is_month,
              .sentence = "The month, in UTC: 2026-11."},
    FieldRule{.name = "per_agent",
              .pattern = "^[1-9][0-9]?$",
              .accepts = is_small_number,
              .sentence = "Calls of each agent; default 5, at most 99."},
    FieldRule{.name = "seed", .max_length = 64, .sentence = "The same seed gives the same sample; default: the month."},
};

inline constexpr std::array kAttachmentQuery{
    FieldRule{.name = "name", .required = true, .max_length = 255, .sentence = "The file's name, percent-encoded."},
};

}  // namespace citybridge::gateway
