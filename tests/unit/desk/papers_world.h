#pragma once
// A centre's papers on virtual time: 8:00 to 20:00 daily in Shanghai, two groups.
#include "core/desk/paper.h"
#include "tests/unit/desk/world.h"

namespace citybridge::desk::testing {

inline const Actor kZhou{"zhou", "agent", {"sales"}};
inline const Actor kSun{"sun", "team_lead", {"sales"}};
inline const Actor kChief{"chief", "supervisor", {}};
inline const Actor kProduct{"pan", "quality", {"product"}};

class PapersWorld {
public:
    explicit PapersWorld(Centre centre = {})
        : box(std::make_shared<CentreBox>(std::move(centre))),
          desk(settings(box), FlowSet{}, shipped_calendar("standard")) {}

    Result<Decision> ask(const Actor& actor, decltype(Request::what) what) {
        const Request request{"r" + std::to_string(++count_), actor, std::move(what)};
        return desk.apply(view, request, {now, {}});
    }
    Decision done(const Actor& actor, decltype(Request::what) what) {
        auto decision = ask(actor, std::move(what));
        if (!decision) {
            ADD_FAILURE() << decision.error().code << ": " << decision.error().detail;
            return {};
        }
        view.take(decision->changes);
        return std::move(*decision);
    }
    std::string refused(const Actor& actor, decltype(Request::what) what) {
        const auto decision = ask(actor, std::move(what));
        if (decision) return "accepted";
        EXPECT_GT(decision.error().detail.size(), 20U);
        return decision.error().code;
    }
    // A new paper; its id.
    std::string open(const Actor& actor, const std::string& kind, Fields fields) {
        const Decision decision = done(actor, ActOnPaper{kind, "", "open", std::move(fields), {}});
        return decision.changes.papers.rows.empty() ? "" : decision.changes.papers.rows.back().id;
    }
    static ActOnPaper act(const std::string& id, const std::string& action, Fields fields = Fields::object(),
                          std::vector<std::string> others = {}) {
        static const std::map<std::string, std::string> kinds{
            {"art", "article"}, {"qst", "question"}, {"ntc", "notice"}, {"shf", "shift"}, {"hlp", "help"}};
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

    std::shared_ptr<CentreBox> box;
    Desk desk;
    MapView view;
    WallTime now = at("2026-11-23T02:00:00.000Z");  // a Monday, 10:00 in Shanghai

private:
    static DeskSettings settings(std::shared_ptr<const CentreBox> box) {
        DeskSettings out;
        out.city = "beijing";
        out.centre = std::move(box);
        return out;
    }
    int count_ = 0;
};

}  // namespace citybridge::desk::testing
