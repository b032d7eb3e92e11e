// Lists of orders: every filter, pages that stay where they were, what an agent sees, Chinese words; and that no list
// walks through the whole table.
#include <algorithm>

#include "core/store/desk_rows.h"
#include "core/store/order_lists.h"
#include "core/store/read_rows.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

using Ids = std::vector<std::string>;

class OrderSearchTest : public ReadTest {
protected:
    Ids ids(const OrderQuery& query) {
        Ids found;
        const auto orders = readers_->orders(query);
        EXPECT_TRUE(orders) << orders.error().detail;
        if (orders)
            for (const auto& order : *orders) found.push_back(order.id);
        return found;
    }
    template <class Set>
    Ids by(Set set) {
        OrderQuery query;
        set(query);
        return ids(query);
    }
    static OrderRecord plain(const std::string& id, std::int64_t created) {
        OrderRecord order = some_order(id);
        order.created_at = at(created);
        order.closed_at.reset();
        order.due_at.reset();
        order.overdue_at.reset();
        return order;
    }
};

TEST_P(OrderSearchTest, EveryFilterLeavesWhatItSays) {
    Changes changes;
    changes.orders = {plain("a", 1), plain("b", 2), plain("c", 3), plain("d", 4)};
    changes.orders[0].city = "shanghai";
    changes.orders[1].contact = "con_2";
    changes.orders[1].due_at = at(500);
    changes.orders[2].due_at = at(300);
    changes.orders[3].overdue_at = at(9);
    changes.orders[3].closed_at = at(20);
    changes.orders[3].state = "closed";
    must_commit(changes);
    EXPECT_EQ(by([](auto& q) { q.city = "shanghai"; }), (Ids{"a"}));
    EXPECT_EQ(by([](auto& q) { q.contact = "con_2"; }), (Ids{"b"}));
    EXPECT_EQ(by([](auto& q) { q.opened_from = at(2), q.opened_until = at(4); }), (Ids{"c", "b"}));
    EXPECT_EQ(by([](auto& q) { q.due_until = at(500); }), (Ids{"c"}));
    EXPECT_EQ(by([](auto& q) { q.due_from = at(300); }), (Ids{"c", "b"}));
    EXPECT_EQ(by([](auto& q) { q.state = "closed", q.kind = "sales_lead"; }), (Ids{"d"}));
    EXPECT_EQ(by([](auto& q) { q.overdue_only = true; }), (Ids{})) << "closed: nobody waits for it";
    EXPECT_EQ(by([](auto& q) { q.sort = OrderQuery::Sort::due; }), (Ids{"c", "b"}));
    EXPECT_EQ(by([](auto& q) { q.owner = "li.na", q.group = "north", q.kind = "sales_lead", q.open_only = true; }),
              (Ids{"c", "b", "a"}));
    EXPECT_EQ(by([](auto& q) { q.owner = "x' or '1'='1"; }), (Ids{}));
}

TEST_P(OrderSearchTest, AnAgentSeesHisOwnAndHisGroupsOrdersInOneList) {
    Changes changes;
    for (int i = 0; i < 40; ++i) {
        OrderRecord order = plain("o" + std::to_string(100 + i), i);
        order.owner = i % 4 == 0 ? "me" : i % 4 == 1 ? "colleague" : "stranger";
        order.group = i % 8 == 1 || i % 8 == 2 ? "north" : i % 8 == 3 ? "south" : "west";
        order.due_at = at(10'000 - i);
        changes.orders.push_back(order);
    }
    must_commit(changes);
    Ids expected;
    for (int i = 39; i >= 0; --i)
        if (i % 4 == 0 || i % 8 == 1 || i % 8 == 2 || i % 8 == 3) expected.push_back("o" + std::to_string(100 + i));
    OrderQuery query;
    query.seen_by = {"me", {"north", "south"}};
    EXPECT_EQ(ids(query), expected);
    query.sort = OrderQuery::Sort::due;
    EXPECT_EQ(ids(query), expected) << "the newest are due first";
    query.sort = OrderQuery::Sort::created;
    query.limit = 3;
    Ids paged;
    for (Ids page = ids(query); !page.empty(); page = ids(query)) {
        paged.insert(paged.end(), page.begin(), page.end());
        query.after = page.back();
    }
    EXPECT_EQ(paged, expected);
    query = {};
    query.seen_by = {"me", {"north"}};
    query.owner = "stranger";
    for (const std::string& id : ids(query)) EXPECT_EQ((std::stoi(id.substr(1)) - 100) % 8, 2) << id;
    query.group = "west";
    EXPECT_EQ(ids(query), (Ids{})) << "a stranger's order of another group";
    query = {};
    query.seen_by = {"nobody", {}};
    EXPECT_EQ(ids(query), (Ids{}));
}

TEST_P(OrderSearchTest, PagesByDueGoOnWhateverIsAddedOrSettled) {
    Changes changes;
    for (int i = 0; i < 20; ++i) {
        changes.orders.push_back(plain("o" + std::to_string(100 + i), 100 - i));
        changes.orders.back().due_at = at(1'000 + i / 2);
    }
    must_commit(changes);
    OrderQuery query;
    query.sort = OrderQuery::Sort::due;
    query.limit = 3;
    Ids seen;
    for (int page = 0;; ++page) {
        const auto found = readers_->orders(query);
        ASSERT_TRUE(found) << found.error().detail;
        if (found->empty()) break;
        for (const auto& order : *found) seen.push_back(order.id);
        query.after = found->back().id;
        query.after_due = found->back().due_at;
        Changes more;
        more.orders = {plain("new" + std::to_string(page), 500 + page), found->front()};
        more.orders[0].due_at = at(page);  // earlier than what is read
        more.orders[1].due_at.reset();     // settled behind the reader's back
        must_commit(more);
    }
    Ids expected;
    for (int i = 0; i < 20; ++i) expected.push_back("o" + std::to_string(100 + i));
    EXPECT_EQ(seen, expected);
}

TEST_P(OrderSearchTest, WordsFindFieldsAndNotesAndAreReplacedWithTheFields) {
    Changes changes;
    changes.orders = {plain("a", 1), plain("b", 2), plain("c", 3)};
    changes.desk.order_texts = {
        {"a", 0, "两 室 两室 厅 室厅"}, {"a", 2, "garden 花 园 花园"}, {"b", 0, "三 室 三室 o'neill"}};
    must_commit(changes);
    const auto words = [this](Ids list) { return by([&](auto& q) { q.words = list; }); };
    EXPECT_EQ(words({"两室", "室厅"}), (Ids{"a"}));
    EXPECT_EQ(words({"室"}), (Ids{"b", "a"}));
    EXPECT_EQ(words({"花园"}), (Ids{"a"}));
    EXPECT_EQ(words({"花园", "两室"}), (Ids{})) << "one text has them all, or it is not found";
    EXPECT_EQ(words({"别墅"}), (Ids{}));
    EXPECT_EQ(by([](auto& q) { q.words = {"室"}, q.kind = "repair"; }), (Ids{}));
    EXPECT_EQ(by([](auto& q) { q.words = {"室"}, q.seen_by = {"li.na", {"north"}}; }), (Ids{"b", "a"}));
    Changes again;
    again.desk.order_texts = {{"a", 0, "别 墅 别墅"}};
    must_commit(again);
    EXPECT_EQ(words({"两室"}), (Ids{}));
    EXPECT_EQ(words({"别墅"}), (Ids{"a"}));
    Changes erased;
    erased.customers = {some_customer("cus_1")};
    erased.erased_customers = {"cus_1"};
    must_commit(erased);
    EXPECT_EQ(words({"别墅"}), (Ids{})) << "what is erased is not found any more";
}

TEST_P(OrderSearchTest, AWordThatMostOrdersHaveStillGivesTheNewest) {
    for (int i = 0; i < 5; ++i) {
        Changes changes;
        for (int n = 0; n < 1'000; ++n) {
            const std::string id = "o" + std::to_string(10'000 + i * 1'000 + n);
            changes.orders.push_back(plain(id, i * 1'000 + n));
            changes.orders.back().owner = n % 4 == 0 ? "li.na" : "wang.fang";
            changes.orders.back().group = n % 4 == 1 ? "north" : "south";
            const std::string words = std::string(n % 2 == 0 ? "common even" : "common odd") + (i < 3 ? " old" : "");
            changes.desk.order_texts.push_back({id, 0, words});
        }
        must_commit(changes);
    }
    OrderQuery query;
    query.words = {"common"};
    query.limit = 3;
    EXPECT_EQ(ids(query), (Ids{"o14999", "o14998", "o14997"}));
    query.words = {"common", "even"};
    EXPECT_EQ(ids(query), (Ids{"o14998", "o14996", "o14994"}));
    query.words = {"old"};
    EXPECT_EQ(ids(query), (Ids{"o12999", "o12998", "o12997"})) << "none of the newest has it, and 3,000 others do";
    query.words = {"common"};
    query.seen_by = {"li.na", {"north"}};
    EXPECT_EQ(ids(query), (Ids{"o14997", "o14996", "o14993"}));
    query.words = {"old", "odd"};
    EXPECT_EQ(ids(query), (Ids{"o12997", "o12993", "o12989"}));
    query.seen_by.reset();
    query.words = {"common", "even"};
    query.after = "o10004";
    EXPECT_EQ(ids(query), (Ids{"o10002", "o10000"}));
}

ON_BOTH_DATABASES(OrderSearchTest);

// SQLite tells how it will go about a statement.
class Plans final : public StatementLog {
public:
    explicit Plans(Connection& connection) : connection_(connection) {}
    void statement(const std::string& sql, const std::vector<const Cell*>&) override {
        if (!sql.starts_with("explain")) said.push_back(sql);
    }
    std::string of(const std::string& sql) {
        Query query(connection_.database());
        query << "explain query plan " << sql;
        auto& prepared =
            ready(connection_, query, {CellKind::number, CellKind::number, CellKind::number, CellKind::text});
        std::string out;
        if (!prepared.statement.execute(true)) return out;
        do out += prepared.results[3].text + "\n";
        while (prepared.statement.fetch());
        return out;
    }

    Ids said;

private:
    Connection& connection_;
};

// Whole tables, or an index from one end to the other with nothing that says where to begin. The newest orders of all
// are read in their order until the page is full.
bool walks_through(const std::string& plan, bool newest_of_all) {
    std::size_t from = 0;
    while (from < plan.size()) {
        const std::size_t end = plan.find('\n', from);
        const std::string line = plan.substr(from, end - from);
        from = end + 1;
        if (!line.starts_with("SCAN")) continue;
        if (line.find("VIRTUAL TABLE INDEX") != std::string::npos || line == "SCAN part" ||
            line.find("CONSTANT ROW") != std::string::npos)
            continue;
        // It holds nothing but overdue orders.
        if (line.ends_with("INDEX orders_overdue")) continue;
        if (newest_of_all && line.find("USING INDEX orders_") != std::string::npos) continue;
        if (newest_of_all && line.find("USING COVERING INDEX orders_") != std::string::npos) continue;
        return true;
    }
    return false;
}

TEST(OrderSearchPlans, NoListWalksThroughTheTable) {
    TempFolder folder;
    const StoreSettings settings = sqlite_settings(folder);
    ASSERT_TRUE(open_store(settings));
    Connection connection(settings, Access::read);
    Plans plans(connection);
    connection.log_to(&plans);
    const std::vector<std::pair<const char*, void (*)(OrderQuery&)>> filters{
        {"kind", [](OrderQuery& q) { q.kind = "x"; }},
        {"state", [](OrderQuery& q) { q.state = "x"; }},
        {"owner", [](OrderQuery& q) { q.owner = "x"; }},
        {"group", [](OrderQuery& q) { q.group = "x"; }},
        {"customer", [](OrderQuery& q) { q.customer = "x"; }},
        {"contact", [](OrderQuery& q) { q.contact = "x"; }},
        {"due", [](OrderQuery& q) { q.due_until = at(1); }},
        {"opened", [](OrderQuery& q) { q.opened_from = at(1); }},
        {"words", [](OrderQuery& q) { q.words = {"x"}; }},
        {"seen",
         [](OrderQuery& q) {
             q.seen_by = {"me", {"a", "b"}};
         }},
        {"overdue", [](OrderQuery& q) { q.overdue_only = true; }},
        {"open", [](OrderQuery& q) { q.open_only = true; }},
        {"city", [](OrderQuery& q) { q.city = "x"; }},
        {"after", [](OrderQuery& q) { q.after = "x", q.after_due = at(1); }},
    };
    // Every set of up to three of them, in both orders.
    const std::size_t n = filters.size();
    std::size_t asked = 0;
    for (std::size_t a = 0; a < n; ++a)
        for (std::size_t b = a; b < n; ++b)
            for (std::size_t c = b; c < n; ++c)
                for (const auto sort : {OrderQuery::Sort::created, OrderQuery::Sort::due}) {
                    OrderQuery query;
                    query.sort = sort;
                    for (const std::size_t each : {a, b, c}) filters[each].second(query);
                    plans.said.clear();
                    list_orders(connection, query);
                    const bool narrow = !query.kind.empty() || !query.state.empty() || !query.owner.empty() ||
                                        !query.group.empty() || !query.customer.empty() || !query.contact.empty() ||
                                        query.seen_by.has_value();
                    for (const std::string& sql : plans.said) {
                        const std::string plan = plans.of(sql);
                        EXPECT_FALSE(walks_through(plan, !narrow))
                            << filters[a].first << " " << filters[b].first << " " << filters[c].first << "\n"
                            << sql << "\n"
                            << plan;
                        ++asked;
                    }
                }
    EXPECT_GT(asked, 900U);
}

}  // namespace
}  // namespace citybridge::store
