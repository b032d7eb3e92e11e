// Every figure by hand: the expectations are computed from the definition, on paper.
#include <gtest/gtest.h>

#include "tests/unit/reports/some_facts.h"

namespace citybridge::reports {
namespace {

std::string figures_by(const std::string& columns, const std::string& rows = "queue") {
    return "<report name=\"r\" title=\"t\" title_en=\"t\" roles=\"admin\" rows=\"" + rows + "\">" + columns +
           "</report>";
}

// Ten calls: waits of 5, 10, 20, 21, 40 s answered; 3, 15, 30 s abandoned; one timed out, one only in the menu.
Feed& ten_calls(Feed& feed) {
    for (const std::int64_t wait : {5, 10, 20, 21, 40}) feed << answered_call(wait, wait, 100);
    for (const std::int64_t wait : {3, 15, 30}) feed << abandoned_call(wait, wait);
    ContactFact timed_out = abandoned_call(50, 60);
    timed_out.outcome = "no_answer";
    feed << timed_out;
    ContactFact menu = abandoned_call(60, 0);
    menu.outcome = "ivr_only";
    menu.queued_at.reset();
    menu.wait_ms = kNotKnown;
    feed << menu;
    return feed;
}

TEST(ServiceLevel, is_given_in_both_of_asterisks_formulas_and_by_copc) {
    Feed feed(
        figures_by("<column figure=\"service_level_asterisk\" within_s=\"20\" name=\"a\"/>"
                   "<column figure=\"service_level_asterisk2\" within_s=\"20\" name=\"b\"/>"
                   "<column figure=\"service_level_copc\" within_s=\"20\" name=\"c\"/>"));
    ten_calls(feed);
    EXPECT_DOUBLE_EQ(feed.number("sales", "a"), 60.0);   // 3 of 5 answered
    EXPECT_DOUBLE_EQ(feed.number("sales", "b"), 62.5);   // (3 answered + 2 abandoned) of 8
    EXPECT_DOUBLE_EQ(feed.number("sales", "c"), 33.33);  // 3 of 9 offered
}

TEST(Counts, of_offered_answered_abandoned_and_lost_add_up) {
    Feed feed(
        figures_by("<column figure=\"offered\"/><column figure=\"answered\"/><column figure=\"abandoned\"/>"
                   "<column figure=\"lost_otherwise\"/><column figure=\"menu_only\"/><column figure=\"inbound\"/>"
                   "<column figure=\"answer_rate\"/><column figure=\"abandon_rate\"/>"));
    ten_calls(feed);
    EXPECT_EQ(feed.number("", "offered"), 9);
    EXPECT_EQ(feed.number("", "answered"), 5);
    EXPECT_EQ(feed.number("", "abandoned"), 3);
    EXPECT_EQ(feed.number("", "lost_otherwise"), 1);
    EXPECT_EQ(feed.number("", "menu_only"), 1);
    EXPECT_EQ(feed.number("", "inbound"), 10);
    EXPECT_DOUBLE_EQ(feed.number("", "answer_rate"), 55.56);
    EXPECT_DOUBLE_EQ(feed.number("", "abandon_rate"), 33.33);
}

TEST(Abandoning, is_given_by_how_long_they_waited) {
    Feed feed(
        figures_by("<column figure=\"abandoned_after\" to_s=\"15\" name=\"short\"/>"
                   "<column figure=\"abandoned_after\" from_s=\"15\" to_s=\"30\" name=\"middle\"/>"
                   "<column figure=\"abandoned_after\" from_s=\"30\" name=\"long\"/>"
                   "<column figure=\"abandon_wait_average\"/><column figure=\"wait_longest\"/>"
                   "<column figure=\"answer_speed_average\"/>"));
    ten_calls(feed);
    EXPECT_EQ(feed.number("", "short"), 1);
    EXPECT_EQ(feed.number("", "middle"), 1);  // 15 s belongs here, 30 s no more
    EXPECT_EQ(feed.number("", "long"), 1);
    EXPECT_DOUBLE_EQ(feed.number("", "abandon_wait_average"), 16);
    EXPECT_DOUBLE_EQ(feed.number("", "wait_longest"), 60);
    EXPECT_DOUBLE_EQ(feed.number("", "answer_speed_average"), 19.2);
}

TEST(Averages, of_nothing_are_empty_and_not_zero) {
    Feed feed(
        figures_by("<column figure=\"offered\"/><column figure=\"answer_speed_average\"/>"
                   "<column figure=\"satisfaction\"/>"));
    feed << abandoned_call(1, 2);
    EXPECT_TRUE(feed.empty("", "answer_speed_average"));
    EXPECT_TRUE(feed.empty("", "satisfaction"));
}

TEST(Rings, are_counted_by_the_cycle_of_the_ringing_tone) {
    Feed feed(
        figures_by("<column figure=\"within_rings\" rings=\"3\" ring_cycle_s=\"5\"/>"
                   "<column figure=\"rings_average\" ring_cycle_s=\"5\"/><column figure=\"ring_time_average\"/>"));
    // 0 to 5 s is the first ring; 10 to 15 s the third; from 15 s on the fourth.
    for (const std::int64_t ms : {1'000, 4'999, 14'999, 15'000}) {
        ContactFact fact = answered_call(1, 20, 60);
        fact.ring_ms = ms;
        feed << fact;
    }
    feed << answered_call(2, 20, 60);  // nobody knows how long it rang
    EXPECT_DOUBLE_EQ(feed.number("", "within_rings"), 75);
    EXPECT_DOUBLE_EQ(feed.number("", "rings_average"), 2.25);   // 1, 1, 3, 4
    EXPECT_DOUBLE_EQ(feed.number("", "ring_time_average"), 9);  // 8.9995 s
}

TEST(Satisfaction, is_measured_in_three_steps) {
    Feed feed(
        figures_by("<column figure=\"survey_handover\"/><column figure=\"survey_participation\"/>"
                   "<column figure=\"satisfaction\"/>"));
    // Ten answered, six handed over, four pressed a key, three of them 1.
    for (int i = 0; i < 10; ++i) {
        ContactFact fact = answered_call(i, 1, 60);
        fact.survey_offered = i < 6;
        if (i < 4) fact.survey = i < 3 ? "1" : "3";
        feed << fact;
    }
    EXPECT_DOUBLE_EQ(feed.number("", "survey_handover"), 60);
    EXPECT_DOUBLE_EQ(feed.number("", "survey_participation"), 66.67);
    EXPECT_DOUBLE_EQ(feed.number("", "satisfaction"), 75);
}

TEST(TalkUtilisation, is_talk_by_signed_in_time) {
    Feed feed(
        figures_by("<column figure=\"signed_in\"/><column figure=\"talk_time\"/><column figure=\"talk_utilisation\"/>"
                   "<column figure=\"occupancy\"/><column figure=\"break_time\"/><column figure=\"wrap_up_average\"/>",
                   "agent"));
    feed << interval("1001", "logged_out", 0, 600) << interval("1001", "ready", 600, 1'000)
         << interval("1001", "ringing", 1'000, 1'010) << interval("1001", "talking", 1'010, 1'600)
         << interval("1001", "holding", 1'600, 1'700) << interval("1001", "wrap_up", 1'700, 1'800)
         << interval("1001", "not_ready", 1'800, 2'000);
    EXPECT_DOUBLE_EQ(feed.number("1001", "signed_in"), 1'400);
    EXPECT_DOUBLE_EQ(feed.number("1001", "talk_time"), 690);
    EXPECT_DOUBLE_EQ(feed.number("1001", "talk_utilisation"), 49.29);  // 690 of 1400
    EXPECT_DOUBLE_EQ(feed.number("1001", "occupancy"), 66.67);         // 800 of 1200
    EXPECT_DOUBLE_EQ(feed.number("1001", "break_time"), 200);
    EXPECT_DOUBLE_EQ(feed.number("1001", "wrap_up_average"), 100);
}

TEST(Intervals, are_cut_at_the_periods_ends_and_shared_among_hours) {
    // 9:00 to 10:00 and on; the break runs from 9:50 to 10:20, the period ends at 10:10.
    Feed feed(figures_by("<column figure=\"break_time\"/><column figure=\"breaks\"/>", "hour"), 0, 4'200);
    feed << interval("1001", "not_ready", 3'000, 4'800);
    EXPECT_DOUBLE_EQ(feed.number("2026-11-21 09:00", "break_time"), 600);
    EXPECT_DOUBLE_EQ(feed.number("2026-11-21 10:00", "break_time"), 600);
    EXPECT_EQ(feed.number("2026-11-21 09:00", "breaks"), 1);
    EXPECT_EQ(feed.number("2026-11-21 10:00", "breaks"), 0);
    EXPECT_EQ(feed.number("", "breaks"), 1);
}

TEST(Intervals, that_are_open_last_until_now) {
    Feed feed(figures_by("<column figure=\"signed_in\"/>", "agent"), 0, 1'000);
    AgentInterval open = interval("1001", "ready", 400, 0);
    open.to.reset();
    feed << open;
    EXPECT_DOUBLE_EQ(feed.number("1001", "signed_in"), 600);
}

TEST(Intervals, of_the_node_itself_say_how_long_nobody_could_see) {
    Feed feed(figures_by("<column figure=\"signed_in\"/>", "agent"));
    feed << interval("1001", "ready", 0, 100) << interval("", "node_down", 200, 260);
    EXPECT_EQ(feed.table().blind, Millis{60'000});
    EXPECT_EQ(feed.table().rows.size(), 1U);
}

TEST(Periods, are_half_open) {
    Feed feed(figures_by("<column figure=\"offered\"/>"), 0, 100);
    feed << answered_call(0, 1, 1) << answered_call(99, 1, 1) << answered_call(100, 1, 1) << answered_call(-1, 1, 1);
    EXPECT_EQ(feed.number("", "offered"), 2);
}

TEST(Orders, are_counted_with_calls_where_a_figure_needs_both) {
    Feed feed(
        figures_by("<column figure=\"orders_opened\"/><column figure=\"orders_per_call\"/>"
                   "<column figure=\"orders_opened\" name=\"leads\"><filter by=\"kind\" is=\"sales_lead\"/></column>",
                   "agent"));
    // The owner of an order is a user; the calls are the agent's.
    feed.people.agent_of["li.ming"] = "1001";
    feed.people.user_of["1001"] = "li.ming";
    for (int i = 0; i < 4; ++i) feed << answered_call(i, 1, 60);
    OrderFact from_call = order_fact("o1", "opened", "sales_lead", 10);
    from_call.contact = "c";
    feed << from_call << order_fact("o2", "opened", "repair", 20);
    EXPECT_EQ(feed.number("1001", "orders_opened"), 2);
    EXPECT_EQ(feed.number("1001", "leads"), 1);
    EXPECT_DOUBLE_EQ(feed.number("1001", "orders_per_call"), 0.25);
    EXPECT_EQ(std::get<std::string>(feed.cell("1001", "user")), "li.ming");
}

TEST(FollowUps, settled_in_the_last_moment_are_in_time) {
    Feed feed(
        figures_by("<column figure=\"follow_ups_in_time\"/><column figure=\"follow_ups_missed\"/>"
                   "<column figure=\"follow_up_rate\"/>",
                   "kind"));
    const auto settled = [](const char* what, std::int64_t at, std::int64_t due) {
        OrderFact fact = order_fact("o", what, "repair", at);
        fact.due_at = clock_at(due);
        return fact;
    };
    feed << settled("met", 100, 200) << settled("met", 200, 200) << settled("met", 201, 200)
         << settled("missed", 300, 300) << settled("withdrawn", 50, 400);
    EXPECT_EQ(feed.number("repair", "follow_ups_in_time"), 2);
    EXPECT_EQ(feed.number("repair", "follow_ups_missed"), 2);
    EXPECT_DOUBLE_EQ(feed.number("repair", "follow_up_rate"), 50);
}

TEST(FollowUps, not_in_time_are_listed) {
    Feed feed(
        "<report name=\"r\" title=\"t\" title_en=\"t\" roles=\"admin\" list=\"follow_ups\">"
        "<filter by=\"kind\" is=\"sales_lead\"/></report>");
    OrderFact missed = order_fact("o1", "missed", "sales_lead", 100);
    missed.name = "broker_called";
    missed.due_at = clock_at(100);
    feed << missed << order_fact("o2", "missed", "repair", 100) << order_fact("o3", "met", "sales_lead", 100);
    const Table table = feed.table();
    ASSERT_EQ(table.rows.size(), 1U);
    EXPECT_EQ(std::get<std::string>(table.rows[0][0]), "o1");
    EXPECT_EQ(std::get<std::string>(table.rows[0][2]), "broker_called");
    EXPECT_EQ(std::get<WallTime>(table.rows[0][3]), clock_at(100));
}

TEST(OutgoingCalls, are_success_failure_or_to_be_tried_again) {
    Feed feed(
        figures_by("<column figure=\"dialled\"/><column figure=\"reached\"/><column figure=\"not_reached\"/>"
                   "<column figure=\"dial_failed\"/><column figure=\"reach_rate\"/>",
                   "agent"));
    for (const char* outcome : {"answered", "answered", "no_answer", "busy", "rejected", "failed"}) {
        ContactFact fact = answered_call(1, 5, 60);
        fact.direction = "outbound";
        fact.outcome = outcome;
        feed << fact;
    }
    EXPECT_EQ(feed.number("1001", "dialled"), 6);
    EXPECT_EQ(feed.number("1001", "reached"), 2);
    EXPECT_EQ(feed.number("1001", "not_reached"), 3);
    EXPECT_EQ(feed.number("1001", "dial_failed"), 1);
    EXPECT_DOUBLE_EQ(feed.number("1001", "reach_rate"), 33.33);
}

TEST(Quality, weighs_forms_by_their_points) {
    Feed feed(figures_by("<column figure=\"scores\"/><column figure=\"score_average\"/>", "agent"));
    for (const auto& [points, of] : {std::pair{80, 100}, std::pair{10, 50}}) {
        QualityScore score;
        score.agent = "1001";
        score.at = clock_at(5);
        score.points = points;
        score.max_points = of;
        feed << score;
    }
    EXPECT_EQ(feed.number("1001", "scores"), 2);
    EXPECT_DOUBLE_EQ(feed.number("1001", "score_average"), 60);
}

TEST(Figures, each_have_a_definition_in_both_languages_and_something_to_count) {
    std::set<std::string_view> names;
    for (const Figure* figure : all_figures()) {
        SCOPED_TRACE(std::string(figure->name));
        EXPECT_TRUE(names.insert(figure->name).second);
        for (const std::string_view text :
             {figure->zh, figure->en, figure->formula_zh, figure->formula_en, figure->counts_zh, figure->counts_en})
            EXPECT_FALSE(text.empty());
        EXPECT_NE(figure->sources(), 0U);
    }
}

}  // namespace
}  // namespace citybridge::reports
