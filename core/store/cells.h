#pragma once
// Values on their way to and from SQL. A cell keeps its address while a
// statement is bound to it.
#include <soci/soci.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/api/callbacks.h"
#include "core/api/desk_records.h"
#include "core/api/records_json.h"

namespace citybridge::store {

// The rows themselves cannot be stored: "store.rejected".
class Rejected : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Reading found what this node never writes: "store.damaged".
class Damaged : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// PostgreSQL does not sync: "store.not_durable".
class NotDurable : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class CellKind { text, number, maybe_number };

struct Cell {
    CellKind kind = CellKind::text;
    std::string text;
    long long number = 0;
    soci::indicator indicator = soci::i_ok;
};

struct ColumnInfo {
    std::string name;
    CellKind kind = CellKind::text;
};

// Visitor: names and kinds of a table's columns.
class ColumnLister {
public:
    std::vector<ColumnInfo> columns;

    template <class T>
    void text(const char* name, T&) {
        add(name, CellKind::text);
    }
    template <class T>
    void number(const char* name, T&) {
        add(name, CellKind::number);
    }
    template <class T>
    void time(const char* name, T&) {
        add(name, CellKind::number);
    }
    template <class T>
    void maybe_time(const char* name, T&) {
        add(name, CellKind::maybe_number);
    }
    template <class T>
    void flag(const char* name, T&) {
        add(name, CellKind::number);
    }
    template <class T>
    void json(const char* name, T&) {
        add(name, CellKind::text);
    }
    template <class T>
    void list(const char* name, T&) {
        add(name, CellKind::text);
    }
    template <class T>
    void state(const char* name, T&) {
        add(name, CellKind::text);
    }

private:
    void add(const char* name, CellKind kind) { columns.push_back({name, kind}); }
};

// Throws Rejected: PostgreSQL cannot hold a NUL nor bytes that are not UTF-8, and SQLite must not differ.
void set_text(Cell& cell, const char* column, const std::string& value);

// Visitor: the record into the cells from `next` on.
class CellWriter {
public:
    explicit CellWriter(std::vector<Cell>& cells) : cells_(cells) {}

    void text(const char* name, const std::string& value) { set_text(take(), name, value); }
    void number(const char*, std::int64_t value) { take().number = value; }
    void time(const char*, WallTime value) { take().number = epoch_ms(value); }
    void maybe_time(const char*, const std::optional<WallTime>& value);
    void flag(const char*, bool value) { take().number = value ? 1 : 0; }
    void json(const char* name, const Fields& value);
    void list(const char* name, const std::vector<std::string>& value);
    template <class Enum>
    void state(const char*, Enum value) {
        take().text = to_string(value);
    }

private:
    Cell& take() { return cells_.at(next_++); }

    std::vector<Cell>& cells_;
    std::size_t next_ = 0;
};

// Visitor: the cells of one fetched row into the record. Throws Damaged.
class CellReader {
public:
    explicit CellReader(std::vector<Cell>& cells) : cells_(cells) {}

    void text(const char*, std::string& value) { value = take().text; }
    void number(const char*, std::int64_t& value) { value = take().number; }
    void time(const char*, WallTime& value) { value = from_epoch_ms(take().number); }
    void maybe_time(const char*, std::optional<WallTime>& value);
    void flag(const char*, bool& value) { value = take().number != 0; }
    void json(const char* name, Fields& value);
    void list(const char* name, std::vector<std::string>& value);
    void state(const char* name, DeadlineState& value);
    void state(const char* name, OutboxState& value);
    void state(const char* name, CallbackState& value);
    void state(const char* name, EntryState& value);
    void state(const char* name, EntryResult& value);

private:
    Cell& take() { return cells_.at(next_++); }

    std::vector<Cell>& cells_;
    std::size_t next_ = 0;
};

}  // namespace citybridge::store
