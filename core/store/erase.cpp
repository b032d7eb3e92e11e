#include "core/store/erase.h"

#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

const std::string kOrdersOf = "(select id from orders where customer in ";

// What was remarked on his conversations may speak of him; that they were scored, and how, stays.
void erase_remarks(Connection& connection, const std::vector<std::string>& customers) {
    run_with_texts(connection,
                   "update quality_scores set remark='',training=0 where contact in (select id from journal where "
                   "number<>'' and number in (select number from customer_numbers where customer in ",
                   customers, "))");
    run_with_texts(connection,
                   "update quality_scores set remark='',training=0 where contact in "
                   "(select contact from orders where contact<>'' and customer in ",
                   customers, ")");
}

}  // namespace

void erase_journal(Connection& connection, const std::vector<std::string>& customers) {
    erase_remarks(connection, customers);
    run_with_texts(connection,
                   "update journal set number='',body='{}' where number in "
                   "(select number from customer_numbers where customer in ",
                   customers, ")");
    run_with_texts(connection,
                   "update journal set number='',body='{}' where id in "
                   "(select contact from orders where contact<>'' and customer in ",
                   customers, ")");
}

void erase_rest(Connection& connection, const std::vector<std::string>& customers) {
    if (customers.empty()) return;
    run_with_texts(connection, "delete from customer_numbers where customer in ", customers);
    run_with_texts(connection,
                   "update customers set name='',city='',source='',preference='',numbers='[]',fields='{}',erased=1 "
                   "where id in ",
                   customers);
    run_with_texts(connection, "update history set note='',detail='{}' where order_id in " + kOrdersOf, customers, ")");
    run_with_texts(connection,
                   "update outbox set payload='{}',last_detail='' where state in ('delivered','cancelled') "
                   "and order_id in " +
                       kOrdersOf,
                   customers, ")");
    run_with_texts(connection,
                   "update commands set detail='{}',reason='' where contact<>'' and contact in "
                   "(select contact from orders where customer in ",
                   customers, ")");
    // The ids of random customers and orders are long and random: no other body holds them by accident.
    run_with_texts(connection,
                   "update idempotency set body='' where exists (select 1 from orders where "
                   "(location like '%'||orders.id||'%' or body like '%'||orders.id||'%') and orders.customer in ",
                   customers, ")");
    run_with_texts(connection,
                   "update idempotency set body='' where exists (select 1 from customers where "
                   "(location like '%'||customers.id||'%' or body like '%'||customers.id||'%') and customers.id in ",
                   customers, ")");
}

std::size_t erase_delivered(Connection& connection) {
    Query query(connection.database());
    query << "update outbox set payload='{}',last_detail='' where state in ('delivered','cancelled') "
             "and (payload<>'{}' or last_detail<>'') and order_id in (select orders.id from orders "
             "join customers on customers.id=orders.customer where customers.erased=1)";
    return run_query(connection, query);
}

}  // namespace citybridge::store
