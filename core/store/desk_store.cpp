#include "core/store/desk_store.h"

#include "core/store/desk_rows.h"
#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

// As many as one batch can take of one list, and some that must not be called.
constexpr std::int64_t kNextEntries = 512;

// Rows of the batch itself included: all of it is written before.
void move_to(Connection& connection, const CustomerMergeRecord& merge) {
    const auto change = [&](const std::string& head, const std::string& tail) {
        Query query(connection.database());
        query << head;
        query.text(merge.into) << tail;
        query.text(merge.from);
        run_query(connection, query);
    };
    Query moved(connection.database());
    moved << "insert into merged_orders(order_id,from_customer) select id,customer from orders where customer<>'' "
             "and customer=";
    moved.text(merge.from) << " on conflict (order_id,from_customer) do nothing";
    run_query(connection, moved);
    change("update orders set revision=revision+1,customer=", " where customer<>'' and customer=");
    change("update outgoing_entries set customer=", " where customer<>'' and customer=");
    change("update verifications set customer=", " where customer<>'' and customer=");
    change("update written_messages set customer=", " where customer=");
    change("update callbacks set customer=", " where customer<>'' and customer=");
    // Whoever was merged into him before goes along, so that nobody is redirected twice.
    change("update customers set merged_into=", " where merged_into<>'' and merged_into=");
}

template <class Row>
void load_by_id(Connection& connection, const std::vector<std::string>& ids, std::vector<Row>& into) {
    if (ids.empty()) return;
    auto query = select<Row>(connection);
    query << "where id in ";
    query.texts(ids);
    into = read_rows<Row>(connection, query);
}

// Of core/desk/order_summary.h: the row names a customer, and stands for the same text of each of his orders.
constexpr std::int64_t kOfCustomer = -2;

void write_names(Connection& connection, const std::vector<OrderTextRecord>& texts) {
    for (const OrderTextRecord& row : texts) {
        if (row.n != kOfCustomer) continue;
        Query query(connection.database());
        query << "insert into order_text(order_id,n,words) select id,-1,";
        query.text(row.words) << " from orders where customer<>'' and customer=";
        query.text(row.order) << " on conflict (order_id,n) do update set words=excluded.words";
        run_query(connection, query);
    }
}

}  // namespace

void write_desk(Connection& connection, const DeskChanges& changes) {
    std::vector<OrderTextRecord> texts = changes.order_texts;
    std::erase_if(texts, [](const OrderTextRecord& row) { return row.n == kOfCustomer; });
    insert_rows(connection,
                last_of_each(texts, [](const auto& row) { return row.order + '\n' + std::to_string(row.n); }));
    insert_rows(connection, pointers_to(changes.attachments));
    run_with_texts(connection, "delete from attachments where id in ", changes.removed_attachments);
    insert_rows(connection, last_of_each(changes.outgoing_lists, [](const auto& row) { return row.id; }));
    insert_rows(connection, last_of_each(changes.outgoing_entries, [](const auto& row) { return row.id; }));
    insert_rows(connection, pointers_to(changes.merges));
    for (const CustomerMergeRecord& merge : changes.merges) move_to(connection, merge);
    write_names(connection, changes.order_texts);
}

void load_desk(Connection& connection, const DeskWanted& wanted, DeskLoaded& loaded) {
    load_by_id(connection, wanted.attachments, loaded.attachments);
    load_by_id(connection, wanted.outgoing_lists, loaded.outgoing_lists);
    load_by_id(connection, wanted.outgoing_entries, loaded.outgoing_entries);
    std::vector<std::string> lists = wanted.outgoing_next;
    std::sort(lists.begin(), lists.end());
    lists.erase(std::unique(lists.begin(), lists.end()), lists.end());
    for (const std::string& list : lists) {
        auto query = select<OutgoingEntryRecord>(connection);
        query << "where state in ('waiting','taken') and list_id=";
        query.text(list) << " order by next_at,line limit ";
        query.number(kNextEntries);
        auto rows = read_rows<OutgoingEntryRecord>(connection, query);
        // What an agent has taken already is his next, however far down it stands.
        auto taken = select<OutgoingEntryRecord>(connection);
        taken << "where state='taken' and list_id=";
        taken.text(list);
        for (auto& row : read_rows<OutgoingEntryRecord>(connection, taken)) rows.push_back(std::move(row));
        std::move(rows.begin(), rows.end(), std::back_inserter(loaded.outgoing_entries));
    }
}

void erase_desk(Connection& connection, const std::vector<std::string>& customers) {
    if (customers.empty()) return;
    const std::string orders = "(select id from orders where customer in ";
    run_with_texts(connection, "delete from order_text where order_id in " + orders, customers, ")");
    run_with_texts(connection, "delete from attachments where order_id in " + orders, customers, ")");
    const std::string blank =
        "update outgoing_entries set number='',name='',note='',remark='' "
        "where ";
    run_with_texts(connection, blank + "customer<>'' and customer in ", customers);
    run_with_texts(connection, blank + "number in (select number from customer_numbers where customer in ", customers,
                   ")");
    run_with_texts(connection, "update customer_merges set before='{}' where into_customer in ", customers);
    run_with_texts(connection, "update customer_merges set before='{}' where from_customer in ", customers);
    run_with_texts(connection, "update customers set erased=1,merged_into='' where merged_into<>'' and merged_into in ",
                   customers);
}

}  // namespace citybridge::store
