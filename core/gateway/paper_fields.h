#pragma once
// The fields of requests about the centre's papers, like fields.h. Which of
// them an action wants is said by its refusal and in docs/knowledge.md.
#include "core/gateway/fields.h"

namespace citybridge::gateway {

inline constexpr FieldRule kPaperTitle{.name = "title", .max_length = 300, .sentence = "Title."};
inline constexpr FieldRule kPaperText{.name = "text", .max_length = 60'000, .sentence = "Text."};
inline constexpr FieldRule kPaperGroup{
    .name = "group", .max_length = 64, .sentence = "Group it belongs to; default: the asker's first."};
inline constexpr FieldRule kPaperOwner{
    .name = "owner", .max_length = 64, .sentence = "Who has to see to it; default: the group's team lead."};
inline constexpr FieldRule kPaperContact{.name = "contact", .max_length = 64, .sentence = "The contact it is about."};
inline constexpr FieldRule kPaperOrder{.name = "order", .max_length = 64, .sentence = "The work order it is about."};
inline constexpr FieldRule kPaperTags{
    .name = "tags", .kind = FieldKind::texts, .max_length = 64, .sentence = "Words it is found by besides its text."};
inline constexpr FieldRule kPaperNumber{
    .name = "number", .kind = FieldKind::number, .sentence = "Of a question or a matter; take_over: 0 takes all."};

inline constexpr std::array kArticleFields{kPaperTitle, kPaperText, kPaperTags, kRevisionField};
inline constexpr std::array kQuestionFields{
    kPaperTitle,
    kPaperText,
    kPaperTags,
    FieldRule{.name = "level",
              .choices = "normal|high|highest",
              .sentence = "How soon: normal in some working days, high today, highest in two hours."},
    kPaperOwner,
    kPaperGroup,
    kPaperContact,
    kPaperOrder,
    FieldRule{.name = "article",
              .max_length = 64,
              .sentence = "Of answer: the article that answers it; with a text it gets a new version."},
    kRevisionField,
};
inline constexpr std::array kNoticeFields{
    kPaperTitle,
    kPaperText,
    FieldRule{.name = "groups",
              .kind = FieldKind::texts,
              .max_length = 64,
              .sentence = "Whom it is for; with no group and no role: everybody."},
    FieldRule{.name = "roles", .kind = FieldKind::texts, .max_length = 64, .sentence = "Roles it is for besides."},
    FieldRule{.name = "skill", .max_length = 64, .sentence = "The skill that passing its test gives."},
    FieldRule{.name = "pass_percent",
              .kind = FieldKind::number,
              .sentence = "Share of right answers that passes, 1 to 100; default 80."},
    FieldRule{.name = "tries", .kind = FieldKind::number, .sentence = "How often the test may be taken; default 3."},
    FieldRule{.name = "choices",
              .kind = FieldKind::texts,
              .max_length = 500,
              .sentence = "Of add_question: what can be answered."},
    FieldRule{.name = "right", .kind = FieldKind::number, .sentence = "Of add_question: the right choice, from 1."},
    FieldRule{.name = "answers",
              .kind = FieldKind::texts,
              .max_length = 4,
              .sentence = "Of attempt: the number of the chosen answer for each question in turn."},
    FieldRule{.name = "user", .max_length = 64, .sentence = "Of give_try: who gets another try."},
    kPaperNumber,
    kRevisionField,
};
inline constexpr std::array kShiftFields{
    kPaperTitle,
    kPaperText,
    kPaperGroup,
    kPaperContact,
    kPaperOrder,
    kPaperNumber,
    FieldRule{.name = "name", .max_length = 64, .sentence = "Of report: which report is in."},
    kRevisionField,
};
inline constexpr std::array kHelpFields{kPaperTitle,   kPaperText,  kPaperGroup,   kPaperOwner,
                                        kPaperContact, kPaperOrder, kRevisionField};
inline constexpr std::array kScriptFields{
    FieldRule{.name = "version",
              .kind = FieldKind::number,
              .sentence = "Of approve: the version that was read and is approved."},
    kPaperText,
    kRevisionField,
};
inline constexpr std::array kScriptsQuery{
    FieldRule{.name = "flow", .max_length = 64, .sentence = "Only of this kind of order."},
    FieldRule{.name = "waiting",
              .choices = "me|anybody",
              .sentence = "Only those with words that wait for the asker's approval, or for anybody's."},
};
inline constexpr std::array kPapersQuery{
    FieldRule{.name = "state", .max_length = 64, .sentence = "Only those in this state."},
    FieldRule{.name = "owner", .max_length = 64, .sentence = "Only those this user has to see to."},
    FieldRule{.name = "author", .max_length = 64, .sentence = "Only those of this author."},
    FieldRule{.name = "group", .max_length = 64, .sentence = "Only those of this group."},
    FieldRule{.name = "contact", .max_length = 64, .sentence = "Only those about this contact."},
    FieldRule{.name = "order", .max_length = 64, .sentence = "Only those about this work order."},
    FieldRule{.name = "open", .choices = "true|false", .sentence = "true: only those that are not closed."},
    kLimitField,
    kCursorField,
};
inline constexpr std::array kSearchQuery{
    FieldRule{.name = "q",
              .required = true,
              .max_length = 400,
              .sentence = "Words; all of them must be there. The beginning of a number or of a Latin word is enough."},
    kLimitField,
};
inline constexpr std::array kReadersQuery{
    FieldRule{.name = "missing",
              .choices = "true|false",
              .sentence = "true: only who has not read it, or has not passed its test."},
};
inline constexpr std::array kSkillsQuery{
    FieldRule{.name = "user", .max_length = 64, .sentence = "Only this user's."},
    FieldRule{.name = "skill", .max_length = 64, .sentence = "Only who has this skill."},
};
inline constexpr std::array kSkillFields{
    FieldRule{.name = "user", .required = true, .max_length = 64, .sentence = "Who gets it."},
    FieldRule{.name = "skill", .required = true, .max_length = 64, .sentence = "The skill."},
};
inline constexpr std::array kDispositionFields{
    FieldRule{.name = "code", .required = true, .max_length = 64, .sentence = "A leaf of GET /v1/dispositions."},
};
inline constexpr std::array kMissingQuery{
    FieldRule{.name = "agent", .max_length = 128, .sentence = "Only this agent's."},
    FieldRule{.name = "since", .max_length = 40, .sentence = "RFC 3339; default: seven days ago."},
    kLimitField,
};
inline constexpr std::array kCountsQuery{
    FieldRule{.name = "from", .required = true, .max_length = 40, .sentence = "RFC 3339; this moment included."},
    FieldRule{.name = "to", .required = true, .max_length = 40, .sentence = "RFC 3339; this moment not included."},
};

}  // namespace citybridge::gateway
