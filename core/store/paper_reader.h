#pragma once
// Reading the centre's papers; like Readers, whose part it is.
#include <optional>
#include <string>
#include <vector>

#include "core/api/papers.h"
#include "core/api/result.h"

namespace citybridge::store {

struct PaperQuery {
    std::string kind, state, owner, group, author, contact, order, about;  // empty: any
    bool open_only = false;
    std::string after;  // id of the last paper of the page before; newest first
    std::size_t limit = 50;
};

// Words as core/desk/search_words.h makes them; all of them must be there. A word of letters and digits matches every
// word that begins with it.
struct PaperSearch {
    std::vector<std::string> words;
    std::size_t limit = 20;
};

struct MarkQuery {
    std::string about, user, what;  // empty: any; not all of them
    std::size_t limit = 10'000;
};

struct MissingQuery {
    std::string agent;  // empty: any
    WallTime since{};   // conversations that ended from then on
    std::size_t limit = 50;
};

struct MissingDisposition {
    WrapUpRecord wrap_up;
    std::optional<WallTime> left_at;  // when the agent was made ready without one
};

struct DispositionCount {
    std::string code, path;
    std::int64_t count = 0;
};

class PaperReaders {
public:
    virtual Result<std::optional<PaperRecord>> paper(const std::string& id) = 0;
    virtual Result<std::vector<PaperRecord>> papers(const PaperQuery& query) = 0;
    virtual Result<std::vector<PaperEntry>> entries(const std::string& paper) = 0;  // by n
    // The best first: what has the words in its title, then in its tags, then the newest.
    virtual Result<std::vector<PaperRecord>> search(const PaperSearch& search) = 0;
    virtual Result<std::vector<MarkRecord>> marks(const MarkQuery& query) = 0;     // by about, user, what
    virtual Result<std::vector<SkillRecord>> skills(const std::string& user) = 0;  // empty: of everybody; by user
    virtual Result<std::vector<DispositionRecord>> dispositions(const std::vector<std::string>& contacts) = 0;
    virtual Result<std::vector<MissingDisposition>> missing_dispositions(
        const MissingQuery& query) = 0;                                                                // oldest first
    virtual Result<std::vector<DispositionCount>> disposition_counts(WallTime from, WallTime to) = 0;  // [from, to)

protected:
    ~PaperReaders() = default;
};

// Every paper of a kind of which there are few, page by page.
inline Result<std::vector<PaperRecord>> all_of_kind(PaperReaders& papers, const std::string& kind) {
    std::vector<PaperRecord> out;
    PaperQuery query;
    query.kind = kind;
    query.limit = 500;
    for (;;) {
        auto page = papers.papers(query);
        if (!page) return page.error();
        for (PaperRecord& row : *page) out.push_back(std::move(row));
        if (page->size() < query.limit) return out;
        query.after = out.back().id;
    }
}

}  // namespace citybridge::store
