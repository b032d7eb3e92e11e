#pragma once
// What the settings tables say, for people: `citybridged --describe` and the
// tables in the READMEs. Only descriptions: no value from any configuration.
#include <span>
#include <string>
#include <string_view>

#include "core/api/result.h"
#include "core/api/settings.h"

namespace citybridge {

// "| setting | type | default | meaning |" and one row per setting, in the table's order.
std::string settings_table_markdown(const SettingsDoc& doc);

// Puts `table` between the lines <!-- settings:begin --> and <!-- settings:end -->.
// Error "readme.markers": one of them is missing, or they are the wrong way round.
Result<std::string> replace_between_markers(std::string_view readme, std::string_view table);

// One section of the node's own settings.
struct SectionDoc {
    std::string_view element;
    SettingsDoc doc;
};

// Every setting of the sections and of every plugin library in `plugin_dir`, as
// plain text. A library that cannot be used is listed with the reason.
std::string describe_all(std::span<const SectionDoc> sections, const std::string& plugin_dir);

}  // namespace citybridge
