// Facts of reports on both databases: written once, read page by page, kept
// and blanked as the law wants.
#include "core/store/report_reader.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

ContactFact contact(std::int64_t i) {
    ContactFact out;
    out.contact = "c" + std::to_string(1'000 + i);
    out.started_at = at(i * 10);
    out.ended_at = at(i * 10 + 5);
    out.answered_at = at(i * 10 + 2);
    out.direction = "inbound";
    out.outcome = "answered";
    out.ended_by = "customer";
    out.queue = "销售";
    out.called_number = "4001";
    out.agent = "1001";
    out.group = "东区";
    out.city = "beijing";
    out.disposition = "inquiry";
    out.survey = "1";
    out.survey_offered = true;
    out.wait_ms = 3;
    out.talk_ms = 2;
    out.hold_ms = 1;
    out.ring_ms = kNotKnown;
    out.offers = 4;
    out.transfers = 5;
    out.inferred = true;
    return out;
}

PartFact part(const std::string& contact, std::int64_t n) {
    PartFact out;
    out.contact = contact;
    out.n = n;
    out.kind = "talk";
    out.agent = "1001";
    out.group = "东区";
    out.queue = "销售";
    out.direction = "inbound";
    out.from = at(n);
    out.to = at(n + 5);
    out.result = "first";
    return out;
}

AgentInterval interval(const std::string& agent, std::int64_t from, std::optional<std::int64_t> to) {
    AgentInterval out;
    out.agent = agent;
    out.from = at(from);
    if (to) out.to = at(*to);
    out.state = "not_ready";
    out.reason = "午餐";
    out.group = "东区";
    out.cause = "pause";
    out.end = to ? "change" : "";
    return out;
}

OrderFact order(const std::string& id, const std::string& what, std::int64_t when) {
    OrderFact out;
    out.order = id;
    out.what = what;
    out.name = "broker_called";
    out.n = 2;
    out.at = at(when);
    out.due_at = at(when + 1);
    out.kind = "sales_lead";
    out.group = "东区";
    out.owner = "li.ming";
    out.city = "beijing";
    out.contact = "c1";
    out.state = "new";
    return out;
}

QualityScore score(const std::string& id, const std::string& contact) {
    QualityScore out;
    out.id = id;
    out.contact = contact;
    out.agent = "1001";
    out.group = "东区";
    out.form = "conversation";
    out.form_version = 3;
    out.points = 80;
    out.max_points = 100;
    out.answers = {{"greeting", 10}, {"manner", 5}};
    out.remark = "张先生很不满意";
    out.scored_by = "wang";
    out.at = at(50);
    out.training = true;
    return out;
}

class Facts : public StoreTest {
protected:
    std::unique_ptr<ReportReader> reader(FactLimits limits = {}) {
        auto opened = open_report_reader(settings_, limits);
        EXPECT_TRUE(opened);
        return std::move(*opened);
    }
    template <class Fact, class Read>
    static std::vector<Fact> all(Read read) {
        std::vector<Fact> out;
        const auto done = read([&](const Fact& fact) {
            out.push_back(fact);
            return true;
        });
        EXPECT_TRUE(done);
        return out;
    }
};

TEST_P(Facts, come_back_as_they_were_written) {
    Changes changes;
    changes.facts.contacts = {contact(1)};
    changes.facts.parts = {part("c1001", 1)};
    changes.facts.intervals = {interval("1001", 1, 9)};
    changes.facts.orders = {order("o1", "met", 7)};
    changes.facts.scores = {score("s1", "c1001")};
    must_commit(changes);
    const auto read = reader();
    const WallTime from = at(0), to = at(1'000);
    EXPECT_EQ(all<ContactFact>([&](auto take) { return read->contacts(from, to, false, take); }),
              changes.facts.contacts);
    EXPECT_EQ(all<PartFact>([&](auto take) { return read->parts(from, to, take); }), changes.facts.parts);
    EXPECT_EQ(all<AgentInterval>([&](auto take) { return read->intervals(from, to, take); }), changes.facts.intervals);
    EXPECT_EQ(all<OrderFact>([&](auto take) { return read->orders(from, to, take); }), changes.facts.orders);
    EXPECT_EQ(all<QualityScore>([&](auto take) { return read->scores(from, to, take); }), changes.facts.scores);
    EXPECT_EQ(*read->parts_of("c1001"), changes.facts.parts);
}

TEST_P(Facts, that_are_told_again_stay_as_they_are) {
    Changes changes, again;
    changes.facts.contacts = {contact(1)};
    changes.facts.orders = {order("o1", "met", 7)};
    must_commit(changes);
    again = changes;
    again.facts.contacts[0].outcome = "abandoned";
    again.facts.orders[0].owner = "somebody";
    must_commit(again);
    const auto read = reader();
    EXPECT_EQ(all<ContactFact>([&](auto take) { return read->contacts(at(0), at(100), false, take); }),
              changes.facts.contacts);
    EXPECT_EQ(all<OrderFact>([&](auto take) { return read->orders(at(0), at(100), take); }), changes.facts.orders);
}

TEST_P(Facts, are_read_page_by_page_none_twice_and_none_left_out) {
    Changes changes;
    for (int i = 0; i < 50; ++i) {
        ContactFact fact = contact(i);
        fact.started_at = at(i / 7);  // many in the same moment
        changes.facts.contacts.push_back(fact);
        changes.facts.intervals.push_back(interval("10" + std::to_string(i % 5), i, i + 1));
        changes.facts.orders.push_back(order("o" + std::to_string(i), "opened", i / 9));
        changes.facts.parts.push_back(part("c" + std::to_string(i), i / 3));
    }
    must_commit(changes);
    FactLimits small;
    small.page = 4;
    const auto read = reader(small);
    const auto found = all<ContactFact>([&](auto take) { return read->contacts(at(0), at(100), false, take); });
    std::set<std::string> ids;
    for (const ContactFact& fact : found) ids.insert(fact.contact);
    EXPECT_EQ(found.size(), 50U);
    EXPECT_EQ(ids.size(), 50U);
    EXPECT_EQ(all<AgentInterval>([&](auto take) { return read->intervals(at(0), at(100), take); }).size(), 50U);
    EXPECT_EQ(all<OrderFact>([&](auto take) { return read->orders(at(0), at(100), take); }).size(), 50U);
    EXPECT_EQ(all<PartFact>([&](auto take) { return read->parts(at(0), at(100), take); }).size(), 50U);
    EXPECT_EQ(all<ContactFact>([&](auto take) { return read->contacts(at(1), at(3), false, take); }).size(), 14U);
}

TEST_P(Facts, of_too_long_a_period_are_refused) {
    Changes changes;
    for (int i = 0; i < 30; ++i) changes.facts.contacts.push_back(contact(i));
    must_commit(changes);
    FactLimits small;
    small.page = 4;
    small.rows = 8;
    const auto read = reader(small)->contacts(at(0), at(1'000), false, [](const ContactFact&) { return true; });
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, "report.too_big");
}

TEST_P(Facts, of_agents_are_found_wherever_they_touch_the_period) {
    Changes changes;
    changes.facts.intervals = {interval("1001", 0, 10), interval("1001", 10, 20), interval("1001", 20, 300),
                               interval("1002", 5, std::nullopt), interval("1003", 100, std::nullopt)};
    must_commit(changes);
    const auto found =
        all<AgentInterval>([read = reader()](auto take) { return read->intervals(at(10), at(30), take); });
    // [0, 10) does not touch [10, 30); 1003 begins later.
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(reader()->open_intervals()->size(), 2U);
    // Closed: the same row.
    Changes closed;
    closed.facts.intervals = {interval("1002", 5, 50)};
    must_commit(closed);
    EXPECT_EQ(reader()->open_intervals()->size(), 1U);
}

TEST_P(Facts, carry_the_disposition_that_was_chosen_after_the_end) {
    Changes changes;
    changes.facts.contacts = {contact(1), contact(2)};
    DispositionRecord chosen;
    chosen.contact = "c1001";
    chosen.code = "rental";
    chosen.path = "business_inquiry/rental";
    chosen.at = at(60);
    changes.papers.dispositions = {chosen};
    must_commit(changes);
    const auto found =
        all<ContactFact>([read = reader()](auto take) { return read->contacts(at(0), at(100), true, take); });
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].disposition, "business_inquiry/rental");
    EXPECT_EQ(found[1].disposition, "inquiry");
}

TEST_P(Facts, of_an_erased_person_stay_without_a_word_about_him) {
    Changes changes;
    CustomerRecord customer = some_customer("cus_1");
    customer.numbers = {"+8613812345678"};
    changes.customers = {customer};
    changes.journal = {some_contact("c1001", "+8613812345678")};
    changes.facts.contacts = {contact(1)};
    changes.facts.scores = {score("s1", "c1001"), score("s2", "c9")};
    must_commit(changes);
    Changes erased;
    customer.numbers.clear();
    customer.erased = true;
    erased.customers = {customer};
    erased.erased_customers = {"cus_1"};
    must_commit(erased);
    const auto read = reader();
    EXPECT_EQ(all<ContactFact>([&](auto take) { return read->contacts(at(0), at(100), false, take); }).size(), 1U);
    const auto scores = all<QualityScore>([&](auto take) { return read->scores(at(0), at(100), take); });
    ASSERT_EQ(scores.size(), 2U);
    EXPECT_EQ(scores[0].remark, "");
    EXPECT_EQ(scores[0].points, 80);
    EXPECT_FALSE(scores[0].training);
    EXPECT_NE(scores[1].remark, "");
}

TEST_P(Facts, are_forgotten_when_their_time_is_over_but_not_what_still_goes_on) {
    Changes changes;
    changes.facts.contacts = {contact(1)};
    changes.facts.intervals = {interval("1001", 0, 10), interval("1001", 10, std::nullopt)};
    must_commit(changes);
    Store::Retention soon;
    soon.facts = Millis{1'000};
    ASSERT_TRUE(store_->forget(soon, at(5'000), 100));
    const auto read = reader();
    EXPECT_TRUE(all<ContactFact>([&](auto take) { return read->contacts(at(0), at(100), false, take); }).empty());
    EXPECT_EQ(all<AgentInterval>([&](auto take) { return read->intervals(at(0), at(100), take); }).size(), 1U);
}

TEST_P(Facts, of_a_produced_report_are_there_once) {
    Changes run;
    run.facts.runs = {{"shift", at(0), at(10), at(11), "a.csv\na.xlsx"}};
    must_commit(run);
    EXPECT_EQ(try_commit(run).error.code, "store.rejected");
    EXPECT_TRUE(*reader()->has_run(run.facts.runs[0]));
    EXPECT_FALSE(*reader()->has_run({"shift", at(0), at(11), {}, {}}));
    EXPECT_EQ(reader()->runs("shift", 5)->size(), 1U);
    EXPECT_EQ((*reader()->first_run("shift"))->made_at, at(11));
    EXPECT_FALSE(*reader()->first_run("other"));
}

ON_BOTH_DATABASES(Facts);

}  // namespace
}  // namespace citybridge::store
