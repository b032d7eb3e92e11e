#include "core/store/cells.h"

#include "core/api/text.h"

namespace citybridge::store {

namespace {

// Invalid UTF-8 in a field must be refused like in any other text, not thrown as a JSON error.
std::string dumped(const Fields& value) { return value.dump(-1, ' ', false, Fields::error_handler_t::ignore); }

Fields parsed(const char* column, const std::string& text) {
    auto value = Fields::parse(text, nullptr, false);
    if (value.is_discarded()) throw Damaged(std::string("column ") + column + " holds no JSON: " + text.substr(0, 60));
    return value;
}

}  // namespace

void set_text(Cell& cell, const char* column, const std::string& value) {
    if (value.find('\0') != std::string::npos)
        throw Rejected(std::string(column) + " holds a NUL character; remove it");
    if (!is_utf8(value)) throw Rejected(std::string(column) + " is not valid UTF-8");
    cell.text = value;
}

void CellWriter::maybe_time(const char*, const std::optional<WallTime>& value) {
    auto& cell = take();
    cell.indicator = value ? soci::i_ok : soci::i_null;
    cell.number = value ? epoch_ms(*value) : 0;
}

void CellWriter::json(const char* name, const Fields& value) {
    if (!value.is_object() && !value.is_null()) throw Rejected(std::string(name) + " is not a JSON object");
    try {
        take().text = value.is_null() ? "{}" : value.dump();
    } catch (const Fields::type_error&) {
        throw Rejected(std::string(name) + " is not valid UTF-8: " + dumped(value).substr(0, 60));
    }
}

void CellWriter::list(const char* name, const std::vector<std::string>& value) {
    try {
        take().text = Fields(value).dump();
    } catch (const Fields::type_error&) {
        throw Rejected(std::string(name) + " is not valid UTF-8");
    }
}

void CellReader::maybe_time(const char*, std::optional<WallTime>& value) {
    const auto& cell = take();
    value.reset();
    if (cell.indicator == soci::i_ok) value = from_epoch_ms(cell.number);
}

void CellReader::json(const char* name, Fields& value) {
    value = parsed(name, take().text);
    if (!value.is_object()) throw Damaged(std::string("column ") + name + " holds no JSON object");
}

void CellReader::list(const char* name, std::vector<std::string>& value) {
    value.clear();
    const auto array = parsed(name, take().text);
    if (!array.is_array()) throw Damaged(std::string("column ") + name + " holds no JSON list");
    for (const auto& item : array) {
        if (!item.is_string()) throw Damaged(std::string("column ") + name + " holds something else than texts");
        value.push_back(item.get<std::string>());
    }
}

void CellReader::state(const char* name, DeadlineState& value) {
    const auto& word = take().text;
    const auto found = deadline_state_from(word);
    if (!found) throw Damaged(std::string("column ") + name + " holds an unknown state: " + word);
    value = *found;
}

void CellReader::state(const char* name, OutboxState& value) {
    const auto& word = take().text;
    const auto found = outbox_state_from(word);
    if (!found) throw Damaged(std::string("column ") + name + " holds an unknown state: " + word);
    value = *found;
}

void CellReader::state(const char* name, CallbackState& value) {
    const auto& word = take().text;
    const auto found = callback_state_from(word);
    if (!found) throw Damaged(std::string("column ") + name + " holds an unknown state: " + word);
    value = *found;
}

void CellReader::state(const char* name, EntryState& value) {
    const auto& word = take().text;
    const auto found = entry_state_from(word);
    if (!found) throw Damaged(std::string("column ") + name + " holds an unknown state: " + word);
    value = *found;
}

void CellReader::state(const char* name, EntryResult& value) {
    const auto& word = take().text;
    const auto found = entry_result_from(word);
    if (!found) throw Damaged(std::string("column ") + name + " holds an unknown result: " + word);
    value = *found;
}

}  // namespace citybridge::store
