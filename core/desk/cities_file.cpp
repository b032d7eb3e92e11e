#include "core/desk/cities_file.h"

#include <algorithm>

#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

void read_travels(XmlElement& xml, City& city) {
    if (!xml.has("travels")) return;
    city.customer_travels = city.notes_travel = city.recording_travels = false;
    for (const std::string& word : xml.words("travels")) {
        if (word == "customer")
            city.customer_travels = true;
        else if (word == "notes")
            city.notes_travel = true;
        else if (word == "recording")
            city.recording_travels = true;
        else if (word != "nothing")
            xml.problem("travels", "\"" + word + "\" is none of customer, notes, recording, nothing");
    }
}

City read_city(XmlElement& xml, CitiesFile& out) {
    City city;
    city.id = xml.text("id");
    city.name = xml.text("name");
    city.destination = xml.text("destination");
    city.hotline = xml.text("hotline", false);
    city.calendar = xml.text("calendar", false);
    city.deputy = xml.text("deputy", false);
    city.promise = std::chrono::minutes(xml.integer("promise_minutes", 1, 1'440, 15));
    read_travels(xml, city);
    if (!city.hotline.empty() && !is_phone(city.hotline))
        xml.problem("hotline", "a hotline is 3 to 20 digits, as it is dialled from here");
    if (!city.calendar.empty()) out.calendars.push_back({city.calendar, xml.where("calendar")});
    xml.finish();
    return city;
}

}  // namespace

CitiesFile load_cities(const std::string& path, const std::string& own_city, Problems& problems) {
    CitiesFile out;
    const auto file = XmlFile::read(path, std::nullopt, problems);
    if (!file) return out;
    XmlElement root(*file, file->root(), problems);
    if (root.name() != "cities") {
        root.problem("", "a directory of cities holds one <cities>, not <" + std::string(root.name()) + ">");
        return out;
    }
    root.finish();
    std::vector<std::pair<std::string, Position>> deputies;
    for (const auto& node : children(file->root())) {
        XmlElement xml(*file, node, problems);
        if (xml.name() != "city") {
            xml.problem("", "<" + std::string(xml.name()) + "> is unknown here; use city");
            continue;
        }
        const City city = read_city(xml, out);
        if (city.id == own_city) xml.problem("id", "this is the node's own city; list the others");
        if (!city.deputy.empty()) deputies.emplace_back(city.deputy, xml.where("deputy"));
        if (!out.all.emplace(city.id, city).second) xml.problem("id", "city \"" + city.id + "\" is listed twice");
    }
    for (const auto& [deputy, place] : deputies)
        if (!out.all.contains(deputy)) problems.push_back({place, "no city \"" + deputy + "\" is listed here"});
    return out;
}

}  // namespace citybridge::desk
