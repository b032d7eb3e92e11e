// flows: check, test and show definitions, on any machine; no node is asked.
#include <cstdio>
#include <filesystem>

#include "core/desk/flow_file.h"
#include "core/desk/flow_json.h"
#include "core/desk/flow_page.h"
#include "core/desk/scripts.h"
#include "core/desk/story.h"
#include "core/node/cli/commands.h"
#include "core/node/paths.h"

namespace citybridge {
namespace {

namespace fs = std::filesystem;

struct FlowOptions {
    std::string dir, kind, stories, calendars, directory;
    bool quiet = false, xml = false;
};

int print(const Problems& problems) {
    for (const Problem& problem : problems) std::printf("%s\n", to_string(problem).c_str());
    return problems.empty() ? 0 : 1;
}

// Beside the flows, as they are shipped.
std::string beside(const FlowOptions& o, const std::string& given, const char* name) {
    return given.empty() ? (fs::path(o.dir) / ".." / name).lexically_normal().string() : given;
}

int check(const FlowOptions& o) {
    Problems problems;
    const desk::FlowSet flows = desk::load_flows(o.dir, problems);
    if (!problems.empty()) return print(problems);
    std::size_t silent = 0;
    for (const desk::Flow* flow : flows.all())
        for (const desk::ScriptDef& script : flow->scripts) {
            if (script.approved) continue;
            ++silent;
            std::printf("%s\n", to_string({script.at.element,
                                           "warning: the file does not call these words approved; a node shows them "
                                           "when those in script_approvals have approved them (citybridge script)"})
                                    .c_str());
        }
    std::printf("%zu flows are right%s\n", flows.all().size(),
                silent == 0 ? "" : (", " + std::to_string(silent) + " scripts are not approved in their file").c_str());
    return 0;
}

int test(const FlowOptions& o) {
    Problems problems;
    const std::string dir = o.stories.empty() ? (fs::path(o.dir) / "stories").string() : o.stories;
    const auto files = desk::load_stories(dir, problems);
    if (!problems.empty()) return print(problems);
    const desk::StoryStage stage = desk::load_stage(o.dir, beside(o, o.calendars, "calendars"),
                                                    beside(o, o.directory, "directory"), files, problems);
    if (!problems.empty()) return print(problems);
    std::size_t told = 0, failed = 0;
    for (const desk::StoryFile& file : files)
        for (const desk::Story& story : file.stories) {
            if (!o.kind.empty() && file.kind != o.kind) continue;
            const Problems wrong = desk::play(stage, file, story);
            ++told;
            if (!wrong.empty()) ++failed;
            if (!o.quiet || !wrong.empty())
                std::printf("%s  %s [%s] %s\n", wrong.empty() ? "ok  " : "FAIL", file.kind.c_str(), story.rule.c_str(),
                            story.title.c_str());
            print(wrong);
        }
    std::printf("%zu stories of %zu flows, %zu failed\n", told, stage.flows.all().size(), failed);
    if (told == 0) std::printf("there is no story here; put *.xml into %s\n", dir.c_str());
    return failed == 0 && told != 0 ? 0 : 1;
}

int show(const Cli& cli, const FlowOptions& o) {
    Problems problems;
    const desk::FlowSet flows = desk::load_flows(o.dir, problems);
    if (!problems.empty()) return print(problems);
    if (o.kind.empty()) {
        for (const desk::Flow* flow : flows.all())
            std::printf("%-20s %3lld  %s\n", flow->kind.c_str(), static_cast<long long>(flow->version),
                        flow->title.c_str());
        return 0;
    }
    const desk::Flow* flow = flows.find(o.kind);
    if (flow == nullptr)
        return fail({"flow.unknown", "there is no kind " + o.kind + " in " + o.dir + "; use one of: " + flows.kinds()});
    const std::string text = o.xml      ? flow->source
                             : cli.json ? dump(desk::flow_definition(*flow, desk::approved_in_files(flows)), 2)
                                        : desk::flow_page(*flow);
    std::printf("%s\n", text.c_str());
    return 0;
}

}  // namespace

void add_flow_commands(CLI::App& app, Cli& cli) {
    auto* flows = app.add_subcommand("flows", "Definitions of work orders: check, test, show");
    flows->require_subcommand(1);
    const auto o = std::make_shared<FlowOptions>();
    o->dir = default_config_dir() + "/flows";
    auto* checking = flows->add_subcommand("check", "Every mistake with its place; exit 1 if there is one");
    checking->add_option("dir", o->dir, "Folder of the flows")->capture_default_str();
    checking->callback([&cli, o] { cli.run = [o] { return check(*o); }; });

    auto* testing =
        flows->add_subcommand("test", "Plays the stories that come with the flows; exit 1 if one is not true");
    testing->add_option("dir", o->dir, "Folder of the flows")->capture_default_str();
    testing->add_option("--stories", o->stories, "Folder of the stories; default: stories in that of the flows");
    testing->add_option("--calendars", o->calendars, "Folder of the calendars; default: beside that of the flows");
    testing->add_option("--directory", o->directory, "Folder of the directory; default: beside that of the flows");
    testing->add_option("--kind", o->kind, "Only stories of this kind of order");
    testing->add_flag("--quiet", o->quiet, "Only what failed");
    testing->callback([&cli, o] { cli.run = [o] { return test(*o); }; });

    auto* showing = flows->add_subcommand("show", "The kinds, or one of them as a page; --json, --xml");
    showing->add_option("kind", o->kind, "The kind");
    showing->add_option("--dir", o->dir, "Folder of the flows")->capture_default_str();
    showing->add_flag("--xml", o->xml, "The file as it is");
    showing->callback([&cli, o] { cli.run = [&cli, o] { return show(cli, *o); }; });
    add_migration_commands(*flows, cli);
}

}  // namespace citybridge
