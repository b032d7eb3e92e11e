#pragma once
// What the doctor looks at around work orders: files attached to them, the directory, and who carries messages.
#include "core/desk/cities.h"
#include "core/desk/flow_book.h"
#include "core/node/doctor.h"
#include "core/store/reader.h"

namespace citybridge {

// Words to say that wait for an approval, or were returned.
void check_scripts(store::Readers& readers, std::vector<Ailment>& out);

// Files that rows name and the folder lacks or has in another size, and files that no row names.
void check_attachments(store::Readers& readers, const std::string& folder, std::vector<Ailment>& out);

// Entries that nobody serves, or whose people cannot be reached. `users`: names of everybody who can log in.
void check_directory(const desk::Directory& directory, const std::vector<std::string>& users, desk::LocalDay today,
                     std::vector<Ailment>& out);

// Channels that flows tell by and nobody carries: the next one of the list is tried.
void check_channels(const desk::FlowBook& book, std::vector<Ailment>& out);

// Other cities whose nodes had not answered for a while when this one was last alive.
void check_cities(store::Readers& readers, const desk::CitySet& cities, std::vector<Ailment>& out);

}  // namespace citybridge
