#include "core/store/desk_reader.h"

#include "core/store/desk_rows.h"
#include "core/store/pages.h"
#include "core/store/read_with.h"

namespace citybridge::store {

namespace {

template <class Row>
Result<std::optional<Row>> by_id(Readers& readers, const std::string& id) {
    return read_with<std::optional<Row>>(readers, [&](Connection& connection) {
        auto query = select<Row>(connection);
        query << "where id=";
        query.text(id);
        return read_one<Row>(connection, query);
    });
}

}  // namespace

Result<std::vector<AttachmentRecord>> attachments_of(Readers& readers, const std::string& order) {
    return read_with<std::vector<AttachmentRecord>>(readers, [&](Connection& connection) {
        auto query = select<AttachmentRecord>(connection);
        query << "where order_id=";
        query.text(order) << " order by added_at,id";
        return read_rows<AttachmentRecord>(connection, query);
    });
}

Result<std::optional<AttachmentRecord>> attachment(Readers& readers, const std::string& id) {
    return by_id<AttachmentRecord>(readers, id);
}

Result<std::vector<AttachmentRecord>> attachments_after(Readers& readers, const std::string& after, std::size_t limit) {
    return read_with<std::vector<AttachmentRecord>>(readers, [&](Connection& connection) {
        auto query = select<AttachmentRecord>(connection);
        query << "where id>";
        query.text(after);
        limited(query, "id", limit);
        return read_rows<AttachmentRecord>(connection, query);
    });
}

Result<std::vector<std::string>> hashes_in_use(Readers& readers, const std::vector<std::string>& hashes) {
    return read_with<std::vector<std::string>>(readers, [&](Connection& connection) {
        Query query(connection.database());
        query << "select distinct sha256 from attachments where sha256 in ";
        query.texts(hashes);
        return read_texts(connection, query);
    });
}

Result<std::vector<CustomerMergeRecord>> merges_of(Readers& readers, const std::string& customer) {
    return read_with<std::vector<CustomerMergeRecord>>(readers, [&](Connection& connection) {
        auto query = select<CustomerMergeRecord>(connection);
        query << "where from_customer=";
        query.text(customer) << " or into_customer=";
        query.text(customer) << " order by at,from_customer";
        return read_rows<CustomerMergeRecord>(connection, query);
    });
}

Result<std::vector<OrderRecord>> orders_of_customer(Readers& readers, const std::string& customer,
                                                    const Before& before) {
    return read_with<std::vector<OrderRecord>>(readers, [&](Connection& connection) {
        auto query = select<OrderRecord>(connection);
        query << "where customer<>'' and customer=";
        query.text(customer);
        continue_at(query, "created_at,id", before);
        limited(query, "created_at desc,id desc", before.limit);
        return read_rows<OrderRecord>(connection, query);
    });
}

Result<std::vector<JournalRecord>> contacts_of_numbers(Readers& readers, const std::vector<std::string>& numbers,
                                                       const Before& before) {
    return read_with<std::vector<JournalRecord>>(readers, [&](Connection& connection) {
        auto query = select<JournalRecord>(connection);
        query << "where number<>'' and number in ";
        query.texts(numbers);
        continue_at(query, "started_at,id", before);
        limited(query, "started_at desc,id desc", before.limit);
        return read_rows<JournalRecord>(connection, query);
    });
}

Result<std::optional<OutgoingListRecord>> outgoing_list(Readers& readers, const std::string& id) {
    return by_id<OutgoingListRecord>(readers, id);
}

Result<std::vector<OutgoingListRecord>> outgoing_lists(Readers& readers, const Before& before) {
    return read_with<std::vector<OutgoingListRecord>>(readers, [&](Connection& connection) {
        auto query = select<OutgoingListRecord>(connection);
        query << "where until_at>0";
        continue_at(query, "until_at,id", before);
        limited(query, "until_at desc,id desc", before.limit);
        return read_rows<OutgoingListRecord>(connection, query);
    });
}

Result<std::vector<OutgoingEntryRecord>> outgoing_entries(Readers& readers, const EntryQuery& asked) {
    return read_with<std::vector<OutgoingEntryRecord>>(readers, [&](Connection& connection) {
        auto query = select<OutgoingEntryRecord>(connection);
        query << "where list_id=";
        query.text(asked.list);
        if (asked.state) {
            query << " and state=";
            query.text(std::string(to_string(*asked.state)));
        }
        if (asked.result) {
            query << " and result=";
            query.text(std::string(to_string(*asked.result)));
        }
        if (!asked.after_id.empty()) {
            query << " and (line,id)>(";
            query.number(asked.after_line) << ",";
            query.text(asked.after_id) << ")";
        }
        limited(query, "line,id", asked.limit);
        return read_rows<OutgoingEntryRecord>(connection, query);
    });
}

Result<std::vector<OutgoingEntryRecord>> entries_of_customer(Readers& readers, const std::string& customer) {
    return read_with<std::vector<OutgoingEntryRecord>>(readers, [&](Connection& connection) {
        auto query = select<OutgoingEntryRecord>(connection);
        query << "where customer<>'' and customer=";
        query.text(customer) << " order by id";
        return read_rows<OutgoingEntryRecord>(connection, query);
    });
}

Result<std::vector<EntryCount>> count_entries(Readers& readers, const std::string& list) {
    return read_with<std::vector<EntryCount>>(readers, [&](Connection& connection) {
        Query query(connection.database());
        query << "select state,result,count(*),cast(coalesce(sum(tries),0) as bigint) from outgoing_entries "
                 "where list_id=";
        query.text(list) << " group by state,result order by state,result";
        auto& prepared = ready(connection, query, {CellKind::text, CellKind::text, CellKind::number, CellKind::number});
        std::vector<EntryCount> counts;
        if (!prepared.statement.execute(true)) return counts;
        do {
            CellReader reader(prepared.results);
            EntryCount& count = counts.emplace_back();
            reader.state("state", count.state);
            reader.state("result", count.result);
            reader.number("count", count.count);
            reader.number("tries", count.tries);
        } while (prepared.statement.fetch());
        return counts;
    });
}

Result<std::vector<SolvedCall>> solved_calls(Readers& readers, WallTime from, WallTime until, std::size_t limit) {
    return read_with<std::vector<SolvedCall>>(readers, [&](Connection& connection) {
        Query query(connection.database());
        query << "select id,owner,customer,contact from orders where closed_at is not null and owner<>'' and "
                 "contact<>'' and closed_at>=";
        query.number(epoch_ms(from)) << " and closed_at<";
        query.number(epoch_ms(until));
        limited(query, "closed_at,id", limit);
        auto& prepared = ready(connection, query, {CellKind::text, CellKind::text, CellKind::text, CellKind::text});
        std::vector<SolvedCall> calls;
        if (!prepared.statement.execute(true)) return calls;
        do {
            CellReader reader(prepared.results);
            SolvedCall& call = calls.emplace_back();
            reader.text("id", call.order);
            reader.text("owner", call.owner);
            reader.text("customer", call.customer);
            reader.text("contact", call.contact);
        } while (prepared.statement.fetch());
        return calls;
    });
}

}  // namespace citybridge::store
