#include "bench/orders_filled.h"

#include <chrono>
#include <stdexcept>

#include "bench/durable_node.h"
#include "core/desk/search_words.h"

namespace citybridge::bench {
namespace {

constexpr std::size_t kBatch = 1'000;
constexpr Millis kBetween{250};  // openings

const std::vector<std::string> kDistricts{"海淀", "朝阳", "东城", "西城", "丰台", "石景山", "通州", "昌平"};

std::string text_of(std::size_t n) {
    return kDistricts[n % kDistricts.size()] + "区第" + std::to_string(n) + "号，" + std::to_string(1 + n % 4) +
           "室一厅，近地铁" + std::to_string(1 + n % 17) + "号线，预算每月" + std::to_string(4 + n % 9) + "千元以内";
}

OrderRecord order_of(const Filling& filling, std::size_t n) {
    OrderRecord order;
    order.id = filled_order(n);
    order.kind = "sales_lead";
    order.flow_version = 1;
    order.state = "new";
    const std::size_t owner = n % filling.owners;
    order.owner = "agent" + std::to_string(owner);
    order.group = "group" + std::to_string(owner / 20);
    order.city = "bench";
    order.customer = "cus_" + request_id(n / 2);
    order.contact = "con_" + request_id(n);
    order.fields = {{"lead_kind", "rent"},
                    {"wish", text_of(n)},
                    {"district", kDistricts[n % kDistricts.size()]},
                    {"budget", std::to_string(4'000 + n % 9 * 1'000)}};
    order.created_at = filling.now - kBetween * static_cast<std::int64_t>(filling.orders - n);
    order.updated_at = order.created_at;
    order.revision = 1;
    order.history_n = 1;
    order.due_at = filling.now + filling.first_due + filling.due_step * static_cast<std::int64_t>(n);
    return order;
}

void add(const Filling& filling, std::size_t n, Changes& changes) {
    OrderRecord order = order_of(filling, n);
    if (n % 2 == 0) {
        CustomerRecord customer;
        customer.id = order.customer;
        customer.name = "张三";
        customer.city = "bench";
        customer.numbers = {"+861" + std::to_string(3'000'000'000 + n / 2)};
        customer.created_at = customer.updated_at = order.created_at;
        customer.revision = 1;
        changes.customers.push_back(std::move(customer));
    }
    HistoryRecord opened;
    opened.order = order.id;
    opened.n = 1;
    opened.at = order.created_at;
    opened.actor = order.owner;
    opened.action = "opened";
    opened.to_state = order.state;
    opened.text = "客户希望周末看房";
    changes.history.push_back(std::move(opened));
    DeadlineRecord deadline;
    deadline.order = order.id;
    deadline.name = "broker_called";
    deadline.n = 1;
    deadline.due_at = *order.due_at;
    deadline.set_at = order.created_at;
    changes.deadlines.push_back(std::move(deadline));
    changes.desk.order_texts.push_back({order.id, 0, desk::joined_words(desk::index_words(text_of(n)))});
    changes.desk.order_texts.push_back({order.id, 1, desk::joined_words(desk::index_words("客户希望周末看房"))});
    changes.orders.push_back(std::move(order));
}

}  // namespace

std::string filled_order(std::size_t n) { return "ord_" + request_id(n); }

double fill(store::Store& store, const Filling& filling) {
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t n = 0; n < filling.orders;) {
        Changes changes;
        const std::size_t end = std::min(n + kBatch, filling.orders);
        for (; n < end; ++n) add(filling, n, changes);
        const auto outcome = store.commit("fill-" + std::to_string(n), changes, filling.now);
        if (outcome.commit != store::Commit::done) throw std::runtime_error(outcome.error.detail);
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace citybridge::bench
