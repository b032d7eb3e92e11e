#pragma once
// A centre's papers on virtual time: 8:00 to 20:00 daily in Shanghai, two groups.
#include "core/desk/paper.h"
#include "tests/unit/desk/world.h"

namespace citybridge::desk::testing {

inline const Actor kZhou{"zhou", "agent", {"sales"}};
inline const Actor kSun{"sun", "team_lead", {"sales"}};
inline const Actor kChief{"chief", "supervisor", {}};
inline const Actor kProduct{"pan", "quality", {"product"}};

class PapersWorld : public AskedDesk {
public:
    explicit PapersWorld(Centre centre = {}) : PapersWorld(std::make_shared<CentreBox>(std::move(centre))) {}

    // A new paper; its id.
    std::string open(const Actor& actor, const std::string& kind, Fields fields) {
        const Decision decision = done(actor, ActOnPaper{kind, "", "open", std::move(fields), {}});
        return decision.changes.papers.rows.empty() ? "" : decision.changes.papers.rows.back().id;
    }
    static ActOnPaper act(const std::string& id, const std::string& action, Fields fields = Fields::object(),
                          std::vector<std::string> others = {}) {
        static const std::map<std::string, std::string> kinds{{"art", "article"}, {"qst", "question"},
                                                              {"ntc", "notice"},  {"shf", "shift"},
                                                              {"hlp", "help"},    {"scr", "script"}};
        return {kinds.at(id.substr(0, 3)), id, action, std::move(fields), {}, std::move(others)};
    }
    const PaperRecord& paper(const std::string& id) const { return view.papers.at(id); }
    // The open deadline of a paper, if it has one.
    std::optional<DeadlineRecord> deadline(const std::string& id) const {
        const auto open = view.open_deadlines(id);
        EXPECT_LE(open.size(), 1U);
        return open.empty() ? std::nullopt : std::optional(open.front());
    }
    // What the node does when the time has come.
    Decision ring(const std::string& id) {
        const auto due = deadline(id);
        if (!due) {
            ADD_FAILURE() << id << " has no open deadline";
            return {};
        }
        now = due->due_at;
        return done(kSystem, DeadlineReached{id, due->name, due->n});
    }
    static std::string event_of(const Decision& decision) {
        return decision.events.empty() ? "" : std::string(event_type(decision.events.front()));
    }

    const std::shared_ptr<CentreBox> box;

private:
    explicit PapersWorld(std::shared_ptr<CentreBox> shared)
        : AskedDesk(settings(shared), FlowSet{}), box(std::move(shared)) {}
    static DeskSettings settings(std::shared_ptr<const CentreBox> box) {
        DeskSettings out;
        out.city = "beijing";
        out.centre = std::move(box);
        return out;
    }
};

}  // namespace citybridge::desk::testing
