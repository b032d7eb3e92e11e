// Definitions whose parts are right one by one, of which something could never happen.
#include "tests/unit/desk/wrong_flow_cases.h"

namespace citybridge::desk::testing {
namespace {

const std::string kText = R"(<template name="t">Hello</template>)";

std::string guarded(const std::string& conditions, const std::string& attributes = "") {
    return R"(<action name="x" from="new" roles="agent" title="X" )" + attributes + ">" + conditions + "</action>";
}

// Its last row always holds.
std::string table(const std::string& rows, const std::string& look = "") {
    return R"(<decision on="open" )" + look + ">" + rows + R"(<row><do open="true"/></row></decision>)";
}

TEST(ImpossibleFlows, ConditionsThatNeverHoldTogether) {
    const std::string words = "never both";
    expect_each({
        {guarded(R"(<when field="level" is="low"/><when field="level" is_not="low"/>)"), words},
        {guarded(R"(<when field="level" present="false"/><when field="level" is="low"/>)"), words},
        {guarded(R"(<when field="amount" at_least="1"/><when field="amount" present="false"/>)"), words},
        {guarded(R"(<when asker="owner"/><when asker="not_owner"/>)"), words},
        {guarded(R"(<when calendar="open"/><when calendar="closed"/>)"), words},
        {guarded(R"(<when note="present"/><when note="absent"/>)"), words},
        {guarded(R"(<when count="wait" at_least="3"/><when count="wait" at_most="1"/>)"), words},
        {R"(<field name="day" type="date" title="D"/>)" +
             guarded(R"(<when field="day" before="now"/><when field="day" after="now"/>)"),
         words},
    });
}

TEST(ImpossibleFlows, ConditionsThatMayHoldTogether) {
    for (const std::string conditions : {R"(<when field="level" is_not="low"/><when field="level" present="false"/>)",
                                         R"(<when field="amount" at_least="5"/><when field="amount" at_most="5"/>)",
                                         R"(<when asker="owner"/><when asker="in_group"/>)",
                                         R"(<when field="level" in="low high"/><when field="level" is_not="low"/>)",
                                         R"(<when count="wait" at_least="1"/><when count="edit" at_most="0"/>)"})
        EXPECT_TRUE(wrong({guarded(conditions), ""}).empty())
            << conditions << ": " << wrong({guarded(conditions), ""})[0];
}

TEST(ImpossibleFlows, RowsThatAreNeverChosen) {
    const std::string low = R"(<row><when field="level" is="low"/><do action="wait"/></row>)";
    const std::string words = "row 1 above has decided already";
    expect_each({
        {table(low + low), words},
        {table(R"(<row><when field="level" in="low high"/><do action="wait"/></row>)" + low), words},
        {table(low +
               R"(<row><when field="level" is="low"/><when field="amount" at_least="3"/><do open="true"/></row>)"),
         words},
        {table(R"(<row><when field="amount" at_least="5"/><do action="wait"/></row>
<row><when field="amount" at_least="10"/><do open="true"/></row>)"),
         words, 13},
        {table(R"(<row><when field="level" present="true"/><do action="wait"/></row>)" + low), words},
        {table(
             R"(<row><any><when field="level" is="low"/><when field="amount" at_most="3"/></any><do action="wait"/></row>)" +
             low),
         words},
        {table(R"(<row><when related="any"/><do open="true"/></row>
<row><when related_state="new"/><do act="finish"/></row>)",
               R"(look="visit" by="customer")"),
         words, 13},
        {table(R"(<row><when related="none"/><do act="finish"/></row>)", R"(look="visit" by="customer")"),
         "no order to act on"},
    });
}

TEST(ImpossibleFlows, RowsThatAreChosenSometimes) {
    for (const std::string rows :
         {R"(<row><when field="level" is="low"/><when field="amount" at_least="3"/><do action="wait"/></row>
             <row><when field="level" is="low"/><do open="true"/></row>)",
          R"(<row><when field="amount" at_least="10"/><do action="wait"/></row>
             <row><when field="amount" at_least="5"/><do open="true"/></row>)",
          R"(<row><when field="level" is="low"/><do action="wait"/></row>
             <row><not><when field="level" is="low"/></not><do open="true"/></row>)",
          // What the order found cannot do is left to the rows below.
          R"(<row><when related="any"/><do act="finish"/></row><row><when related="any"/><do open="true"/></row>)"}) {
        const WrongFlow one{table(rows, R"(look="visit" by="customer")"), ""};
        EXPECT_TRUE(wrong(one).empty()) << rows << ": " << wrong(one)[0];
    }
}

TEST(ImpossibleFlows, WaysThatLeadNowhere) {
    expect_each({
        {R"(<state name="a" title="A"/><state name="b" title="B"/>
<action name="to_a" from="new b" to="a" roles="agent" title="A"/><action name="to_b" from="a" to="b" roles="agent" title="B"/>)",
         "no way leads to an end"},
        {R"(<state name="a" title="A"/><action name="to_a" from="new" to="a" roles="agent" title="A"/>
<action name="out" from="a" to="done" roles="agent" title="O"/>
<follow_up name="f" after="1h" question="?" set_by="to_a" settled_by="wait"/>)",
         "never where one of these actions is possible (it is in a, done)", 14},
        {R"(<action name="late" from="new" roles="system" title="L"/>
<follow_up name="f" after="1h" question="?" due_action="late" set_by="wait" settled_by="finish"/>)",
         "never where \"late\" is possible", 13},
        {R"(<action name="back" from="waiting" to="new" roles="agent" title="B"/>
<decision on="open"><row><do action="back"/></row></decision>)",
         "\"back\" is not possible", 13},
        {R"(<decision on="action:finish"><row><do action="wait"/></row></decision>)", "\"wait\" is not possible"},
        {R"(<chain name="c" from="directory:repairs"><exhausted do="wait"/></chain>)", "nothing goes on in chain"},
        {R"(<chain name="c" from="directory:repairs"><exhausted do="x"/></chain>
<chain name="d" from="directory:repairs"><exhausted do="y"/></chain>
<action name="x" from="new" roles="agent" title="X"><advance chain="d"/></action>
<action name="y" from="new" roles="agent" title="Y"><advance chain="c"/></action>)",
         "again and again"},
    });
}

TEST(ImpossibleFlows, ApprovalsOfWhatCannotBeDone) {
    const auto approval = [](const std::string& start, const std::string& yes_from, const std::string& more = "") {
        return R"(<approval name="a" start=")" + start +
               R"(" approved="yes" rejected="no"><step by="role:supervisor"/></approval>
<action name="yes" from=")" +
               yes_from + R"(" to="done" roles="system" title="Y"/>
<action name="no" from="new waiting" to="done" roles="system" title="N"/>)" +
               more;
    };
    expect_each({
        {approval("action:finish", "new"), "ended by then and asks nobody"},
        {approval("open", "waiting"), "not possible in new"},
        {approval("action:wait", "new"), "not possible in waiting"},
        {approval("action:yes", "new"), "again and again"},
        {R"(<field name="tel" type="phone" title="T"/><approval name="a" start="open" approved="finish" rejected="wait">
<step by="field:tel"/></approval>)",
         "only a user approves", 13},
    });
}

TEST(ImpossibleFlows, DeadlinesOutOfTheirTime) {
    const auto follow_up = [](const std::string& more) {
        return R"(<follow_up name="f" question="?" set_by="open" settled_by="finish" )" + more + "/>";
    };
    expect_each({
        {follow_up(R"(after="1h" remind_before="0")"), "reminds nobody"},
        {follow_up(R"(after="1d" remind_before="24h")"), "before the follow-up is set"},
        {follow_up(R"(after="same_day" remind_before="30h")"), "before the follow-up is set"},
        {R"(<action name="again" from="new" roles="system" title="A"/>
<follow_up name="f" after="0min" question="?" due_action="again" set_by="open again" settled_by="finish"/>)",
         "without end", 13},
        {kText +
             R"(<escalation name="e" start="open"><step to="owner" channel="screen" template="t" quiet="00:00-24:00 defer"/></escalation>)",
         "never end"},
    });
}

TEST(ImpossibleFlows, WhatNobodyWouldHear) {
    const std::string fields =
        R"(<field name="tel" type="phone" title="T"/><field name="box" type="email" title="B"/>)" + kText;
    const auto told = [&](const std::string& on, const std::string& to, const std::string& channel) {
        return fields + R"(<tell on=")" + on + R"(" to=")" + to + R"(" channel=")" + channel + R"(" template="t"/>)";
    };
    expect_each({
        {told("open", "field:tel", "screen"), "screen does not reach; use phone or sms"},
        {told("open", "field:tel", "email"), "email does not reach; use phone or sms"},
        {told("open", "field:box", "sms"), "sms does not reach; use email"},
        {told("open", "customer", "email"), "only numbers are known"},
        {told("undelivered", "asker", "screen"), "nobody asks"},
        {R"(<follow_up name="f" after="1h" question="?" set_by="open" settled_by="finish"/>)" + kText +
             R"(<escalation name="e" start="overdue:f"><step to="asker" channel="screen" template="t"/></escalation>)",
         "nobody asks"},
        {kText +
             R"(<tell on="close" to="owner" channel="screen" template="t" confirm_within="1d" unconfirmed="escalation:e"/>
<escalation name="e"><step to="owner" channel="screen" template="t"/></escalation>)",
         "nothing is waited for"},
    });
}

TEST(ImpossibleFlows, WhatAnErpCannotMakeSenseOf) {
    expect_each({
        {R"(<erp connector="erp"><send on="open" message="close_order"/></erp>)", "does not know this order yet"},
        {R"(<erp connector="a" hooks="h"><send on="open" message="open_order"/></erp>
<erp connector="b" hooks="h"><send on="open" message="open_order"/></erp>)",
         "belongs to the <erp> above", 13},
    });
}

}  // namespace
}  // namespace citybridge::desk::testing
