#pragma once
// A desk with one flow of the test's own, a directory, people and virtual time.
#include <gtest/gtest.h>

#include "core/desk/flow_check.h"
#include "core/desk/flow_file.h"
#include "tests/unit/desk/map_view.h"
#include "tests/unit/desk/world.h"

namespace citybridge::desk::testing {

inline const Actor kBoss{"sun", "supervisor", {}};

inline const char* const kDirectory = R"(<directory>
  <entry name="repairs" title="Repairs">
    <person name="Zhou" mobile="13900000001" user="zhou"/>
    <person name="Wu" mobile="13900000002" email="wu@example.com"/>
    <person name="Gone" mobile="13900000003" until="2026-01-31"/>
    <person name="Zheng" office="01066668888"/>
  </entry>
  <entry name="money" title="Money">
    <person name="He" user="he"/>
    <person name="Lv" user="lv"/>
    <person name="Old" user="old" until="2026-01-31"/>
  </entry>
  <entry name="office" title="Office">
    <person name="Wei" mobile="13900000009" email="wei@example.com" user="li"/>
  </entry>
</directory>)";

// Two states, one action of people; `parts` is put in between.
inline std::string flow_text(const std::string& parts, const std::string& attributes = "") {
    return R"(<flow kind="visit" version="1" title="Visit" open_roles="agent team_lead supervisor" note_roles="agent")" +
           attributes + R"(>
  <field name="level" type="choice" choices="low high" title="Level"/>
  <field name="amount" type="integer" min="0" max="100" title="Amount"/>
  <field name="result" type="text" title="Result"/>
  <field name="pin" type="text" secret="true" reveal_roles="supervisor" title="PIN"/>
  <state name="new" initial="true" title="New"/>
  <state name="waiting" title="Waiting"/>
  <state name="done" closed="true" title="Done"/>
  <action name="wait" from="new" to="waiting" roles="agent team_lead" title="Wait"/>
  <action name="finish" from="new waiting" to="done" roles="agent team_lead" optional_fields="result" title="Finish"/>
  <action name="edit" from="new waiting" roles="agent" optional_fields="level amount result pin" title="Edit"/>
)" + parts +
           "</flow>";
}

inline Flow read_one(const std::string& text) {
    Problems problems;
    auto flow = parse_flow("f.xml", text, problems);
    for (const auto& problem : problems) ADD_FAILURE() << to_string(problem);
    return flow.value_or(Flow{});
}

class EngineRoom {
public:
    explicit EngineRoom(const std::string& parts, const std::string& attributes = "",
                        DeskSettings settings = {"beijing", {}, {}})
        : desk(std::move(settings), book(parts, attributes), Calendars(shipped_calendar("standard"))) {
        for (const auto& [name, role] : {std::pair{"wang", "agent"}, std::pair{"li", "agent"},
                                         std::pair{"zhao", "team_lead"}, std::pair{"sun", "supervisor"}}) {
            UserRecord user;
            user.name = name;
            user.role = role;
            if (user.role != "supervisor") user.groups = {user.name == "li" ? "service" : "sales"};
            view.users[user.name] = user;
        }
    }

    static FlowBook book(const std::string& parts, const std::string& attributes) {
        Problems problems;
        FlowBook out{FlowSet({read_one(flow_text(parts, attributes))}),
                     parse_directory("d.xml", kDirectory, problems),
                     {{"email", "mail"}, {"sms", "texts"}}};
        for (const auto& problem : problems) ADD_FAILURE() << to_string(problem);
        return out;
    }

    Result<Decision> ask(const Actor& actor, decltype(Request::what) what) {
        auto decision = desk.apply(view, {"r" + std::to_string(++count_), actor, std::move(what)}, {now, {}});
        if (decision) view.take(decision->changes);
        return decision;
    }
    Decision done(const Actor& actor, decltype(Request::what) what) {
        auto decision = ask(actor, std::move(what));
        if (!decision) {
            ADD_FAILURE() << decision.error().code << ": " << decision.error().detail;
            return {};
        }
        return std::move(*decision);
    }
    std::string refused(const Actor& actor, decltype(Request::what) what) {
        const auto decision = ask(actor, std::move(what));
        return decision ? "accepted" : decision.error().code;
    }
    std::string open(Fields fields = Fields::object(), const Actor& actor = kWang) {
        OpenOrder what;
        what.kind = "visit";
        what.fields = std::move(fields);
        const Decision decision = done(actor, what);
        return decision.changes.orders.empty() ? "" : decision.changes.orders.at(0).id;
    }
    Decision act(const std::string& id, const std::string& action, const Actor& actor = kWang,
                 Fields fields = Fields::object(), const std::string& note = "") {
        return done(actor, ActOnOrder{id, action, std::move(fields), note, {}});
    }
    // Time passes; every deadline is told when it is due. Number of those.
    int pass(Millis time) {
        const WallTime until = now + time;
        int told = 0;
        for (;;) {
            const DeadlineRecord* next = nullptr;
            for (const auto& [key, row] : view.deadlines)
                if (row.state == DeadlineState::open && row.due_at <= until &&
                    (next == nullptr || row.due_at < next->due_at))
                    next = &row;
            if (next == nullptr) break;
            now = std::max(now, next->due_at);
            done(kSystem, DeadlineReached{next->order, next->name, next->n});
            if (++told > 1'000) {
                ADD_FAILURE() << "timers never end: " << next->name;
                break;
            }
        }
        now = until;
        return told;
    }
    const OrderRecord& order(const std::string& id) const { return view.orders.at(id); }
    const HistoryRecord& last(const std::string& id) const { return view.history.at({id, order(id).history_n}); }
    std::vector<TellingRecord> told(const std::string& id) const {
        std::vector<TellingRecord> out;
        for (const auto& [key, row] : view.tellings)
            if (row.order == id) out.push_back(row);
        return out;
    }
    // Nothing is due of it but the node's own reminder of what nobody works on.
    bool only_idle(const std::string& id) const {
        const auto open = view.open_deadlines(id);
        return open.size() == 1 && open.front().kind == "idle";
    }
    std::string escalation(const std::string& id, const std::string& name) const {
        return order(id).engine.at("escalations").at(name).at("state").get<std::string>();
    }

    Desk desk;
    MapView view;
    WallTime now = at("2026-11-23T02:00:00.000Z");  // a Monday, 10:00 in Shanghai

private:
    int count_ = 0;
};

}  // namespace citybridge::desk::testing
