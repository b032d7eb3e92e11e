#pragma once
// Fields of the requests about reports and scores, like fields.h.
#include <array>

#include "core/gateway/json_input.h"

namespace citybridge::gateway {

inline constexpr std::array kReportQuery{
    FieldRule{.name = "from",
              .max_length = 40,
              .sentence = "Beginning, included: 2026-11-21, 2026-11-21 19:00 (the city's time) or RFC 3339; default: "
                          "today."},
    FieldRule{.name = "to", .max_length = 40, .sentence = "End, not included; default: a day after the beginning."},
    FieldRule{.name = "format", .choices = "json|csv|xlsx", .sentence = "Default: json."},
    FieldRule{.name = "language", .choices = "zh|en", .sentence = "Of csv and xlsx; default: zh."},
    FieldRule{.name = "agent", .max_length = 128, .sentence = "Only this agent."},
    FieldRule{.name = "group", .max_length = 64, .sentence = "Only this group."},
    FieldRule{.name = "queue", .max_length = 128, .sentence = "Only this queue."},
    FieldRule{.name = "kind", .max_length = 64, .sentence = "Only orders of this kind."},
    FieldRule{.name = "follow_up", .max_length = 64, .sentence = "Only this follow-up."},
    FieldRule{.name = "disposition", .max_length = 256, .sentence = "Only this disposition."},
    FieldRule{.name = "city", .max_length = 64, .sentence = "Only this city."},
    FieldRule{.name = "direction", .choices = "inbound|outbound|internal", .sentence = "Only this direction."},
    FieldRule{.name = "outcome", .max_length = 32, .sentence = "Only this outcome."},
    FieldRule{.name = "line", .max_length = 64, .sentence = "Only calls to this number."},
    FieldRule{.name = "state", .max_length = 64, .sentence = "Only this state of agents or orders."},
    FieldRule{.name = "reason", .max_length = 64, .sentence = "Only breaks for this reason."},
    FieldRule{.name = "form", .max_length = 64, .sentence = "Only this form."},
};

inline constexpr std::array kScoreFields{
    FieldRule{.name = "form", .required = true, .max_length = 64, .sentence = "The form, see /v1/quality/forms."},
    FieldRule{.name = "agent",
              .max_length = 128,
              .sentence = "Whose part is scored; needed when several agents talked in the contact."},
    FieldRule{.name = "answers",
              .kind = FieldKind::values,
              .required = true,
              .max_length = 64,
              .sentence = "Every item of the form with its points."},
    FieldRule{.name = "remark", .max_length = 4'000, .sentence = "What the agent is told."},
    FieldRule{.name = "training", .kind = FieldKind::flag, .sentence = "true: the remark is material for training."},
};

}  // namespace citybridge::gateway
