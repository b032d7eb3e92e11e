// Wrong definitions: each is refused with its place and what to do.
#include "tests/unit/desk/wrong_flow_cases.h"

namespace citybridge::desk::testing {
namespace {

TEST(WrongFlows, TheGraph) {
    expect_each({
        {R"(<state name="lost" title="L"/>)", "cannot be reached"},
        {R"(<state name="stuck" title="S"/><action name="to_stuck" from="new" to="stuck" roles="agent" title="T"/>)",
         "no action leads out of state \"stuck\""},
        {R"(<action name="again" from="done" to="new" roles="agent" title="A"/>)", "is closed and has no way out"},
        {R"(<action name="again" from="new" reopen="true" roles="agent" title="A"/>)", "only from a closed state"},
        {R"(<action name="x" from="new" to="new" in_turn="true" roles="agent" title="A"/>)", "keeps its turn"},
        {R"(<action name="x" from="new" in_turn="true" roles="agent" title="A"/>)", "keeps its turn"},
        {R"(<action name="x" from="done" to="new" reopen="true" in_turn="true" roles="agent" title="A"/>)",
         "wait for no turn"},
        {R"(<action name="x" from="new" to="waiting" in_turn="true" roles="system" title="A"/>)", "only people wait"},
        {R"(<action name="x" from="new" roles="" title="A"/>)", "roles"},
        {R"(<script on="menu:" version="1">x</script>)", "a menu's name"},
        {R"(<script on="menu:Main 1" version="1">x</script>)", "a menu's name"},
        {R"(<tell on="menu:day" to="owner" channel="screen" template="t"/>)", "is nothing that happens"},
        {R"(<action name="x" from="new" roles="system" title="A"/>)", "nobody takes action"},
        {R"(<action name="finish" from="new" roles="agent" title="A"/>)", "defined twice"},
        {R"(<action name="acknowledge" from="new" roles="agent" title="A"/>)", "meaning of its own"},
        {R"(<recurrence name="daily" every="day" at="10:00"/>)", "no owner and no group"},
    });
}

TEST(WrongFlows, AnOrderThatCouldBeNobodys) {
    std::string text = flow_text("");
    const std::string roles = R"(open_roles="agent team_lead supervisor")";
    text.replace(text.find(roles), roles.size(), R"(open_roles="agent erp")");
    Problems problems;
    EXPECT_FALSE(parse_flow("f.xml", text, problems));
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(to_string(problems[0]).find("role erp would have no owner"), std::string::npos) << to_string(problems[0]);
    problems.clear();
    text.insert(text.find("</flow>"), R"(<assign on="open" to="group:service"/>)");
    EXPECT_TRUE(parse_flow("f.xml", text, problems));
}

TEST(WrongFlows, Fields) {
    expect_each({
        {R"(<field name="x" type="text" min="3" title="X"/>)", "only a field of type integer"},
        {R"(<field name="x" type="integer" min="9" max="3" title="X"/>)", "less than min"},
        {R"(<field name="x" type="text" sum_of="amount" title="X"/>)", "is of type integer"},
        {R"(<field name="x" type="integer" max="9" sum_of="amount" title="X"/>)", "follow from its parts"},
        {R"(<field name="x" type="integer" default="3" sum_of="amount" title="X"/>)", "give these a default"},
        {R"(<field name="x" type="integer" sum_of="amount gone" title="X"/>)", "\"gone\" is not defined"},
        {R"(<field name="x" type="integer" sum_of="amount level" title="X"/>)", "only fields of type integer"},
        {R"(<field name="x" type="integer" sum_of="amount x" title="X"/>)", "and no sums"},
        {R"(<field name="x" type="integer" secret="true" reveal_roles="supervisor" title="X"/><field name="y" type="integer" sum_of="amount x" title="Y"/>)",
         "its sum would tell"},
        {R"(<field name="x" type="integer" sum_of="amount" title="X"/><action name="x" from="new" roles="agent" optional_fields="x" title="A"/>)",
         "which nobody gives"},
        {R"(<field name="x" type="integer" sum_of="amount" title="X"/><action name="x" from="new" roles="agent" title="A"><set field="x" value="3"/></action>)",
         "which nobody sets"},
        {R"(<field name="x" type="integer" sum_of="amount" title="X"/><action name="x" from="new" roles="agent" title="A"><when field="x" at_least="101"/></action>)",
         "can never hold"},
        {R"(<field name="x" type="text" pattern="[a" title="X"/>)", "no regular expression"},
        {R"(<field name="x" type="choice" choices="a b" default="c" title="X"/>)", "must be one of"},
        {R"(<field name="x" type="text" reveal_roles="agent" title="X"/>)", "secret"},
        {R"(<field name="x" type="text" secret="true" title="X"/>)", "name at least one role"},
        {R"(<field name="x" type="text" secret="true" reveal_roles="boss" title="X"/>)", "is no role"},
        {R"(<action name="x" from="new" roles="agent" title="A"><set field="amount" value="many"/></action>)",
         "whole number"},
        {R"(<action name="x" from="new" roles="agent" title="A"><set field="gone" value="1"/></action>)",
         "\"gone\" is not defined"},
        {R"(<action name="x" from="new" roles="agent" title="A"><set field="amount" value_of="now"/></action>)",
         "fits only"},
    });
}

TEST(WrongFlows, Conditions) {
    const auto guard = [](const std::string& when) {
        return R"(<action name="x" from="new" roles="agent" title="A">)" + when + "</action>";
    };
    expect_each({
        {guard(R"(<when field="gone" is="1"/>)"), "\"gone\" is not defined"},
        {guard(R"(<when field="level" is="middle"/>)"), "can never hold"},
        {guard(R"(<when field="amount" at_least="101"/>)"), "can never hold"},
        {guard(R"(<when state="waiting"/>)"), "can never hold"},
        {guard(R"(<when state="gone"/>)"), "\"gone\" is not defined"},
        {guard(R"(<when overdue="gone"/>)"), "\"gone\" is not defined"},
        {guard(R"(<when count="gone" at_least="1"/>)"), "\"gone\" is not defined"},
        {guard(R"(<when asker="stranger"/>)"), "must be one of"},
        {guard(R"(<when/>)"), "needs one of"},
        {guard(R"(<when field="level"/>)"), "say with one of"},
        {guard(R"(<any/>)"), "is empty"},
        {guard(R"(<when related="any"/>)"), "only a row of a <decision>"},
        {guard(R"(<if field="level" is="low"/>)"), "unknown here"},
    });
}

TEST(WrongFlows, FollowUpsAndChains) {
    expect_each({
        {R"(<follow_up name="f" after="1h" question="?" settled_by="finish"/>)", "set_by"},
        {R"(<follow_up name="f" after="1h" question="?" set_by="open"/>)", "settled_by"},
        {R"(<follow_up name="f" question="?" set_by="open" settled_by="finish"/>)", "after"},
        {R"(<follow_up name="f" after="1h" at="10:00" question="?" set_by="open" settled_by="finish"/>)", "keep one"},
        {R"(<follow_up name="f" after="1h" question="?" due_action="gone" set_by="open" settled_by="finish"/>)",
         "\"gone\" is not defined"},
        {R"(<follow_up name="f" after="1h" remind_before="2h" question="?" set_by="open" settled_by="finish"/>)",
         "before the follow-up is set"},
        {R"(<chain name="c"/>)", "needs from"},
        {R"(<chain name="c" from="repairs"/>)", "directory:ENTRY"},
        {R"(<chain name="c" directory="{gone}"/>)", "\"gone\" is not defined"},
        {R"(<action name="x" from="new" roles="agent" title="A"><advance chain="gone"/></action>)",
         "\"gone\" is not defined"},
        {R"(<chain name="c" from="directory:repairs"><exhausted do="x"/></chain>
<action name="x" from="new" roles="agent" title="A"><advance chain="c"/></action>)",
         "again and again"},
    });
}

TEST(WrongFlows, EscalationsTellsAndTemplates) {
    const std::string steps = R"(<step to="owner" channel="screen" ack_within="1h"/></escalation>)";
    expect_each({
        {R"(<escalation name="a" start="escalation:b">)" + steps + R"(<escalation name="b" start="escalation:a">)" +
             steps,
         "never end"},
        {R"(<escalation name="a" start="open"/>)", "tells nobody"},
        {R"(<escalation name="a">)" + steps, "nothing sets escalation"},
        {R"(<escalation name="a" start="overdue:gone">)" + steps, "\"gone\" is not defined"},
        {R"(<escalation name="a" start="open" stop="gone">)" + steps, "\"gone\" is not defined"},
        {R"(<escalation name="a" start="open"><step to="everyone" channel="screen"/></escalation>)", "names nobody"},
        {R"(<escalation name="a" start="open"><step to="role:node" channel="screen"/></escalation>)",
         "no role of people"},
        {R"(<escalation name="a" start="open"><step to="owner" channel="pigeon"/></escalation>)", "no channel"},
        {R"(<escalation name="a" start="open"><step to="owner" channel="email"/></escalation>)", "template"},
        {R"(<escalation name="a" start="open"><step to="owner" channel="email" template="gone"/></escalation>)",
         "\"gone\" is not defined"},
        {R"(<escalation name="a" start="open"><step to="owner" channel="screen" quiet="late"/></escalation>)", "quiet"},
        {R"(<escalation name="a" start="open"><step to="owner" channel="screen" raise="level=middle"/></escalation>)",
         "must be one of"},
        {R"(<tell on="open" to="owner" channel="screen" confirm_within="1d"/>)", "belong together"},
        {R"(<tell on="never" to="owner" channel="screen"/>)", "nothing that happens"},
        {R"(<tell on="open" to="field:pin" channel="screen"/>)", "names nobody"},
        {R"(<template name="t">Hello {pin}</template>)", "is secret"},
        {R"(<template name="t">Hello {nobody}</template>)", "no field"},
        {R"(<template name="t">Hello {customer.age}</template>)", "not known"},
        {R"(<template name="t">Hello {order.id</template>)", "close the brace"},
        {R"(<template name="t">A</template><template name="t">B</template>)", "defined twice"},
        {R"(<template name="t"></template>)", "says nothing"},
    });
}

TEST(WrongFlows, DecisionsAndApprovals) {
    const std::string ends =
        R"(<action name="yes" from="new" to="done" roles="system" title="Y"/><action name="no" from="new" to="waiting" roles="system" title="N"/>)";
    const auto approval = [&](const std::string& step) {
        return R"(<approval name="a" start="open" approved="yes" rejected="no">)" + step + "</approval>" + ends;
    };
    expect_each({
        {R"(<decision on="open"><row><when field="level" is="low"/><do open="true"/></row></decision>)",
         "no row always holds"},
        {R"(<decision on="open"><row><do open="true"/></row><row><do open="true"/></row></decision>)", "always holds"},
        {R"(<decision on="open"><row><do/></row></decision>)", "needs one of"},
        {R"(<decision on="open"><row><do action="gone"/></row></decision>)", "\"gone\" is not defined"},
        {R"(<decision on="open"><row><do act="finish"/></row></decision>)", "name its kind in look"},
        {R"(<decision on="close"><row><do open="true"/></row></decision>)", "made on open"},
        {R"(<decision on="open" look="visit"><row><do open="true"/></row></decision>)", "by=\"customer\""},
        {approval(""), "asks nobody"},
        {approval(R"(<step by="owner"/>)"), "nobody approves his own"},
        {approval(R"(<step by="role:erp"/>)"), "no role of people"},
        {approval(R"(<step by="user:li" quorum="2"/>)"), "cannot be reached"},
        {approval(R"(<step by="role:supervisor" late="gone"/>)"), "needs within"},
        {approval(R"(<step by="role:supervisor" within="1d" late="gone"/>)"), "\"gone\" is not defined"},
        {approval(R"(<step by="role:supervisor"><when field="level" is="low"/></step>)"), "approved by nobody"},
        {R"(<approval name="a" start="open" approved="gone" rejected="finish"><step by="role:supervisor"/></approval>)",
         "\"gone\" is not defined"},
        {R"(<action name="yes" from="new" to="done" roles="system" required_fields="result" title="Y"/>
<approval name="a" start="open" approved="yes" rejected="finish"><step by="role:supervisor"/></approval>)",
         "nobody can fill in"},
        {R"(<recurrence name="r" every="month" at="10:00" day="32" group="g"/>)", "1 to 31"},
        {R"(<recurrence name="r" every="day" at="25:00" group="g"/>)", "10:00"},
        {R"(<field name="must" type="text" required="true" title="M"/><recurrence name="r" every="day" at="10:00" group="g"/>)",
         "nobody fills in"},
        {R"(<erp connector="erp"><send on="open" message="order_open"/></erp>)", "no ERP knows"},
        {R"(<erp connector="erp"><send on="open" message="open_order" tell_if_undelivered_after="1min"/></erp>)",
         "belong together"},
        {R"(<script on="state:new" version="1" approved_by="someone">Hello</script>)", "approved_by"},
        {R"(<assign on="open" to="nobody"/>)", "names nobody"},
        {R"(<assign on="open" to="field:level"/>)", "of type user or group"},
        {R"(<visible roles="boss"/>)", "is no role"},
    });
}

TEST(WrongFlows, PartsThatMakeNoSenseTogether) {
    const auto guarded = [](const std::string& conditions) {
        return R"(<action name="x" from="new" roles="agent" title="X">)" + conditions + "</action>";
    };
    const std::string text = R"(<template name="t">Hello</template>)";
    const auto follow_up = [](const std::string& more) {
        return R"(<follow_up name="f" after="1h" question="?" set_by="open" settled_by="finish" )" + more + "/>";
    };
    expect_each({
        {R"(<follow_up name="f" name="g" after="1h" question="?" set_by="open" settled_by="finish"/>)", "name twice"},
        {follow_up(R"(by_clock="true" next_day_at="9:00")"), "by the clock"},
        {guarded(R"(<set field="amount" value="1"/><set field="amount" value="2"/>)"), "twice"},
        {R"(<action name="x" from="new" roles="agent" required_fields="amount" title="X"><set field="amount" value="1"/></action>)",
         "asked for and then set"},
        {guarded(R"(<when field="amount" is="many"/>)"), "whole number"},
        {guarded(R"(<when field="amount" at_least="two"/>)"), "whole number"},
        {R"(<field name="day" type="date" title="D"/>)" + guarded(R"(<when field="day" at_most="tomorrow"/>)"),
         "is a date"},
        {guarded(R"(<when field="level" is="low"/><when field="level" is="high"/>)"), "never both"},
        {guarded(R"(<when field="amount" at_least="5"/><when field="amount" at_most="2"/>)"), "never both"},
        {guarded(R"(<any><all><when field="level" is="low"/><when field="level" is="high"/></all></any>)"),
         "never both"},
        {guarded(R"(<when no_leave="amount"/>)"), "of type date"},
        {guarded(R"(<when no_leave="gone"/>)"), "\"gone\" is not defined"},
        {R"(<field name="day" type="date" title="D"/>)" + guarded(R"(<when no_leave="day" days="level"/>)"),
         "of type integer"},
        {R"(<field name="day" type="date" title="D"/>)" + guarded(R"(<when no_leave="day" until="amount"/>)"),
         "of type date"},
        {R"(<script on="open" version="1" approved_by="janitor:li 2026-01-01">x</script>)", "approves no words"},
        {R"(<script on="open" version="1" approved_by="product_manager:li 2026-01-01, centre_manager:li 2026-01-01">x</script>)",
         "two people"},
        {R"(<script on="open" version="1" approved_by="product_manager:li 2026-01-01, product_manager:wu 2026-01-01">x</script>)",
         "two people"},
        {text +
             R"(<escalation name="e" start="close"><step after="0" to="owner" channel="screen" template="t"/></escalation>)",
         "never begins"},
        {text +
             R"(<escalation name="e" start="state:done"><step after="0" to="owner" channel="screen" template="t"/></escalation>)",
         "never begins"},
        {text +
             R"(<escalation name="e" start="open"><step after="0" to="owner" channel="screen" template="t" ack_within="0"/></escalation>)",
         "in no time"},
        {text +
             R"(<escalation name="e" start="open"><step after="0" to="customer" channel="sms screen" template="t"/></escalation>)",
         "no screen"},
        {text + R"(<tell on="open" to="customer" channel="screen" template="t"/>)", "no screen"},
        {text +
             R"(<tell on="open" to="owner" channel="screen" template="t"/><tell on="open" to="owner" channel="screen" template="t"/>)",
         "the same already"},
        {R"(<approval name="a" start="open" approved="finish" rejected="finish"><step by="role:supervisor"/></approval>)",
         "same as an approval"},
        {R"(<decision on="action:edit"><row><do action="edit"/></row></decision>)", "never end"},
        {R"(<decision on="action:edit"><row><do action="wait"/></row></decision>
<decision on="action:wait"><row><do action="edit"/></row></decision>)",
         "never end", 13},
        {R"(<recurrence name="r" every="day" at="9:00" group="g"><set field="result" value_of="asker"/></recurrence>)",
         "nobody asks"},
        {R"(<assign on="open" to="group:a"/><assign on="open" to="group:b"/>)", "never asked"},
        {R"(<action name="x" from="new" roles="agent" title="X"><assign to="least_busy:a"/><assign to="asker"/></action>)",
         "never asked"},
        {R"(<erp connector="erp"><send on="note" message="open_order"/></erp>)", "sent append_note"},
    });
}

TEST(WrongFlows, WhatTheCityDoesNotHave) {
    const auto in_city = [](const std::string& parts, const std::string& attributes = "") {
        Problems problems;
        FlowBook book = EngineRoom::book(parts, attributes);
        book.channels.erase("sms");
        check_city(
            book, "beijing", [](const std::string& name) { return name == "standard"; }, problems);
        return problems.empty() ? std::string() : to_string(problems[0]);
    };
    EXPECT_EQ(in_city(""), "");
    EXPECT_NE(in_city("", R"( calendar="lunar")").find("no calendar \"lunar\""), std::string::npos);
    EXPECT_NE(in_city(R"(<chain name="c" from="directory:gone"/>)").find("no entry \"gone\""), std::string::npos);
    EXPECT_NE(in_city(R"(<template name="t">Hello</template><tell on="open" to="owner" channel="sms" template="t"/>)")
                  .find("no connector carries sms"),
              std::string::npos);
}

TEST(WrongFlows, APeriodThatTheCalendarDoesNotHave) {
    const auto found = [](const std::string& period) {
        const Flow flow = read_one(flow_text(
            R"(<recurrence name="r" every="month" at="9:00" group="g" day="first_working_after:)" + period + R"("/>)"));
        CalendarDoc doc = shipped_calendar("standard").doc();
        Period filing;
        filing.name = "filing";
        doc.periods.push_back(filing);
        Problems problems;
        check_periods(FlowSet({flow}), Calendars(Calendar(doc)), problems);
        return problems.empty() ? std::string() : to_string(problems[0]);
    };
    EXPECT_EQ(found("filing"), "");
    EXPECT_EQ(found("lunar").rfind("f.xml:12:56: ", 0), 0U) << found("lunar");
    EXPECT_NE(found("lunar").find("no period \"lunar\""), std::string::npos) << found("lunar");
    EXPECT_NE(found("lunar").find("filing"), std::string::npos) << "says which there are";
}

TEST(WrongFlows, WhatOneSaysOfAnother) {
    const auto between = [](const std::string& decision) {
        Problems problems;
        check_flows(FlowSet({read_one(flow_text(decision))}), problems);
        return problems.empty() ? std::string() : to_string(problems[0]);
    };
    const auto table = [](const std::string& look, const std::string& row) {
        return R"(<decision on="open" look=")" + look + R"(" by="customer">)" + row +
               R"(<row><do open="true"/></row></decision>)";
    };
    EXPECT_EQ(between(table("visit", "")), "");
    EXPECT_NE(between(table("gone", "")).find("no kind \"gone\""), std::string::npos);
    EXPECT_NE(between(table("visit", R"(<row><when related_state="lost"/><do open="true"/></row>)")).find("no state"),
              std::string::npos);
    EXPECT_NE(between(table("visit", R"(<row><when related="any"/><do act="gone"/></row>)")).find("no action"),
              std::string::npos);
    EXPECT_NE(between(table("visit", R"(<row><when related="any"/><do act="edit"/></row>)")).find("give the action"),
              std::string::npos)
        << "team leads may open one, but only agents edit";
}

}  // namespace
}  // namespace citybridge::desk::testing
