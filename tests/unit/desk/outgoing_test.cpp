// Outgoing lists (B16, F6), merged customers and what lists know of an order, on a virtual clock.
#include "tests/unit/desk/world.h"

namespace citybridge::desk::testing {
namespace {

// A week of five days, 9:00 to 12:00 and 13:00 to 18:00, and a filing period that ends on Friday, 16 October 2026.
Calendar office() {
    CalendarDoc doc;
    doc.zone = "Asia/Shanghai";
    for (std::size_t day = 1; day <= 5; ++day) doc.week[day] = {{9 * 60, 12 * 60}, {13 * 60, 18 * 60}};
    Period filing;
    using std::chrono::year;
    filing.name = "filing";
    filing.from = LocalDay(year(2026) / 10 / 1);
    filing.to = LocalDay(year(2026) / 10 / 16);
    filing.own_hours = false;
    doc.periods.push_back(filing);
    return Calendar(doc);
}

struct Office {
    Desk desk{{"beijing", {}, {}}, FlowSet{}, office()};
    MapView view;
    WallTime now = at("2026-10-12T02:00:00.000Z");  // a Monday, 10:00 in Shanghai, within the filing period
    int count = 0;

    Result<Decision> ask(const Actor& actor, decltype(Request::what) what) {
        auto decision = desk.apply(view, {"r" + std::to_string(++count), actor, std::move(what)}, {now, {}});
        if (decision) view.take(decision->changes);
        return decision;
    }
    std::string code(const Actor& actor, decltype(Request::what) what) {
        const auto decision = ask(actor, std::move(what));
        return decision ? "" : decision.error().code;
    }
    std::string open(const OutgoingWindow& window, const std::string& group = "") {
        const auto decision = ask(kLead, OpenOutgoingList{"revisit", "十月回访", group, window});
        if (!decision) ADD_FAILURE() << decision.error().detail;
        return decision ? decision->changes.desk.outgoing_lists.at(0).id : "";
    }
    void add(const std::string& list, int rows) {
        AddEntries file{list, {}, nlohmann::ordered_json::array()};
        for (int i = 0; i < rows; ++i) {
            OutgoingEntryRecord row;
            row.line = i + 2;
            row.number = "+86138000000" + std::to_string(10 + i);
            file.rows.push_back(row);
        }
        EXPECT_EQ(code(kLead, file), "");
    }
    // The number he is given; empty: none.
    std::string next(const Actor& actor, const std::string& list) {
        const auto decision = ask(actor, TakeEntry{list});
        if (!decision || decision->reply.status == 204) return "";
        return nlohmann::json::parse(decision->reply.body).at("number");
    }
    std::string finish(const Actor& actor, const std::string& list, const std::string& number, EntryResult result) {
        return code(actor, FinishEntry{list + "." + number.substr(1), result, "说明"});
    }
};

TEST(OutgoingLists, the_monthly_one_begins_after_the_filing_period_and_has_four_working_days) {
    Office office;
    OutgoingWindow window;
    window.period = "filing";
    window.working_days = 4;
    const OutgoingListRecord list = office.view.outgoing_lists.at(office.open(window));
    // The period ends on Friday the 16th; Monday the 19th to Thursday the 22nd, 9:00 to 18:00 in Shanghai.
    EXPECT_EQ(to_rfc3339(list.from), "2026-10-19T01:00:00.000Z");
    EXPECT_EQ(to_rfc3339(list.last_day), "2026-10-22T01:00:00.000Z");
    EXPECT_EQ(to_rfc3339(list.until), "2026-10-22T10:00:00.000Z");
    window.period = "spring";
    EXPECT_EQ(office.code(kLead, OpenOutgoingList{"survey", "x", "", window}), "outgoing.bad_window");
}

TEST(OutgoingLists, a_daily_one_is_of_today_or_of_the_next_working_day) {
    Office office;
    EXPECT_EQ(to_rfc3339(office.view.outgoing_lists.at(office.open({})).until), "2026-10-12T10:00:00.000Z");
    office.now = at("2026-10-17T02:00:00.000Z");  // a Saturday
    const OutgoingListRecord list = office.view.outgoing_lists.at(office.open({}));
    EXPECT_EQ(to_rfc3339(list.from), "2026-10-19T01:00:00.000Z");
    EXPECT_EQ(list.last_day, list.from);
    OutgoingWindow past;
    past.from = at("2026-10-01T02:00:00.000Z");
    EXPECT_EQ(office.code(kLead, OpenOutgoingList{"survey", "x", "", past}), "outgoing.bad_window");
    past.working_days = 0;
    EXPECT_EQ(office.code(kLead, OpenOutgoingList{"survey", "x", "", past}), "outgoing.bad_window");
    EXPECT_EQ(office.code(kLead, OpenOutgoingList{"war", "x", "", {}}), "outgoing.bad_kind");
}

TEST(OutgoingLists, no_two_agents_get_the_same_and_each_gets_his_own_again) {
    Office office;
    const std::string list = office.open({});
    office.add(list, 3);
    EXPECT_EQ(office.next(kWang, list), "+8613800000010");
    EXPECT_EQ(office.next(kLi, list), "+8613800000011");
    EXPECT_EQ(office.next(kWang, list), "+8613800000010") << "what he has he calls first";
    EXPECT_EQ(office.finish(kLi, list, "+8613800000010", EntryResult::success), "outgoing.not_taken");
    EXPECT_EQ(office.finish(kWang, list, "+8613800000010", EntryResult::none), "outgoing.bad_result");
    EXPECT_EQ(office.finish(kWang, list, "+8613800000010", EntryResult::complaint), "");
    EXPECT_EQ(office.next(kWang, list), "+8613800000012");
    EXPECT_EQ(office.code(kWang, ReleaseEntry{list + ".8613800000012"}), "");
    EXPECT_EQ(office.finish(kLi, list, "+8613800000011", EntryResult::wrong_number), "");
    EXPECT_EQ(office.next(kLi, list), "+8613800000012");
    EXPECT_EQ(office.next(kWang, list), "") << "nobody is left";
    office.now += Millis{31 * 60'000};
    EXPECT_EQ(office.next(kWang, list), "+8613800000012") << "forgotten by the other";
    EXPECT_EQ(office.finish(kLi, list, "+8613800000012", EntryResult::success), "outgoing.not_taken");
}

TEST(OutgoingLists, who_is_unreachable_is_tried_again_on_the_last_day_and_then_no_more) {
    Office office;
    OutgoingWindow window;
    window.working_days = 3;
    const std::string list = office.open(window);
    office.add(list, 1);
    const std::string number = office.next(kWang, list);
    EXPECT_EQ(office.finish(kWang, list, number, EntryResult::unreachable), "");
    EXPECT_EQ(office.next(kWang, list), "");
    office.now = at("2026-10-13T02:00:00.000Z");
    EXPECT_EQ(office.next(kLi, list), "");
    office.now = at("2026-10-14T01:00:00.000Z");  // the third day, 9:00
    EXPECT_EQ(office.next(kLi, list), number);
    EXPECT_EQ(office.finish(kLi, list, number, EntryResult::unreachable), "");
    EXPECT_EQ(office.next(kLi, list), "");
    const OutgoingEntryRecord entry = office.view.outgoing_entries.begin()->second;
    EXPECT_EQ(entry.state, EntryState::done);
    EXPECT_EQ(entry.tries, 2);
    office.now = at("2026-10-14T10:00:00.000Z");
    EXPECT_EQ(office.code(kLi, TakeEntry{list}), "outgoing.not_now");
}

TEST(OutgoingLists, who_wants_no_calls_is_passed_over) {
    Office office;
    const std::string list = office.open({});
    office.add(list, 2);
    CustomerRecord quiet;
    quiet.id = "cus_q";
    quiet.numbers = {"+8613800000010"};
    quiet.preference = "few_calls";
    office.view.customers["cus_q"] = quiet;
    EXPECT_EQ(office.next(kWang, list), "+8613800000011");
    EXPECT_EQ(office.view.outgoing_entries.at(list + ".8613800000010").state, EntryState::skipped);
}

TEST(OutgoingLists, a_number_stands_once_and_lines_that_do_not_count_are_told) {
    Office office;
    const std::string list = office.open({});
    OutgoingEntryRecord row;
    row.line = 2;
    row.number = "+8613800000010";
    OutgoingEntryRecord twice = row;
    twice.line = 3;
    AddEntries file{list, {row, twice}, {{{"line", 4}, {"message", "no number"}}}};
    auto decision = office.ask(kLead, file);
    ASSERT_TRUE(decision);
    auto answer = nlohmann::json::parse(decision->reply.body);
    EXPECT_EQ(answer["added"], 1);
    ASSERT_EQ(answer["errors"].size(), 2U);
    EXPECT_EQ(answer["errors"][0]["line"], 3);
    EXPECT_EQ(answer["errors"][1]["line"], 4);
    decision = office.ask(kLead, AddEntries{list, {row}, nlohmann::ordered_json::array()});
    ASSERT_TRUE(decision);
    EXPECT_EQ(nlohmann::json::parse(decision->reply.body)["added"], 0) << "on the list already";
}

TEST(OutgoingLists, roles_and_groups) {
    Office office;
    EXPECT_EQ(office.code(kWang, OpenOutgoingList{"revisit", "x", "", {}}), "auth.forbidden");
    const std::string list = office.open({}, "sales");
    EXPECT_EQ(office.code(kWang, AddEntries{list, {}, nlohmann::ordered_json::array()}), "auth.forbidden");
    EXPECT_EQ(office.code(kLi, TakeEntry{list}), "outgoing.unknown") << "another group's";
    EXPECT_EQ(office.code(kQuality, TakeEntry{list}), "auth.forbidden");
    EXPECT_EQ(office.code(kWang, CloseOutgoingList{list}), "auth.forbidden");
    EXPECT_EQ(office.code(kLead, CloseOutgoingList{list}), "");
    EXPECT_EQ(office.code(kWang, TakeEntry{list}), "outgoing.closed");
    EXPECT_EQ(office.code(kLead, CloseOutgoingList{"lst_none"}), "outgoing.unknown");
}

CustomerRecord customer(const std::string& id, std::vector<std::string> numbers, const std::string& created) {
    CustomerRecord row;
    row.id = id;
    row.numbers = std::move(numbers);
    row.created_at = at(created);
    row.revision = 1;
    return row;
}

TEST(MergedCustomers, everything_moves_and_the_old_id_redirects) {
    Office office;
    CustomerRecord a = customer("cus_a", {"+861"}, "2026-05-01T00:00:00.000Z");
    CustomerRecord b = customer("cus_b", {"+862", "8001"}, "2026-01-01T00:00:00.000Z");
    a.name = "张三";
    a.source = "friend";
    b.name = "张先生";
    b.source = "newspaper";
    b.preference = "few_calls";
    b.number_kinds = {{"8001", "office"}};
    b.fields = {{"floor", 3}};
    office.view.customers = {{"cus_a", a}, {"cus_b", b}};
    OrderRecord order;
    order.id = "ord_1";
    order.customer = "cus_b";
    office.view.orders["ord_1"] = order;
    EXPECT_EQ(office.code(kWang, MergeCustomers{"cus_a", "cus_b"}), "auth.forbidden");
    EXPECT_EQ(office.code(kLead, MergeCustomers{"cus_a", "cus_a"}), "customer.bad_fields");
    EXPECT_EQ(office.code(kLead, MergeCustomers{"cus_a", "cus_x"}), "customer.unknown");
    EXPECT_EQ(office.code(kLead, MergeCustomers{"cus_a", "cus_b"}), "");
    const CustomerRecord& one = office.view.customers.at("cus_a");
    EXPECT_EQ(one.name, "张三");
    EXPECT_EQ(one.source, "newspaper") << "asked once in his life: the first answer";
    EXPECT_EQ(one.preference, "few_calls");
    EXPECT_EQ(one.numbers, (std::vector<std::string>{"+861", "+862", "8001"}));
    EXPECT_EQ(one.number_kinds["8001"], "office");
    EXPECT_EQ(one.fields["floor"], 3);
    const CustomerRecord& gone = office.view.customers.at("cus_b");
    EXPECT_EQ(gone.merged_into, "cus_a");
    EXPECT_EQ(gone.name, "");
    EXPECT_TRUE(gone.numbers.empty());
    EXPECT_EQ(office.view.orders.at("ord_1").customer, "cus_a");
    ASSERT_EQ(office.view.merges.size(), 1U);
    EXPECT_EQ(office.view.merges[0].before["from"]["name"], "张先生") << "so that it can be undone";
    EXPECT_EQ(office.code(kLead, MergeCustomers{"cus_a", "cus_b"}), "") << "two people meant the same";
    EXPECT_EQ(office.view.merges.size(), 1U);
    EXPECT_EQ(office.code(kLead, MergeCustomers{"cus_b", "cus_a"}), "customer.merged");
    SaveCustomer save;
    save.id = "cus_b";
    save.name = "x";
    EXPECT_EQ(office.code(kWang, save), "customer.merged");
}

TEST(MergedCustomers, numbers_have_kinds_and_one_may_be_preferred) {
    Office office;
    SaveCustomer save;
    save.numbers = {"+861", "8001"};
    save.number_kinds = {{"+861", "mobile"}, {"8001", "office"}};
    save.preferred_number = "8001";
    auto made = office.ask(kWang, save);
    ASSERT_TRUE(made) << made.error().detail;
    const std::string id = made->changes.customers.at(0).id;
    EXPECT_EQ(nlohmann::json::parse(made->reply.body)["ask_source"], true);
    SaveCustomer change;
    change.id = id;
    change.source = "friend";
    change.numbers = {"+861"};
    made = office.ask(kWang, change);
    ASSERT_TRUE(made);
    EXPECT_EQ(nlohmann::json::parse(made->reply.body)["ask_source"], false);
    const CustomerRecord row = office.view.customers.at(id);
    EXPECT_EQ(row.preferred_number, "") << "it is not his any more";
    EXPECT_EQ(row.number_kinds, Fields({{"+861", "mobile"}}));
    change = {};
    change.id = id;
    change.source = "radio";
    ASSERT_TRUE(office.ask(kWang, change));
    EXPECT_EQ(office.view.customers.at(id).source, "friend") << "asked once in his life";
    change.number_kinds = {{"+861", "pigeon"}};
    EXPECT_EQ(office.code(kWang, change), "customer.bad_fields");
    change.number_kinds = {{"+869", "home"}};
    EXPECT_EQ(office.code(kWang, change), "customer.bad_fields");
    change.number_kinds = Fields::object();
    change.preferred_number = "+869";
    EXPECT_EQ(office.code(kWang, change), "customer.bad_fields");
}

TEST(OrderSummary, an_order_knows_when_it_is_due_and_that_it_was_missed) {
    World world;
    const std::string id = world.open_lead();
    ASSERT_TRUE(world.order(id).due_at);
    const auto open = world.view.open_deadlines(id);
    ASSERT_FALSE(open.empty());
    EXPECT_EQ(*world.order(id).due_at, open.front().due_at);
    EXPECT_FALSE(world.order(id).overdue_at);
    const std::string words = world.view.order_texts.at({id, 0});
    EXPECT_NE((" " + words + " ").find(" 三室 "), std::string::npos);
    EXPECT_EQ(world.view.order_texts.count({id, 2}), 0U);
    AddNote note{id, "周末看房"};
    world.done(kWang, note);
    EXPECT_NE(world.view.order_texts.at({id, 2}).find("看房"), std::string::npos);
    world.now = open.front().due_at;
    world.done(kSystem, DeadlineReached{id, open.front().name, open.front().n});
    EXPECT_EQ(world.order(id).overdue_at, world.now);
}

TEST(OrderSummary, an_order_is_given_to_somebody_else_by_who_leads) {
    World world;
    const std::string id = world.open_lead();
    EXPECT_EQ(world.refused(kWang, AssignOrder{id, "li", std::nullopt, ""}), "auth.forbidden");
    world.done(kLead, AssignOrder{id, "li", "service", "您来"});
    EXPECT_EQ(world.order(id).owner, "li");
    EXPECT_EQ(world.order(id).group, "service");
    EXPECT_EQ(world.last_history(id).detail["owner_before"], "wang");
    EXPECT_EQ(world.refused(kLead, AssignOrder{"ord_none", "li", std::nullopt, ""}), "order.unknown");
}

}  // namespace
}  // namespace citybridge::desk::testing
