#pragma once
// What lists and the search find an order by, kept with every step of it.
#include "core/desk/context.h"

namespace citybridge::desk {

// Puts into `order` when it is due next and since when it is overdue, and into `changes` the words of what this step
// wrote: the fields if they changed, and the text of its history. `open`: its deadlines that are still open.
// Precondition: `history` and the deadlines of `changes` are this step's.
void keep_for_lists(const Context& context, const Flow& flow, const std::vector<DeadlineRecord>& open,
                    const HistoryRecord& history, OrderRecord& order, Changes& changes);

// Puts into `changes` the words of customers' names: those of new orders, and, where a name changed, those of all
// orders of the customer (core/store/desk_store.cpp). `view`: the rows of before.
void keep_names(const View& view, Changes& changes);
inline constexpr std::int64_t kNameOfOrder = -1;     // number of the text with the name of an order's customer
inline constexpr std::int64_t kNameOfCustomer = -2;  // the same for every order of the customer whose id stands there

}  // namespace citybridge::desk
