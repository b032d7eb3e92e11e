#pragma once
// PostgreSQL takes many rows as one array for each column: however many there
// are, the statement is the same, and the server has few values to take apart.
#include <vector>

#include "core/store/cells.h"

namespace citybridge::store {

// Collects rows into `arrays`, one text cell for each column, in the server's own notation (PostgreSQL 15
// documentation, 8.15.2 and 8.15.6: every text in double quotes, with a backslash before a quote and a backslash).
class RowArrays {
public:
    RowArrays(std::vector<Cell>& arrays, const std::vector<ColumnInfo>& columns);

    // Where the next row is written, column by column, before take_row().
    std::vector<Cell>& row() { return row_; }
    void take_row();
    // Afterwards `arrays` can be bound.
    void end();

private:
    std::vector<Cell>& arrays_;
    std::vector<Cell> row_;
};

}  // namespace citybridge::store
