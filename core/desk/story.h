#pragma once
// Stories: what a flow does, told step by step on a virtual clock, as data
// beside the flows (config/flows/stories/*.xml; docs/flows/stories.md says what
// a step may be). `citybridge flows test` and a test of the build run them.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/desk/calendars.h"
#include "core/desk/flow_book.h"

namespace citybridge::desk {

// An element of a story: a step, or what one gives or expects.
struct StoryStep {
    std::string what;  // "open", "act", "at", "expect", ...
    std::map<std::string, std::string, std::less<>> words;
    std::string text;
    std::vector<StoryStep> parts;
    Position where;

    // Empty: not given.
    const std::string& operator[](std::string_view name) const;
    bool has(std::string_view name) const { return words.contains(name); }
};

struct Story {
    std::string title;
    std::string rule;                 // of the business rules: "B5"
    std::vector<StoryStep> variants;  // the flow read with another attribute
    std::vector<StoryStep> steps;
    Position where;
};

struct StoryPerson {
    std::string name, role;
    std::vector<std::string> groups;
};

// One file: stories of one kind of order.
struct StoryFile {
    std::string kind;      // of orders
    std::string calendar;  // name in the folder of calendars
    std::string city;
    std::vector<StoryPerson> people;
    std::vector<Story> stories;
    std::string file;
};

// All *.xml of a folder. On any problem the result is not to be used.
std::vector<StoryFile> load_stories(const std::string& dir, Problems& problems);
StoryFile parse_stories(const std::string& shown, std::string text, Problems& problems);

// What the stories are played in: the shipped files, read once.
struct StoryStage {
    FlowSet flows;
    Directory directory;
    std::map<std::string, std::string> channels;
    std::map<std::string, Calendar> calendars;
};
// `calendars`: the folder; those that the stories and flows name are read.
StoryStage load_stage(const std::string& flows, const std::string& calendars, const std::string& directory,
                      const std::vector<StoryFile>& stories, Problems& problems);

// What did not happen as told, each at the step that says so; empty: the story is true.
Problems play(const StoryStage& stage, const StoryFile& file, const Story& story);

}  // namespace citybridge::desk
