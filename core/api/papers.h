#pragma once
// The centre's own papers: what people write for each other and that is no work
// order (articles of the knowledge base, questions to it, notices, shift logs,
// help requests), who has read or passed what, who has which skill, and what
// every contact was about. Plain data, one struct per table of the store.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/api/records.h"
#include "core/api/time.h"

namespace citybridge {

struct PaperRecord {
    std::string id;     // "art_<uuid>", "qst_...", "ntc_...", "shf_...", "hlp_..."
    std::string kind;   // "article", "question", "notice", "shift", "help"
    std::string state;  // of its kind
    std::string title;
    std::string owner;  // who has to do something about it; empty: nobody
    std::string group;
    std::string city;
    std::string author;
    std::string contact;  // contact id; empty: not from a call
    std::string order;    // order id; empty: none
    std::string about;    // id of the paper it belongs to: a question's article, the shift before
    Fields body = Fields::object();
    std::optional<WallTime> due_at;
    WallTime created_at{};
    WallTime updated_at{};
    std::optional<WallTime> closed_at;
    std::int64_t revision = 0;  // grows by one with every change
    std::int64_t entries = 0;   // number of its last entry

    friend bool operator==(const PaperRecord&, const PaperRecord&) = default;
};

// What happened to a paper, once and for ever; an article's versions are such entries.
struct PaperEntry {
    std::string paper;
    std::int64_t n = 0;  // from 1, without gaps
    WallTime at{};
    std::string actor;
    std::string action;
    std::string text;
    Fields detail = Fields::object();

    friend bool operator==(const PaperEntry&, const PaperEntry&) = default;
};

// One fact about one person and one thing: "read", "passed", "tries" of a notice, "left" of a contact.
struct MarkRecord {
    std::string about;  // paper or contact
    std::string user;   // user name; of "left" the agent's id
    std::string what;
    WallTime at{};
    std::int64_t number = 0;
    Fields detail = Fields::object();

    friend bool operator==(const MarkRecord&, const MarkRecord&) = default;
};

struct SkillRecord {
    std::string user;
    std::string skill;
    std::string source;  // the notice whose test was passed, or who gave it
    WallTime granted_at{};
    std::optional<WallTime> revoked_at;

    friend bool operator==(const SkillRecord&, const SkillRecord&) = default;
};

// What a contact was about (A10). A contact without a row has not been judged yet.
struct DispositionRecord {
    std::string contact;
    std::string code;  // a leaf of the tree: "rental"
    std::string path;  // its ancestors and itself: "business_inquiry/rental"
    std::string city;
    std::string queue;
    std::string agent;  // who talked with him last; empty: nobody did
    std::string user;   // who judged
    WallTime at{};      // when he did

    friend bool operator==(const DispositionRecord&, const DispositionRecord&) = default;
};

// A conversation that has ended and wants a disposition: made when the contact ends.
struct WrapUpRecord {
    std::string contact;
    std::string agent;  // who talked with the customer last
    std::string queue;
    WallTime started_at{};
    WallTime ended_at{};

    friend bool operator==(const WrapUpRecord&, const WrapUpRecord&) = default;
};

// The words a paper is found by, ready for the index. All empty: it is found no more.
struct PaperWords {
    std::string paper;
    std::string title, tags, body;

    friend bool operator==(const PaperWords&, const PaperWords&) = default;
};

struct PaperChanges {
    std::vector<PaperRecord> rows;                // new or changed, whole rows
    std::vector<PaperEntry> entries;              // new
    std::vector<MarkRecord> marks;                // new or changed
    std::vector<SkillRecord> skills;              // new or changed
    std::vector<PaperWords> words;                // replace what the index had of them
    std::vector<DispositionRecord> dispositions;  // new or changed
    std::vector<WrapUpRecord> wrap_ups;           // new; a known contact is left as it is

    bool empty() const {
        return rows.empty() && entries.empty() && marks.empty() && skills.empty() && words.empty() &&
               dispositions.empty() && wrap_ups.empty();
    }
};

struct PapersWanted {
    std::vector<std::string> ids;                            // with their open deadlines
    std::vector<std::pair<std::string, std::string>> marks;  // (about, user): all of them
    std::vector<std::string> dispositions;                   // contact ids

    bool empty() const { return ids.empty() && marks.empty() && dispositions.empty(); }
};

struct PapersLoaded {
    std::vector<PaperRecord> rows;
    std::vector<MarkRecord> marks;
    std::vector<DispositionRecord> dispositions;
};

}  // namespace citybridge
