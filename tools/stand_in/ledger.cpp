#include "tools/stand_in/ledger.h"

#include <algorithm>
#include <cstdio>
#include <tuple>

namespace citybridge::stand_in {
namespace {

std::string numbered(char letter, std::uint64_t n) {
    char text[32];
    std::snprintf(text, sizeof text, "%c-%06llu", letter, static_cast<unsigned long long>(n));
    return text;
}

}  // namespace

LedgerEntry& Ledger::touch(Door& door, const std::string& name, const std::string& key, const std::string& order,
                           const std::string& body) {
    ++received_;
    LedgerEntry& entry = door.entries[key];
    ++entry.received;
    if (entry.received == 1) {
        entry.door = name;
        entry.key = key;
        entry.order = order;
        entry.first_body = body;
    } else if (entry.first_body != body) {
        entry.other_body_later = true;
    }
    return entry;
}

Ledger::Entered Ledger::enter(Mode mode, const std::string& door_name, const std::string& key, std::string_view what,
                              const std::string& order, const std::string& body) {
    std::lock_guard lock(mutex_);
    Door& door = doors_[door_name];
    LedgerEntry& entry = touch(door, door_name, key, order, body);
    const bool first = entry.effects == 0;
    if (!first && mode == Mode::dedupes) return {entry.number, false};
    ++entry.effects;
    ++effects_;
    std::string number = numbered(what == "order" ? 'E' : 'N', effects_);
    if (what == "order") door.orders[number] = key;
    if (first) {
        entry.what = what;
        entry.number = number;
        entry.first_n = effects_;
        door.sequences[order].push_back(key);
    }
    return {std::move(number), first};
}

void Ledger::arrived(const std::string& door, const std::string& key, const std::string& order,
                     const std::string& body) {
    std::lock_guard lock(mutex_);
    touch(doors_[door], door, key, order, body);
}

std::optional<LedgerEntry> Ledger::find(const std::string& door, const std::string& key) const {
    std::lock_guard lock(mutex_);
    const auto found = doors_.find(door);
    if (found == doors_.end()) return std::nullopt;
    const auto entry = found->second.entries.find(key);
    if (entry == found->second.entries.end()) return std::nullopt;
    return entry->second;
}

std::optional<std::string> Ledger::number_of(const std::string& door, const std::string& key) const {
    const auto entry = find(door, key);
    return entry && entry->effects > 0 ? std::optional(entry->number) : std::nullopt;
}

bool Ledger::knows_order(const std::string& door, const std::string& number) const {
    std::lock_guard lock(mutex_);
    const auto found = doors_.find(door);
    return found != doors_.end() && found->second.orders.contains(number);
}

std::vector<LedgerEntry> Ledger::snapshot() const {
    std::vector<LedgerEntry> out;
    std::lock_guard lock(mutex_);
    for (const auto& [name, door] : doors_)
        for (const auto& [key, entry] : door.entries) out.push_back(entry);
    std::sort(out.begin(), out.end(), [](const LedgerEntry& a, const LedgerEntry& b) {
        return std::tie(a.door, a.key) < std::tie(b.door, b.key);
    });
    return out;
}

std::map<std::string, std::vector<std::string>> Ledger::sequences(const std::string& door) const {
    std::lock_guard lock(mutex_);
    const auto found = doors_.find(door);
    return found == doors_.end() ? std::map<std::string, std::vector<std::string>>{} : found->second.sequences;
}

std::uint64_t Ledger::received() const {
    std::lock_guard lock(mutex_);
    return received_;
}

std::uint64_t Ledger::effects() const {
    std::lock_guard lock(mutex_);
    return effects_;
}

std::string order_in_key(std::string_view key) {
    if (!key.starts_with("ord_")) return {};
    return std::string(key.substr(0, key.find('.')));
}

}  // namespace citybridge::stand_in
