// The files that stories are played with.
#include <set>

#include "core/desk/flow_check.h"
#include "core/desk/flow_file.h"
#include "core/desk/story.h"

namespace citybridge::desk {

StoryStage load_stage(const std::string& flows, const std::string& calendars, const std::string& directory,
                      const std::vector<StoryFile>& stories, Problems& problems) {
    StoryStage out;
    out.flows = load_flows(flows, problems);
    out.directory = load_directory(directory, problems);
    // Stories expect what a city with every channel does.
    out.channels = {{"email", "mail"}, {"sms", "sms"}};
    std::set<std::string> names;
    for (const StoryFile& file : stories) names.insert(file.calendar);
    for (const Flow* flow : out.flows.all()) {
        names.insert(flow->calendar);
        for (const FollowUpDef& def : flow->follow_ups) names.insert(def.term.calendar);
    }
    names.erase("");
    for (const std::string& name : names)
        out.calendars.emplace(name, load_calendar(calendars + "/" + name + ".xml", problems));
    if (!problems.empty()) return out;
    std::set<std::string> cities;
    for (const StoryFile& file : stories) cities.insert(file.city);
    const FlowBook book{out.flows, out.directory, out.channels};
    for (const std::string& city : cities)
        check_city(
            book, city, [&](const std::string& name) { return out.calendars.contains(name); }, problems);
    return out;
}

}  // namespace citybridge::desk
