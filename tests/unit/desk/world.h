#pragma once
// A desk with the shipped sales lead flow and calendar on virtual time, for stories.
#include <gtest/gtest.h>

#include "core/desk/flow_file.h"
#include "tests/unit/desk/calendar_fixture.h"
#include "tests/unit/desk/map_view.h"

namespace citybridge::desk::testing {

inline FlowSet shipped_flows() {
    Problems problems;
    FlowSet flows = load_flows(CITYBRIDGE_SOURCE_DIR "/config/flows", problems);
    for (const auto& problem : problems) ADD_FAILURE() << to_string(problem);
    return flows;
}

inline const Actor kWang{"wang", "agent", {"sales"}};
inline const Actor kLi{"li", "agent", {"service"}};
inline const Actor kLead{"zhao", "team_lead", {"sales"}};
inline const Actor kAdmin{"root", "admin", {}};
inline const Actor kQuality{"qian", "quality", {}};
inline const Actor kSystem{"system", "system", {}};

// A desk on virtual time that keeps what it decides.
class AskedDesk {
public:
    AskedDesk(DeskSettings settings, FlowSet flows)
        : desk(std::move(settings), std::move(flows), shipped_calendar("standard")) {}

    Result<Decision> ask(const Actor& actor, decltype(Request::what) what, std::string id = {}) {
        last = {id.empty() ? "r" + std::to_string(++count_) : std::move(id), actor, std::move(what)};
        return desk.apply(view, last, {now, {}});
    }
    // Asks, expects success and keeps what was decided.
    Decision done(const Actor& actor, decltype(Request::what) what) {
        auto decision = ask(actor, std::move(what));
        if (!decision) {
            ADD_FAILURE() << decision.error().code << ": " << decision.error().detail;
            return {};
        }
        view.take(decision->changes);
        return std::move(*decision);
    }
    // Expects a refusal; returns its code after checking that it says something.
    std::string refused(const Actor& actor, decltype(Request::what) what) {
        const auto decision = ask(actor, std::move(what));
        if (decision) return "accepted";
        EXPECT_GT(decision.error().detail.size(), 20U);
        return decision.error().code;
    }

    Desk desk;
    MapView view;
    WallTime now = at("2026-11-23T02:00:00.000Z");  // a Monday, 10:00 in Shanghai
    Request last;

private:
    int count_ = 0;
};

class World : public AskedDesk {
public:
    explicit World(DeskSettings settings = {"beijing", {}, {}}) : AskedDesk(std::move(settings), shipped_flows()) {}

    // A sales lead of Wang's; its id.
    std::string open_lead() {
        OpenOrder open;
        open.kind = "sales_lead";
        open.number = "+8613800000001";
        open.customer_name = "陈女士";
        open.fields = {{"lead_kind", "buy"}, {"wish", "三室，朝南"}};
        return done(kWang, open).changes.orders.at(0).id;
    }
    const OrderRecord& order(const std::string& id) const { return view.orders.at(id); }
    const HistoryRecord& last_history(const std::string& id) const {
        return view.history.at({id, order(id).history_n});
    }
};

}  // namespace citybridge::desk::testing
