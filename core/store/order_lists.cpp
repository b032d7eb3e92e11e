#include "core/store/order_lists.h"

#include "core/store/conditions.h"
#include "core/store/read_rows.h"

namespace citybridge::store {
namespace {

// A word that so many texts hold is no way into the table: then the newest orders are looked at one by one.
constexpr std::int64_t kCommonWord = 2'000;
// And of those so many, before the index of words is asked for all orders that have it.
constexpr std::int64_t kNearest = 2'000;

// Where the search goes into the table. SQLite knows no statistics and would take the index with the most columns; here
// it is told which condition leaves the fewest rows.
enum class Way { customer, contact, words, owner, group, overdue, due, kind, state, created };

struct Listing {
    Connection& connection;
    const OrderQuery& asked;
    Way way = Way::created;

    bool sqlite() const { return connection.database() == Database::sqlite; }
    bool by_due() const { return asked.sort == OrderQuery::Sort::due; }
};

// "create virtual table" of SQLite or the index of PostgreSQL.
void match(const Listing& list, Query& query) {
    std::string words;
    for (const std::string& word : list.asked.words)
        words += list.sqlite() ? (words.empty() ? "\"" : " \"") + word + '"' : (words.empty() ? "" : " ") + word;
    if (list.sqlite()) {
        query << "order_words match ";
        query.text(words);
    } else {
        query << "string_to_array(words,' ') @> string_to_array(";
        query.text(words) << ",' ')";
    }
}

bool is_common(const Listing& list) {
    Query query(list.connection.database());
    query << "select count(*) from (select 1 from " << (list.sqlite() ? "order_words" : "order_text") << " where ";
    match(list, query);
    query << " limit ";
    query.number(kCommonWord) << ") as part";
    auto& prepared = ready(list.connection, query, {CellKind::number});
    return prepared.statement.execute(true) && prepared.results[0].number >= kCommonWord;
}

Way way_of(const Listing& list, bool common_words) {
    const OrderQuery& asked = list.asked;
    if (!asked.customer.empty()) return Way::customer;
    if (!asked.contact.empty()) return Way::contact;
    if (!asked.words.empty() && !common_words) return Way::words;
    if (!asked.owner.empty()) return Way::owner;
    if (!asked.group.empty()) return Way::group;
    if (asked.overdue_only && !list.by_due()) return Way::overdue;
    if (list.by_due() || asked.due_from || asked.due_until) return Way::due;
    if (!asked.kind.empty()) return Way::kind;
    return asked.state.empty() ? Way::created : Way::state;
}

void with_words(const Listing& list, Conditions& where, Query& query) {
    if (list.asked.words.empty()) return;
    if (list.way == Way::words && !list.sqlite()) {
        // An array is looked up by id whatever PostgreSQL thinks of its length; a prepared statement's plan else walks
        // all orders for a word that few of them have.
        where.next() << "orders.id=any(array(select order_id from order_text where ";
        match(list, query);
        query << "))";
        return;
    }
    if (list.way == Way::words || !list.sqlite()) {
        where.next() << "orders.id in (select order_id from order_text where ";
        if (list.sqlite()) query << "number in (select rowid from order_words where ";
        match(list, query);
        query << (list.sqlite() ? "))" : ")");
        return;
    }
    // The numbers are gathered once, and few orders are looked at before the page is full.
    where.next() << "exists (select 1 from order_text where order_text.order_id=orders.id and order_text.number in "
                    "(select rowid from order_words where ";
    match(list, query);
    query << "))";
}

void conditions(const Listing& list, Conditions& where, Query& query) {
    const OrderQuery& asked = list.asked;
    // An expression is no column: SQLite takes no index for it.
    const auto equal = [&](Way way, const char* column, const std::string& value) {
        const bool way_in = !list.sqlite() || list.way == way;
        where.equal(way_in ? column : (std::string("+") + column).c_str(), value);
    };
    equal(Way::customer, "customer", asked.customer);
    equal(Way::contact, "contact", asked.contact);
    equal(Way::owner, "owner", asked.owner);
    equal(Way::group, "group_name", asked.group);
    equal(Way::kind, "kind", asked.kind);
    equal(list.way == Way::kind ? Way::kind : Way::state, "state", asked.state);
    if (!asked.city.empty()) {
        where.next() << (list.sqlite() ? "+city=" : "city=");
        query.text(asked.city);
    }
    with_words(list, where, query);
    // The partial indexes are taken only when their own condition stands here.
    if (!asked.owner.empty()) where.next() << "owner<>''";
    if (!asked.group.empty()) where.next() << "group_name<>''";
    if (!asked.customer.empty()) where.next() << "customer<>''";
    if (!asked.contact.empty()) where.next() << "contact<>''";
    if (asked.open_only || asked.overdue_only) where.next() << "closed_at is null";
    if (asked.overdue_only) where.next() << "overdue_at is not null";
    if (list.by_due() || asked.due_from || asked.due_until) where.next() << "due_at is not null";
    const bool by_created = list.way != Way::words && list.way != Way::due;
    const char* created = list.sqlite() && !by_created ? "+created_at" : "created_at";
    where.at_least(created, asked.opened_from);
    where.before(created, asked.opened_until);
    where.at_least("due_at", asked.due_from);
    where.before("due_at", asked.due_until);
}

// What a page ends with never changes as an order: the time of creation, or when it was due as the page was read.
void cursor(const Listing& list, Conditions& where, Query& query) {
    const OrderQuery& asked = list.asked;
    if (asked.after.empty()) return;
    if (list.by_due()) {
        where.next() << "(due_at,id)>(";
        query.number(epoch_ms(asked.after_due.value_or(WallTime{}))) << ",";
        query.text(asked.after) << ")";
        return;
    }
    where.next() << "(created_at,id)<(select created_at,id from orders where id=";
    query.text(asked.after) << ")";
}

void order_and_limit(const Listing& list, Query& query) {
    query << (list.by_due() ? " order by due_at,id limit " : " order by created_at desc,id desc limit ");
    query.number(static_cast<std::int64_t>(list.asked.limit));
}

// SQLite: the page of a common word, if it is full with the orders that come first in the list: a text is looked at in
// a few microseconds, while the index gives a common word's orders all at once or none.
std::vector<std::string> among_nearest(const Listing& list) {
    OrderQuery others = list.asked;
    others.words.clear();
    Listing nearest{list.connection, others};
    nearest.way = list.way;
    Query query(list.connection.database());
    query << "select id from (select id," << (list.by_due() ? "due_at" : "created_at") << " from orders ";
    Conditions where(query);
    conditions(nearest, where, query);
    cursor(nearest, where, query);
    others.limit = static_cast<std::size_t>(kNearest);
    order_and_limit(nearest, query);
    query << ") as nearest where exists (select 1 from order_text where order_text.order_id=nearest.id";
    for (const std::string& word : list.asked.words) {
        query << " and instr(' '||words||' ',";
        query.text(' ' + word + ' ') << ")>0";
    }
    query << ")";
    order_and_limit(list, query);
    return read_texts(list.connection, query);
}

std::vector<OrderRecord> by_ids(const Listing& list, const std::vector<std::string>& ids) {
    if (ids.empty()) return {};
    auto query = select<OrderRecord>(list.connection);
    query << "where orders.id in ";
    query.texts(ids);
    order_and_limit(list, query);
    return read_rows<OrderRecord>(list.connection, query);
}

// The ids of one page of these orders, for a union.
void page_of(Connection& connection, const OrderQuery& asked, bool common, Query& query) {
    Listing list{connection, asked};
    list.way = way_of(list, common);
    query << "select id from (select id from orders ";
    Conditions where(query);
    conditions(list, where, query);
    cursor(list, where, query);
    order_and_limit(list, query);
    query << ") as part";
}

// Each part's page by itself: one of them may be full with its nearest orders, and another not.
std::vector<OrderRecord> list_seen_common(const Listing& list, const std::vector<OrderQuery>& parts) {
    std::vector<std::string> ids;
    for (const OrderQuery& part : parts) {
        Listing one{list.connection, part};
        one.way = way_of(one, true);
        std::vector<std::string> page = among_nearest(one);
        if (page.size() < part.limit) {
            Query query(list.connection.database());
            page_of(list.connection, part, true, query);
            page = read_texts(list.connection, query);
        }
        std::move(page.begin(), page.end(), std::back_inserter(ids));
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return by_ids(list, ids);
}

// His own and those of each of his groups, a page of each by its own index: the page of them all is among these.
std::vector<OrderRecord> list_seen(Connection& connection, const OrderQuery& asked, bool common) {
    std::vector<OrderQuery> parts;
    const auto add = [&](const std::string& owner, const std::string& group) {
        OrderQuery part = asked;
        if ((!part.owner.empty() && !owner.empty() && part.owner != owner) ||
            (!part.group.empty() && !group.empty() && part.group != group))
            return;
        if (!owner.empty()) part.owner = owner;
        if (!group.empty()) part.group = group;
        parts.push_back(std::move(part));
    };
    add(asked.seen_by->user, "");
    for (const std::string& group : asked.seen_by->groups)
        if (!group.empty()) add("", group);
    if (parts.empty()) return {};
    if (common && connection.database() == Database::sqlite) return list_seen_common({connection, asked}, parts);
    auto query = select<OrderRecord>(connection);
    query << "where orders.id in (";
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i != 0) query << " union ";
        page_of(connection, parts[i], common, query);
    }
    query << ")";
    order_and_limit({connection, asked}, query);
    return read_rows<OrderRecord>(connection, query);
}

}  // namespace

std::vector<OrderRecord> list_orders(Connection& connection, const OrderQuery& asked) {
    Listing list{connection, asked};
    const bool common = !asked.words.empty() && is_common(list);
    if (asked.seen_by) return list_seen(connection, asked, common);
    list.way = way_of(list, common);
    if (common && list.sqlite())
        if (const auto ids = among_nearest(list); ids.size() >= asked.limit) return by_ids(list, ids);
    auto query = select<OrderRecord>(connection);
    Conditions where(query);
    conditions(list, where, query);
    cursor(list, where, query);
    order_and_limit(list, query);
    return read_rows<OrderRecord>(connection, query);
}

std::vector<OutboxRecord> list_outbox(Connection& connection, const OutboxQuery& asked) {
    auto query = select<OutboxRecord>(connection);
    Conditions where(query);
    where.equal("destination", asked.destination);
    where.equal("state", asked.state);
    where.equal("lane_key", asked.key);
    where.equal("order_id", asked.order);
    if (!asked.order.empty()) where.next() << "order_id<>''";
    if (!asked.state.empty() && asked.state != to_string(OutboxState::delivered)) where.next() << "state<>'delivered'";
    if (asked.before_seq > 0) {
        where.next() << "seq<";
        query.number(asked.before_seq);
    }
    query << " order by seq desc limit ";
    query.number(static_cast<std::int64_t>(asked.limit));
    return read_rows<OutboxRecord>(connection, query);
}

std::vector<OutboxCount> count_outbox(Connection& connection) {
    Query query(connection.database());
    query << "select destination,state,count(*),min(created_at) from outbox where state<>'delivered' "
             "group by destination,state order by destination,state";
    auto& prepared = ready(connection, query, {CellKind::text, CellKind::text, CellKind::number, CellKind::number});
    std::vector<OutboxCount> counts;
    if (!prepared.statement.execute(true)) return counts;
    do {
        CellReader reader(prepared.results);
        auto& count = counts.emplace_back();
        reader.text("destination", count.destination);
        reader.state("state", count.state);
        reader.number("count", count.count);
        reader.time("oldest", count.oldest);
    } while (prepared.statement.fetch());
    return counts;
}

}  // namespace citybridge::store
