#pragma once
// Compares what the store holds in the end with what callers were told, what
// the far sides keep, and what senders were told.
#include <map>
#include <string>
#include <vector>

#include "core/store/reader.h"
#include "tests/crash/told.h"

namespace citybridge::crash {

// What a far side keeps of one message; in the order of first effects.
struct LedgerLine {
    std::string id;
    std::string order;
    std::size_t effects = 0;
};

class Judge {
public:
    // Reads everything there is.
    explicit Judge(store::Readers& readers);

    // What was answered 2xx is there once, what was refused is not there, nothing is there twice, and every order's
    // history is numbered without a gap.
    void told(const Told& told);
    // Every message of this destination arrived, took effect once, and in order per key; and the far side has no other.
    void deliveries(const std::string& destination, const std::vector<LedgerLine>& ledger);
    // A message of this type from `source` took effect once on this order.
    void inbound(const std::string& source, const std::string& order, const std::string& type);

    // Empty: every promise was kept. At most the first hundred.
    const std::vector<std::string>& mistakes() const { return mistakes_; }
    std::size_t orders() const { return orders_.size(); }
    std::size_t history_rows() const { return history_rows_; }

private:
    struct Place {
        std::string order;
        std::string action;
    };
    void read_orders();
    void read_history(const OrderRecord& order);
    void done(const Wish& wish, const Answer& answer);
    void order_per_key(const std::string& destination, const std::vector<LedgerLine>& ledger,
                       const std::map<std::string, std::int64_t>& seq);
    void mistake(const std::string& what);

    store::Readers& readers_;
    std::map<std::string, OrderRecord> orders_;
    std::map<std::string, std::vector<Place>> places_;  // by mark
    std::map<std::string, std::size_t> inbound_;        // "source order type"
    std::size_t history_rows_ = 0;
    std::vector<std::string> mistakes_;
};

}  // namespace citybridge::crash
