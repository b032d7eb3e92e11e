// The centre's papers in both databases: what goes in comes out, and words find them.
#include "core/desk/search_words.h"
#include "core/store/connection.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

using FoundIds = std::vector<std::string>;

PaperRecord some_paper(const std::string& id, const std::string& kind = "article") {
    PaperRecord row;
    row.id = id;
    row.kind = kind;
    row.state = "published";
    row.title = "题目";
    row.owner = "zhao";
    row.group = "sales";
    row.city = "beijing";
    row.author = "wang";
    row.contact = "c1";
    row.order = "ord_1";
    row.about = "art_0";
    row.body = {{"text", "正文"}, {"version", 2}};
    row.due_at = at(5);
    row.created_at = at(1);
    row.updated_at = at(2);
    row.closed_at = at(3);
    row.revision = 4;
    row.entries = 5;
    return row;
}

class PapersTest : public ReadTest {
protected:
    PaperReaders& papers() { return readers_->papers(); }

    // As the desk indexes an article.
    void index(const std::string& id, const std::string& title, const std::string& tags, const std::string& body) {
        const auto words = [](const std::string& text) { return desk::joined_words(desk::index_words(text)); };
        Changes changes;
        changes.papers.rows.push_back(some_paper(id));
        changes.papers.words.push_back({id, words(title), words(tags), words(body)});
        must_commit(changes);
    }
    FoundIds found(const std::string& query, std::size_t limit = 20) {
        const auto rows = papers().search({desk::query_words(query), limit});
        EXPECT_TRUE(rows) << rows.error().detail;
        FoundIds out;
        if (rows)
            for (const PaperRecord& row : *rows) out.push_back(row.id);
        return out;
    }
};
ON_BOTH_DATABASES(PapersTest);

TEST_P(PapersTest, EverythingComesBackAsItWasWritten) {
    Changes changes;
    changes.papers.rows = {some_paper("art_1")};
    changes.papers.entries = {{"art_1", 1, at(1), "wang", "opened", "", {{"text", "正文"}}},
                              {"art_1", 2, at(2), "zhao", "publish", "好", Fields::object()}};
    changes.papers.marks = {{"ntc_1", "wang", "read", at(1), 1, Fields::object()},
                            {"ntc_1", "wang", "tries", at(2), 2, {{"score", 50}}}};
    changes.papers.skills = {{"wang", "mortgage", "ntc_1", at(3), {}}};
    changes.papers.dispositions = {
        {"c1", "rental", "business_inquiry/rental", "beijing", "sales", "SIP/1001", "wang", at(4)}};
    changes.papers.wrap_ups = {{"c1", "SIP/1001", "sales", at(1), at(2)}, {"c2", "SIP/1001", "", at(3), at(4)}};
    must_commit(changes);
    EXPECT_EQ(**papers().paper("art_1"), changes.papers.rows[0]);
    EXPECT_EQ(*papers().entries("art_1"), changes.papers.entries);
    EXPECT_EQ(*papers().marks({"ntc_1", "", ""}), changes.papers.marks);
    EXPECT_EQ(*papers().skills("wang"), changes.papers.skills);
    EXPECT_EQ(*papers().skills("li"), std::vector<SkillRecord>{});
    EXPECT_EQ(*papers().dispositions({"c1", "c9"}), changes.papers.dispositions);

    Wanted wanted;
    wanted.papers = {{"art_1"}, {{"ntc_1", "wang"}}, {"c1"}};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->papers.rows, changes.papers.rows);
    EXPECT_EQ(loaded->papers.marks.size(), 2U);
    EXPECT_EQ(loaded->papers.dispositions, changes.papers.dispositions);
}

TEST_P(PapersTest, ADeadlineOfAPaperIsLoadedWithIt) {
    Changes changes;
    changes.papers.rows = {some_paper("qst_1", "question")};
    DeadlineRecord deadline;
    deadline.order = "qst_1";
    deadline.name = "due";
    deadline.n = 1;
    deadline.due_at = at(9);
    changes.deadlines = {deadline};
    must_commit(changes);
    Wanted wanted;
    wanted.papers.ids = {"qst_1"};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->deadlines, changes.deadlines);
}

TEST_P(PapersTest, ListsAreFilteredNewestFirstAndPaged) {
    Changes changes;
    for (int i = 0; i < 4; ++i) {
        changes.papers.rows.push_back(some_paper("qst_" + std::to_string(i), i == 3 ? "help" : "question"));
        changes.papers.rows.back().created_at = at(i);
        changes.papers.rows.back().closed_at = i == 1 ? std::optional(at(9)) : std::nullopt;
    }
    changes.papers.rows[2].owner = "";
    must_commit(changes);
    const auto ids = [&](auto set) {
        PaperQuery query;
        set(query);
        FoundIds out;
        const auto rows = papers().papers(query);
        EXPECT_TRUE(rows);
        if (rows)
            for (const PaperRecord& row : *rows) out.push_back(row.id);
        return out;
    };
    EXPECT_EQ(ids([](auto&) {}), (FoundIds{"qst_3", "qst_2", "qst_1", "qst_0"}));
    EXPECT_EQ(ids([](auto& q) { q.kind = "question"; }), (FoundIds{"qst_2", "qst_1", "qst_0"}));
    EXPECT_EQ(ids([](auto& q) { q.open_only = true; }), (FoundIds{"qst_3", "qst_2", "qst_0"}));
    EXPECT_EQ(ids([](auto& q) { q.owner = "zhao"; }), (FoundIds{"qst_3", "qst_1", "qst_0"}));
    EXPECT_EQ(ids([](auto& q) { q.order = "ord_2"; }), FoundIds{});
    EXPECT_EQ(ids([](auto& q) {
                  q.after = "qst_2";
                  q.limit = 1;
              }),
              (FoundIds{"qst_1"}));
}

TEST_P(PapersTest, ChineseWordsOfOneTwoAndMoreCharactersAreFound) {
    index("art_1", "公积金贷款", "", "提取公积金需要身份证和购房合同。");
    index("art_2", "物业费", "", "物业费按季度收取，维修请拨打电话。");
    EXPECT_EQ(found("贷款"), (FoundIds{"art_1"}));
    EXPECT_EQ(found("费"), (FoundIds{"art_2"}));
    EXPECT_EQ(found("公积金"), (FoundIds{"art_1"}));
    EXPECT_EQ(found("购房合同"), (FoundIds{"art_1"}));
    EXPECT_EQ(found("证"), (FoundIds{"art_1"}));
    EXPECT_EQ(found("房东"), FoundIds{});
    EXPECT_EQ(found("维修 物业"), (FoundIds{"art_2"}));
    EXPECT_EQ(found("维修 公积金"), FoundIds{}) << "all words must be there";
}

TEST_P(PapersTest, MixedTextsNumbersAndFullWidthFormsAreFound) {
    index("art_1", "WiFi套餐说明", "", "客服电话13812345678，型号ABC-200。");
    EXPECT_EQ(found("wifi"), (FoundIds{"art_1"}));
    EXPECT_EQ(found("WIFI套餐"), (FoundIds{"art_1"}));
    EXPECT_EQ(found("138"), (FoundIds{"art_1"})) << "the beginning of a number";
    EXPECT_EQ(found("5678"), FoundIds{}) << "not its end";
    EXPECT_EQ(found("ｗｉｆｉ"), (FoundIds{"art_1"})) << "full-width letters";
    EXPECT_EQ(found("１３８１２３４５６７８"), (FoundIds{"art_1"}));
    EXPECT_EQ(found("abc 200"), (FoundIds{"art_1"}));
    EXPECT_EQ(found("\"'*&|<->"), FoundIds{}) << "signs of the databases' own languages are nothing";
}

TEST_P(PapersTest, TheTitleCountsMostThenTagsThenTheNewest) {
    index("art_body_old", "别的题目", "", "关于退房的说明");
    index("art_tag", "别的题目", "退房", "说明");
    index("art_title", "退房", "", "说明");
    index("art_title_long", "退房以及很多很多别的事情的题目", "", "说明");
    index("art_body_new", "别的题目", "", "退房");
    EXPECT_EQ(found("退房"), (FoundIds{"art_title", "art_title_long", "art_tag", "art_body_new", "art_body_old"}));
    EXPECT_EQ(found("退房", 2), (FoundIds{"art_title", "art_title_long"}));
}

TEST_P(PapersTest, AChangedArticleIsFoundByItsNewWordsOnlyAndARetiredOneNotAtAll) {
    index("art_1", "旧题目", "", "旧正文");
    index("art_1", "新题目", "", "新正文");
    EXPECT_EQ(found("旧"), FoundIds{});
    EXPECT_EQ(found("新"), (FoundIds{"art_1"}));
    Changes changes;
    changes.papers.words = {{"art_1", "", "", ""}};
    must_commit(changes);
    EXPECT_EQ(found("新"), FoundIds{});
}

TEST_P(PapersTest, MissingDispositionsAreListedUntilTheyAreThere) {
    Changes changes;
    changes.papers.wrap_ups = {{"c1", "SIP/1001", "sales", at(1), at(2)},
                               {"c2", "SIP/1001", "sales", at(3), at(4)},
                               {"c3", "SIP/1002", "", at(5), at(6)}};
    must_commit(changes);
    Changes later;
    later.papers.dispositions = {{"c1", "rental", "business_inquiry/rental", "b", "", "", "wang", at(9)}};
    later.papers.marks = {{"c3", "SIP/1002", "left", at(7), 1, Fields::object()}};
    must_commit(later);
    const auto all = papers().missing_dispositions({});
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ((*all)[0].wrap_up.contact, "c2");
    EXPECT_FALSE((*all)[0].left_at);
    EXPECT_EQ((*all)[1].left_at, at(7));
    EXPECT_EQ(papers().missing_dispositions({"SIP/1001", at(0), 10})->size(), 1U);
    EXPECT_EQ(papers().missing_dispositions({"", at(5), 10})->size(), 1U);
    // The same contact told again changes nothing.
    must_commit(changes);
    EXPECT_EQ(papers().missing_dispositions({})->size(), 2U);
}

TEST_P(PapersTest, DispositionsAreCountedByCodeAndTime) {
    Changes changes;
    changes.papers.dispositions = {{"c1", "rental", "business/rental", "b", "", "", "w", at(0)},
                                   {"c2", "rental", "business/rental", "b", "", "", "w", at(5)},
                                   {"c3", "sale", "business/sale", "b", "", "", "w", at(9)},
                                   {"c4", "sale", "business/sale", "b", "", "", "w", at(10)}};
    must_commit(changes);
    const auto counts = papers().disposition_counts(at(0), at(10));
    ASSERT_TRUE(counts);
    ASSERT_EQ(counts->size(), 2U);
    EXPECT_EQ((*counts)[0].code, "rental");
    EXPECT_EQ((*counts)[0].count, 2);
    EXPECT_EQ((*counts)[1].count, 1) << "the end is not included";
}

TEST_P(PapersTest, AnErasedCustomersWordsAreGoneFromHisQuestions) {
    Changes changes;
    changes.customers = {some_customer("cus_1")};
    changes.orders = {some_order("ord_9")};
    changes.orders[0].customer = "cus_1";
    changes.orders[0].contact = "c9";
    changes.papers.rows = {some_paper("qst_1", "question"), some_paper("qst_2", "question"), some_paper("art_1")};
    changes.papers.rows[0].order = "ord_9";
    changes.papers.rows[0].contact = "";
    changes.papers.rows[1].order = "";
    changes.papers.rows[1].contact = "c9";
    changes.papers.rows[2].contact = "c9";
    changes.papers.entries = {{"qst_2", 1, at(1), "wang", "opened", "陈女士问", Fields::object()}};
    must_commit(changes);
    Changes erased;
    erased.erased_customers = {"cus_1"};
    must_commit(erased);
    for (const char* id : {"qst_1", "qst_2"}) {
        EXPECT_EQ((*papers().paper(id))->title, "") << id;
        EXPECT_EQ((*papers().paper(id))->body, Fields::object()) << id;
    }
    EXPECT_EQ((*papers().entries("qst_2"))[0].text, "");
    EXPECT_EQ((*papers().paper("art_1"))->title, "题目") << "an article is for everybody";
}

TEST_P(PapersTest, AReportsFactGetsTheDispositionWhicheverCameFirst) {
    ContactFact fact;
    fact.contact = "c1";
    fact.started_at = at(1);
    fact.ended_at = at(2);
    Changes ended;
    ended.facts.contacts = {fact};
    must_commit(ended);
    Changes judged;
    judged.papers.dispositions = {{"c1", "rental", "b/rental", "b", "", "", "w", at(3)},
                                  {"c2", "sale", "b/sale", "b", "", "", "w", at(3)}};
    must_commit(judged);
    fact.contact = "c2";
    ended.facts.contacts = {fact};
    must_commit(ended);
    std::string first, second;
    const auto read = readers_->read([&](Connection& connection) {
        first = connection.one_text("select disposition from contact_facts where contact='c1'");
        second = connection.one_text("select disposition from contact_facts where contact='c2'");
    });
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(first, "rental");
    EXPECT_EQ(second, "sale");
}

}  // namespace
}  // namespace citybridge::store
