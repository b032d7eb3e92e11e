#include "core/store/row_arrays.h"

namespace citybridge::store {

namespace {

void append_quoted(std::string& array, const std::string& text) {
    array += '"';
    std::size_t from = 0;
    for (auto at = text.find_first_of("\"\\"); at != std::string::npos; at = text.find_first_of("\"\\", from)) {
        array.append(text, from, at - from);
        array += '\\';
        array += text[at];
        from = at + 1;
    }
    array.append(text, from);
    array += '"';
}

}  // namespace

RowArrays::RowArrays(std::vector<Cell>& arrays, const std::vector<ColumnInfo>& columns)
    : arrays_(arrays), row_(columns.size()) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        row_[i].kind = columns[i].kind;
        arrays_[i].text = '{';
    }
}

void RowArrays::take_row() {
    for (std::size_t i = 0; i < row_.size(); ++i) {
        std::string& array = arrays_[i].text;
        if (array.size() > 1) array += ',';
        if (row_[i].kind == CellKind::text)
            append_quoted(array, row_[i].text);
        else if (row_[i].indicator == soci::i_null)
            array += "null";
        else
            array += std::to_string(row_[i].number);
    }
}

void RowArrays::end() {
    for (Cell& array : arrays_) array.text += '}';
}

}  // namespace citybridge::store
