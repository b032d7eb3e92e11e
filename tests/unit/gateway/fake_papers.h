#pragma once
// The centre's papers for the gateway's tests: a few rows, filtered as the store
// would.
#include "core/store/paper_reader.h"

namespace citybridge::test {

class FakePapers final : public store::PaperReaders {
public:
    Result<std::optional<PaperRecord>> paper(const std::string& id) override {
        for (const PaperRecord& row : rows)
            if (row.id == id) return std::optional(row);
        return std::optional<PaperRecord>{};
    }
    Result<std::vector<PaperRecord>> papers(const store::PaperQuery& query) override {
        std::vector<PaperRecord> out;
        for (const PaperRecord& row : rows) {
            const bool wanted = (query.kind.empty() || row.kind == query.kind) &&
                                (query.state.empty() || row.state == query.state) &&
                                (query.group.empty() || row.group == query.group);
            if (wanted && query.after.empty()) out.push_back(row);
        }
        return out;
    }
    Result<std::vector<PaperEntry>> entries(const std::string&) override { return entry_rows; }
    Result<std::vector<PaperRecord>> search(const store::PaperSearch& search) override {
        asked_words = search.words;
        store::PaperQuery query;
        query.kind = "article";
        query.state = "published";
        return papers(query);
    }
    Result<std::vector<MarkRecord>> marks(const store::MarkQuery& query) override {
        std::vector<MarkRecord> out;
        for (const MarkRecord& row : mark_rows)
            if (query.user.empty() || row.user == query.user) out.push_back(row);
        return out;
    }
    Result<std::vector<SkillRecord>> skills(const std::string& user) override {
        std::vector<SkillRecord> out;
        for (const SkillRecord& row : skill_rows)
            if (user.empty() || row.user == user) out.push_back(row);
        return out;
    }
    Result<std::vector<DispositionRecord>> dispositions(const std::vector<std::string>&) override {
        return disposition_rows;
    }
    Result<std::vector<store::MissingDisposition>> missing_dispositions(const store::MissingQuery& query) override {
        std::vector<store::MissingDisposition> out;
        for (const store::MissingDisposition& row : missing_rows)
            if (query.agent.empty() || row.wrap_up.agent == query.agent) out.push_back(row);
        return out;
    }
    Result<std::vector<store::DispositionCount>> disposition_counts(WallTime, WallTime) override {
        return std::vector<store::DispositionCount>{{"rental", "business_inquiry/rental", 3}};
    }

    std::vector<PaperRecord> rows;
    std::vector<PaperEntry> entry_rows;
    std::vector<MarkRecord> mark_rows;
    std::vector<SkillRecord> skill_rows;
    std::vector<DispositionRecord> disposition_rows;
    std::vector<store::MissingDisposition> missing_rows;
    std::vector<std::string> asked_words;
};

}  // namespace citybridge::test
