#pragma once
// Papers of the centre between rows and structs, for the writing session and
// the reading ones. All of it throws.
#include "core/store/connection.h"
#include "core/store/paper_reader.h"

namespace citybridge::store {

void write_papers(Connection& connection, const PaperChanges& changes);
// A report counts a contact by what it was about, whichever of the two was known first.
void join_dispositions(Connection& connection, const Changes& changes);
void load_papers(Connection& connection, const Wanted& wanted, Loaded& loaded);
// What papers, their entries and marks say of these customers' contacts and orders is blanked. While the journal still
// knows their numbers.
void erase_papers(Connection& connection, const std::vector<std::string>& customers);

std::vector<PaperRecord> list_papers(Connection& connection, const PaperQuery& asked);
std::vector<PaperRecord> search_papers(Connection& connection, const PaperSearch& asked);
std::vector<PaperEntry> list_entries(Connection& connection, const std::string& paper);
std::vector<MarkRecord> list_marks(Connection& connection, const MarkQuery& asked);
std::vector<SkillRecord> list_skills(Connection& connection, const std::string& user);
std::vector<DispositionRecord> list_dispositions(Connection& connection, const std::vector<std::string>& contacts);
std::vector<MissingDisposition> list_missing(Connection& connection, const MissingQuery& asked);
std::vector<DispositionCount> count_dispositions(Connection& connection, WallTime from, WallTime to);

}  // namespace citybridge::store
