#pragma once
// The index of papers by their words: SQLite's FTS5, PostgreSQL's tsvector with
// GIN. The words come ready made (core/desk/search_words.h), and what is found
// is put in order here, so that both databases give the same answer.
#include "core/store/connection.h"
#include "core/store/paper_reader.h"

namespace citybridge::store {

// Replaces what the index has of this paper.
void write_words(Connection& connection, const PaperWords& words);
// Ids, the best first.
std::vector<std::string> find_papers(Connection& connection, const PaperSearch& asked);

}  // namespace citybridge::store
