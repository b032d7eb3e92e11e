#pragma once
// Who answers for what (接口人, E1): per product, business or function and city, two
// or three people in order. Read from config/directory/*.xml; plain data.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/desk/calendar.h"

namespace citybridge::desk {

struct Person {
    std::string name;
    std::string office;  // telephone numbers as they are dialled
    std::string mobile;
    std::string email;
    std::string user;              // if he works with this system
    std::optional<LocalDay> from;  // first and last day he answers for this
    std::optional<LocalDay> until;
    Position where;

    bool serves(LocalDay day) const { return (!from || *from <= day) && (!until || day <= *until); }
};

struct DirectoryEntry {
    std::string name;  // "responsible_repair"
    std::string title;
    std::string business;
    std::string product;
    std::string function;
    std::string city;            // empty: every city without an entry of its own
    std::vector<Person> people;  // in order; never empty
    Position where;
};

class Directory {
public:
    Directory() = default;
    // Precondition: no two entries have the same name and city.
    explicit Directory(std::vector<DirectoryEntry> entries);

    // The city's own entry, else the one for all; null: there is none.
    const DirectoryEntry* find(std::string_view name, std::string_view city) const;
    // Mobile, e-mail and so on of a user, from the first entry that names him; null: no entry does.
    const Person* of_user(std::string_view user) const;
    const std::vector<DirectoryEntry>& all() const { return entries_; }

private:
    std::vector<DirectoryEntry> entries_;
    std::map<std::pair<std::string, std::string>, std::size_t, std::less<>> by_name_;  // name and city
    std::map<std::string, std::pair<std::size_t, std::size_t>, std::less<>> by_user_;
};

// All *.xml of a folder; one that is not there is an empty directory. On any problem the result is not to be used.
Directory load_directory(const std::string& dir, Problems& problems);
// One file's text; `shown` is the name for people.
Directory parse_directory(const std::string& shown, std::string text, Problems& problems);

}  // namespace citybridge::desk
