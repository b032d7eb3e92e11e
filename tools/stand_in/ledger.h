#pragma once
// What reached the stand-in and what came of it, by the sender's key.
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace citybridge::stand_in {

// What an ERP does with a key it has seen (as `repeats` of plugins/erp_rest).
enum class Mode { dedupes, findable, neither };

struct LedgerEntry {
    std::string door;  // "hook/<name>", or "rest" and "rest/<system>"
    std::string key;
    std::string what;    // of a record: "order", "note", or the kind in the path; of an event: empty
    std::string order;   // the node's order id; empty: the message named none
    std::string number;  // what the first record got: "E-000123"
    std::string first_body;
    std::uint64_t first_n = 0;      // place of its first effect among all effects of the stand-in, from 1
    std::uint32_t received = 0;     // times it came and was genuine
    std::uint32_t effects = 0;      // times it took effect: records made
    bool other_body_later = false;  // a repetition did not say the same
};

// Thread-safe.
class Ledger {
public:
    struct Entered {
        std::string number;
        bool first = false;  // the key was new
    };
    // One genuine arrival. With Mode::dedupes only a new key takes effect.
    Entered enter(Mode mode, const std::string& door, const std::string& key, std::string_view what,
                  const std::string& order, const std::string& body);
    // Arrived without taking effect, as before a 500.
    void arrived(const std::string& door, const std::string& key, const std::string& order, const std::string& body);
    // The number of a record that took effect.
    std::optional<std::string> number_of(const std::string& door, const std::string& key) const;
    bool knows_order(const std::string& door, const std::string& number) const;

    std::vector<LedgerEntry> snapshot() const;  // by door and key
    std::optional<LedgerEntry> find(const std::string& door, const std::string& key) const;
    // Keys by order id, in the order in which they first took effect.
    std::map<std::string, std::vector<std::string>> sequences(const std::string& door) const;
    std::uint64_t received() const;
    std::uint64_t effects() const;

private:
    struct Door {
        std::unordered_map<std::string, LedgerEntry> entries;  // by key
        std::unordered_map<std::string, std::string> orders;   // numbers of orders -> key
        std::map<std::string, std::vector<std::string>> sequences;
    };
    LedgerEntry& touch(Door& door, const std::string& name, const std::string& key, const std::string& order,
                       const std::string& body);

    mutable std::mutex mutex_;
    std::map<std::string, Door> doors_;
    std::uint64_t received_ = 0;
    std::uint64_t effects_ = 0;
};

// "ord_7.1.erp" -> "ord_7"; empty: the key names none.
std::string order_in_key(std::string_view key);

}  // namespace citybridge::stand_in
