#pragma once
// Erasure of customers on request: what is blanked, and what stays.
//   journal       number and body of contacts from his numbers and of the contacts of his orders; times stay
//   customers     name, city, source, preference, fields, numbers; the row stays, marked erased
//   history       text and detail of his orders; who did what when stays
//   outbox        payload, last_detail of what is delivered or cancelled. What is still to be sent keeps its content
//                 (the far side is owed it) and is blanked by erase_delivered() after it was delivered.
//   idempotency   bodies that name one of his orders or himself
//   quality_scores  remarks on those contacts; the other facts of reports hold no name and no number, and stay
//   verifications   number, nonce and detail; what was used up for his numbers is deleted
//   written_messages  number, text, and what the gateway said of it
//   commands      detail and reason of commands on the contacts of his orders
// The fields of his orders come from the desk as whole rows: the flow knows which of them are personal.
#include <string>
#include <vector>

#include "core/store/connection.h"

namespace citybridge::store {

// Before his row changes: it finds the contacts by his numbers.
void erase_journal(Connection& connection, const std::vector<std::string>& customers);
void erase_rest(Connection& connection, const std::vector<std::string>& customers);
// Messages of erased customers that have been delivered or given up since. Number of rows.
std::size_t erase_delivered(Connection& connection);

}  // namespace citybridge::store
