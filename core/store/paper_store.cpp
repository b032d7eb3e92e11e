#include "core/store/paper_store.h"

#include "core/store/conditions.h"
#include "core/store/disposition_reader.h"
#include "core/store/paper_rows.h"
#include "core/store/paper_words.h"
#include "core/store/read_rows.h"

namespace citybridge::store {
namespace {

template <class Row>
std::vector<Row> by_texts(Connection& connection, const char* column, const std::vector<std::string>& keys) {
    if (keys.empty()) return {};
    auto query = select<Row>(connection);
    query << "where " << column << " in ";
    query.texts(keys);
    return read_rows<Row>(connection, query);
}

}  // namespace

void write_papers(Connection& connection, const PaperChanges& changes) {
    if (changes.empty()) return;
    insert_rows(connection, last_of_each(changes.rows, [](const auto& row) { return row.id; }));
    insert_rows(connection, pointers_to(changes.entries));
    insert_rows(connection, last_of_each(changes.marks, [](const auto& row) {
                    return row.about + '\n' + row.user + '\n' + row.what;
                }));
    insert_rows(connection, last_of_each(changes.skills, [](const auto& row) { return row.user + '\n' + row.skill; }));
    insert_rows(connection, last_of_each(changes.dispositions, [](const auto& row) { return row.contact; }));
    insert_rows(connection, last_of_each(changes.wrap_ups, [](const auto& row) { return row.contact; }));
    for (const auto* words : last_of_each(changes.words, [](const auto& row) { return row.paper; }))
        write_words(connection, *words);
}

void join_dispositions(Connection& connection, const Changes& changes) {
    std::vector<std::string> contacts;
    for (const DispositionRecord& row : changes.papers.dispositions) contacts.push_back(row.contact);
    for (const ContactFact& row : changes.facts.contacts) contacts.push_back(row.contact);
    if (contacts.empty()) return;
    run_with_texts(connection,
                   "update contact_facts set disposition=coalesce((select code from dispositions where "
                   "dispositions.contact=contact_facts.contact),disposition) where contact in ",
                   contacts);
}

void load_papers(Connection& connection, const Wanted& wanted, Loaded& loaded) {
    const PapersWanted& asked = wanted.papers;
    if (asked.empty()) return;
    loaded.papers.rows = by_texts<PaperRecord>(connection, "id", asked.ids);
    for (DeadlineRecord& row : by_texts<DeadlineRecord>(connection, "state='open' and order_id", asked.ids))
        loaded.deadlines.push_back(std::move(row));
    loaded.papers.dispositions = by_texts<DispositionRecord>(connection, "contact", asked.dispositions);
    if (asked.marks.empty()) return;
    auto query = select<MarkRecord>(connection);
    query << "join ";
    query.pairs(asked.marks) << " as asked on about=asked.column1 and user_name=asked.column2";
    loaded.papers.marks = read_rows<MarkRecord>(connection, query);
}

void erase_papers(Connection& connection, const std::vector<std::string>& customers) {
    if (customers.empty()) return;
    const std::string of_orders =
        "papers.order_id<>'' and papers.order_id in (select id from orders where customer in ";
    const std::string of_contacts =
        "papers.contact<>'' and papers.contact in (select contact from orders where contact<>'' and customer in ";
    const std::string of_numbers =
        "papers.contact<>'' and papers.contact in (select id from journal where number<>'' and number in "
        "(select number from customer_numbers where customer in ";
    const std::pair<std::string, std::string> theirs[] = {{of_orders, ")"}, {of_contacts, ")"}, {of_numbers, "))"}};
    for (const auto& [condition, tail] : theirs) {
        // An article is what is left when the person is taken out of a question: it is for everybody.
        const std::string papers = "(select id from papers where kind<>'article' and " + condition;
        run_with_texts(connection, "update paper_entries set note='',detail='{}' where paper in " + papers, customers,
                       tail + ")");
        run_with_texts(connection, "update papers set title='',body='{}' where kind<>'article' and " + condition,
                       customers, tail);
    }
}

std::vector<PaperRecord> list_papers(Connection& connection, const PaperQuery& asked) {
    auto query = select<PaperRecord>(connection);
    Conditions where(query);
    where.equal("kind", asked.kind);
    where.equal("state", asked.state);
    where.equal("owner", asked.owner, true);
    where.equal("group_name", asked.group);
    where.equal("author", asked.author);
    where.equal("contact", asked.contact, true);
    where.equal("order_id", asked.order, true);
    where.equal("about", asked.about, true);
    if (asked.open_only) where.next() << "closed_at is null";
    if (!asked.after.empty()) {
        where.next() << "(created_at,id)<(select created_at,id from papers where id=";
        query.text(asked.after) << ")";
    }
    query << " order by created_at desc,id desc limit ";
    query.number(static_cast<std::int64_t>(asked.limit));
    return read_rows<PaperRecord>(connection, query);
}

std::vector<PaperRecord> search_papers(Connection& connection, const PaperSearch& asked) {
    const std::vector<std::string> ids = find_papers(connection, asked);
    std::vector<PaperRecord> rows = by_texts<PaperRecord>(connection, "id", ids);
    std::vector<PaperRecord> out;
    for (const std::string& id : ids)
        for (PaperRecord& row : rows)
            if (row.id == id) out.push_back(std::move(row));
    return out;
}

std::vector<PaperEntry> list_entries(Connection& connection, const std::string& paper) {
    auto query = select<PaperEntry>(connection);
    query << "where paper=";
    query.text(paper) << " order by n";
    return read_rows<PaperEntry>(connection, query);
}

std::vector<MarkRecord> list_marks(Connection& connection, const MarkQuery& asked) {
    auto query = select<MarkRecord>(connection);
    Conditions where(query);
    where.equal("about", asked.about);
    where.equal("user_name", asked.user);
    where.equal("what", asked.what);
    query << " order by about,user_name,what limit ";
    query.number(static_cast<std::int64_t>(asked.limit));
    return read_rows<MarkRecord>(connection, query);
}

std::vector<SkillRecord> list_skills(Connection& connection, const std::string& user) {
    auto query = select<SkillRecord>(connection);
    Conditions(query).equal("user_name", user);
    query << " order by user_name,skill";
    return read_rows<SkillRecord>(connection, query);
}

std::vector<DispositionRecord> list_dispositions(Connection& connection, const std::vector<std::string>& contacts) {
    return by_texts<DispositionRecord>(connection, "contact", contacts);
}

std::vector<MissingDisposition> list_missing(Connection& connection, const MissingQuery& asked) {
    auto query = select<WrapUpRecord>(connection);
    query << "where ended_at>=";
    query.number(epoch_ms(asked.since));
    if (!asked.agent.empty()) {
        query << " and agent=";
        query.text(asked.agent);
    }
    query << " and not exists (select 1 from dispositions where dispositions.contact=wrap_ups.contact) "
             "order by ended_at,contact limit ";
    query.number(static_cast<std::int64_t>(asked.limit));
    std::vector<MissingDisposition> out;
    std::vector<std::string> contacts;
    for (WrapUpRecord& row : read_rows<WrapUpRecord>(connection, query)) {
        contacts.push_back(row.contact);
        out.push_back({std::move(row), {}});
    }
    for (const MarkRecord& mark : by_texts<MarkRecord>(connection, "what='left' and about", contacts))
        for (MissingDisposition& each : out)
            if (each.wrap_up.contact == mark.about) each.left_at = mark.at;
    return out;
}

std::vector<DispositionCount> count_dispositions(Connection& connection, WallTime from, WallTime to) {
    Query query(connection.database());
    query << "select code,path,count(*) from dispositions where at>=";
    query.number(epoch_ms(from)) << " and at<";
    query.number(epoch_ms(to)) << " group by code,path order by path";
    auto& prepared = ready(connection, query, {CellKind::text, CellKind::text, CellKind::number});
    std::vector<DispositionCount> counts;
    if (!prepared.statement.execute(true)) return counts;
    do {
        CellReader reader(prepared.results);
        DispositionCount& count = counts.emplace_back();
        reader.text("code", count.code);
        reader.text("path", count.path);
        reader.number("count", count.count);
    } while (prepared.statement.fetch());
    return counts;
}

Result<std::vector<DispositionRecord>> recent_dispositions(Readers& readers, WallTime since, std::size_t limit) {
    std::vector<DispositionRecord> rows;
    const auto read = readers.read([&](Connection& connection) {
        auto query = select<DispositionRecord>(connection);
        query << "where at>=";
        query.number(epoch_ms(since)) << " order by at desc,contact limit ";
        query.number(static_cast<std::int64_t>(limit));
        rows = read_rows<DispositionRecord>(connection, query);
    });
    if (!read) return read.error();
    return rows;
}

}  // namespace citybridge::store
