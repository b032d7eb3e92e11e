// backup, restore, doctor: on the node's own machine, by its configuration.
#include <cstdio>
#include <filesystem>

#include "core/node/attachment_files.h"
#include "core/node/cli/commands.h"
#include "core/node/doctor.h"
#include "core/node/paths.h"
#include "core/node/store_settings.h"
#include "core/store/backup.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;
using Weight = store::Finding::Weight;

Result<StoreConfig> section_of_store(const Cli& cli) {
    Problems problems;
    const NodeConfig config = load_config(cli.config_or_default(), problems);
    if (!problems.empty()) return Error{"config.invalid", to_string(problems.front())};
    const StoreConfig section = read_store(config, problems);
    if (!problems.empty()) return Error{"config.invalid", to_string(problems.front())};
    return section;
}

int report(const Result<>& result, const Cli& cli, const std::string& line) {
    return done(result ? Result<Json>(Json(nullptr)) : Result<Json>(result.error()), cli.json, line);
}

std::string attachments_of(const std::string& backup) { return backup + ".attachments"; }

// The files first, so that none is swept meanwhile that the copied rows name; then those that came with the last rows.
Result<> backup_all(const StoreConfig& section, const std::string& target) {
    if (auto files = copy_attachments(section.attachments, attachments_of(target)); !files) return files.error();
    if (auto copied = store::backup_store(store_settings(section), target); !copied) return copied;
    if (auto files = copy_attachments(section.attachments, attachments_of(target)); !files) return files.error();
    return ok();
}

int backup(const Cli& cli, const std::string& target) {
    const auto section = section_of_store(cli);
    if (!section) return fail(section.error());
    return report(backup_all(*section, target), cli, "copied to " + target);
}

// What the rows name is there before the rows are.
Result<> restore_all(const StoreConfig& section, const std::string& source) {
    if (auto files = copy_attachments(attachments_of(source), section.attachments); !files) return files.error();
    return store::restore_store(store_settings(section), source);
}

// Also a damaged file is somebody's data.
bool occupied(const store::StoreSettings& settings) {
    if (settings.database == store::Database::sqlite) return std::filesystem::exists(settings.path);
    return static_cast<bool>(store::check_store(settings));
}

// What is in the store now is replaced: that must be meant.
int restore(const Cli& cli, const std::string& source, bool force) {
    const auto section = section_of_store(cli);
    if (!section) return fail(section.error());
    if (!force && occupied(store_settings(*section)))
        return fail({"cli.needs_force",
                     "there is a store already; --force puts the backup in its place (a SQLite file is kept beside "
                     "it, a PostgreSQL database is overwritten)"});
    return report(restore_all(*section, source), cli,
                  "restored from " + source + "; start the node, then run citybridge doctor");
}

std::string_view word(Weight weight) {
    switch (weight) {
        case Weight::note: return "note";
        case Weight::warning: return "warning";
        case Weight::error: return "error";
    }
    return "note";
}

int doctor(const Cli& cli, const std::string& plugin_dir) {
    const auto found = examine(cli.config_or_default(), plugin_dir, system_now().wall);
    Json list = Json::array();
    bool broken = false, warned = false;
    for (const Ailment& each : found) {
        broken = broken || each.weight == Weight::error;
        warned = warned || each.weight == Weight::warning;
        list.push_back(
            {{"weight", word(each.weight)}, {"code", each.code}, {"detail", each.detail}, {"advice", each.advice}});
        if (!cli.json)
            std::printf("%-7s  %s: %s. Do: %s.\n", std::string(word(each.weight)).c_str(), each.code.c_str(),
                        each.detail.c_str(), each.advice.c_str());
    }
    if (cli.json) std::printf("%s\n", dump(list, 2).c_str());
    if (!cli.json && !broken && !warned) std::printf("all is well\n");
    return broken ? 1 : 0;
}

}  // namespace

void add_machine_commands(CLI::App& app, Cli& cli) {
    const auto file = std::make_shared<std::string>();
    auto* copy = app.add_subcommand("backup", "Copy the store to a new file, also while the node runs");
    copy->add_option("target", *file, "The new file")->required();
    copy->callback([&cli, file] { cli.run = [&cli, file] { return backup(cli, *file); }; });

    auto* back = app.add_subcommand("restore", "Put a backup in the store's place; stop the node first");
    const auto force = std::make_shared<bool>(false);
    back->add_option("source", *file, "The backup")->required();
    back->add_flag("--force", *force, "Replace the store that is there");
    back->callback([&cli, file, force] { cli.run = [&cli, file, force] { return restore(cli, *file, *force); }; });

    auto* look = app.add_subcommand("doctor", "What is wrong or soon will be; exit 1 if anything is broken");
    const auto plugins = std::make_shared<std::string>(default_plugin_dir());
    look->add_option("--plugins", *plugins, "Folder of the plugin libraries")->capture_default_str();
    look->callback([&cli, plugins] { cli.run = [&cli, plugins] { return doctor(cli, *plugins); }; });
}

}  // namespace citybridge
