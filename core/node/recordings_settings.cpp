#include "core/node/recordings_settings.h"

#include "core/api/setting_rows.h"
#include "core/host/http_origin.h"
#include "core/node/paths.h"

namespace citybridge {
namespace {

void check_url(const RecordingsConfig& read, const OutgoingConfig& outgoing, const Position& where,
               Problems& problems) {
    const auto origin = origin_of(read.url);
    if (!origin)
        problems.push_back(
            {where, "<recordings> url must be http://... or https://... without user and password in it"});
    else if (!on_allow_list(*origin, outgoing.allow))
        problems.push_back({where, "<recordings> url leads to " + to_string(*origin) +
                                       ", which <outgoing> does not allow; add its host to allow"});
    else if (read.url.find_first_of("?#") != std::string::npos)
        problems.push_back({where, "<recordings> url must be a folder, without ? and #"});
}

}  // namespace

const std::vector<Setting<RecordingsConfig>>& recordings_settings_table() {
    using namespace setting_rows;
    using S = RecordingsConfig;
    static const std::vector<Setting<S>> table{
        text("mount", "", "Folder on this machine where the PBX's recording folder is mounted, or the folder itself.",
             &S::mount),
        text("pbx_folder", "",
             "The recording folder as the PBX names it, such as /var/spool/asterisk/monitor; it is taken off "
             "the front of a file's name. Empty: the same as mount.",
             &S::pbx_folder),
        text("url", "",
             "Instead of mount: address of the recording folder on an HTTP server, such as "
             "https://pbx.example/recordings/.",
             &S::url),
        text("user", "", "User of the HTTP server, if it asks for one.", &S::user),
        secret("password", "His password.", &S::password),
        text("ca_file", "", "Certificates (PEM) to trust; empty: the system's.", &S::ca_file),
        integer("timeout_ms", "ms", "10000", 100, 120'000, "How long the HTTP server may say nothing.", &S::timeout_ms),
        integer("max_at_once", "", "64", 1, 10'000, "Recordings being sent at once; more are told to come again.",
                &S::max_at_once),
    };
    return table;
}

RecordingsConfig read_recordings(const NodeConfig& config, const OutgoingConfig& outgoing, Problems& problems) {
    const RawSettings raw = section_of(config, "recordings");
    const std::size_t before = problems.size();
    RecordingsConfig out = parse_settings(recordings_settings_table(), raw, problems);
    if (problems.size() != before) return out;
    if (!out.mount.empty() && !out.url.empty())
        problems.push_back({raw.where, "<recordings> takes mount or url, not both"});
    if (!raw.settings.empty() && !out.configured())
        problems.push_back({raw.where, "<recordings> needs a mount or a url"});
    if (!out.url.empty()) check_url(out, outgoing, raw.where, problems);
    if (!out.pbx_folder.empty() && out.pbx_folder.front() != '/')
        problems.push_back({raw.where, "<recordings> pbx_folder must start with /"});
    out.mount = beside_config(config, out.mount);
    out.ca_file = beside_config(config, out.ca_file);
    if (out.pbx_folder.empty()) out.pbx_folder = out.mount;
    return out;
}

}  // namespace citybridge
