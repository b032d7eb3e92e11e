#pragma once
// Steps of the centre's own papers: articles, questions, notices, shift logs,
// help requests, words to say. Each step makes the paper's new row, one entry, its deadline
// and its event, gathered and made into a Decision; a step that is refused
// leaves nothing.
#include "core/desk/access.h"
#include "core/desk/context.h"
#include "core/desk/due.h"

namespace citybridge::desk {

// By the form of the id.
bool is_paper(const std::string& id);
// "art_" of "article"; empty: no such kind.
std::string_view id_prefix(std::string_view kind);
// Marks that `user` has no rows for, but a group has: which shift of it is open.
std::string shift_mark(const std::string& group);

void need_papers(const ActOnPaper& what, const Actor& actor, PapersWanted& wanted);
Result<Decision> act_on_paper(const Context& context, const ActOnPaper& what);
Result<Decision> paper_overdue(const Context& context, const DeadlineReached& what);
// The calendar changed: an open deadline is computed again (P8).
Result<Decision> correct_paper(const Context& context, const std::string& id);
Result<Decision> set_disposition(const Context& context, const SetDisposition& what);

// As the API, the stream and webhooks show it. Which choice of a test is right is left out, unless `with_answers`.
Fields paper_json(const PaperRecord& row, bool with_answers = false);
Fields to_json(const PaperEntry& entry);
Fields to_json(const DispositionRecord& row);

// Who hears of it besides team leads and above.
struct Hearers {
    std::vector<std::string> users{};
    std::vector<std::string> groups{};
    bool everybody = false;
};

// One paper's step.
class PaperStep {
public:
    // `before`: the row as it is; of a new one the row to be, with revision and entries 0.
    PaperStep(const Context& context, PaperRecord before, std::string action);

    PaperRecord& row() { return row_; }
    PaperEntry& entry() { return entry_; }
    Fields& body() { return row_.body; }
    Changes& changes() { return decision_.changes; }
    void close(const std::string& state);  // ends its deadline, too
    // Sets the one deadline it may have; a new one takes the place of the old.
    void due(const DueRule& rule);
    void due_at(WallTime time);
    void no_deadline(DeadlineState state);
    void mark(const std::string& about, const std::string& user, const std::string& what, std::int64_t number,
              Fields detail = Fields::object());
    // Ends the step; the event is "<kind>.<what>". Empty: nobody is told.
    Decision finish(const std::string& what, const Hearers& hearers, int status = 200);
    // Takes over what another step of the same commit made.
    void join(Decision other);

private:
    void put_deadline(DeadlineRecord row);

    const Context& context_;
    PaperRecord row_;
    PaperEntry entry_;
    Decision decision_;
};

// A message for everybody who wants events of this type; `id` begins the messages' ids and is never used again.
void tell_subscribers(const Context& context, const std::string& type, const std::string& id, const std::string& key,
                      const Fields& data, Changes& changes);

// What every kind's file uses.
struct PaperCall {
    const Context& context;
    const ActOnPaper& what;
    const PaperRecord* before;  // null: a new one

    const Fields& fields() const { return what.fields; }
    std::string text(std::string_view name) const;  // empty if absent
    std::vector<std::string> texts(std::string_view name) const;
    std::int64_t number(std::string_view name, std::int64_t fallback) const;
    bool has(std::string_view name) const { return what.fields.contains(std::string(name)); }
    PaperStep open(std::string title) const;  // a new one of this kind
    PaperStep step() const { return {context, *before, what.action}; }
    // Codes "auth.forbidden", "paper.action_not_possible", "paper.bad_fields".
    Result<> roles(const std::vector<std::string>& allowed) const;
    Result<> state(const std::vector<std::string>& allowed) const;
    Result<> wants(std::string_view name) const;            // a text that is not empty
    const PaperRecord* other(std::string_view kind) const;  // the first of `what.others` of this kind
};

inline const std::vector<std::string> kLeaderRoles{"team_lead", "supervisor", "admin"};
inline const std::vector<std::string> kManagerRoles{"supervisor", "admin"};
inline const std::vector<std::string> kStaffRoles{"agent", "team_lead", "supervisor", "quality", "admin"};
// He may give this approval.
bool may_approve(const Actor& actor, const Approval& approval);
inline bool leads(const Actor& actor) { return has_role(actor, kLeaderRoles); }

Result<Decision> article_step(const PaperCall& call);
Result<Decision> question_step(const PaperCall& call);
Result<Decision> notice_step(const PaperCall& call);
Result<Decision> shift_step(const PaperCall& call);
Result<Decision> help_step(const PaperCall& call);
Result<Decision> script_step(const PaperCall& call);  // scripts.cpp
Decision help_overdue(const Context& context, const PaperRecord& row);

// articles.cpp, for an answer that becomes one. The new article's id is made of the request's. `article`: an existing
// one that gets a new version, or null.
struct ArticleText {
    std::string title, text;
    std::vector<std::string> tags;
};
Decision write_article(const Context& context, const PaperRecord* article, const ArticleText& text, std::string& id);

}  // namespace citybridge::desk
