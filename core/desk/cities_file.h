#pragma once
// The directory of cities from its file: <cities><city id= name= destination=
// hotline= calendar= deputy= promise_minutes= travels=/></cities>.
#include "core/desk/cities.h"

namespace citybridge::desk {

struct CitiesFile {
    std::map<std::string, City> all;
    std::vector<NamedCalendar> calendars;  // that its cities name
};

// On any problem the result is not to be used.
CitiesFile load_cities(const std::string& path, const std::string& own_city, Problems& problems);

}  // namespace citybridge::desk
