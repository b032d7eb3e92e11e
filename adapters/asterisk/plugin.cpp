// The Asterisk adapter as a plugin: its parts, by name.
#include "adapters/asterisk/cdr_settings.h"
#include "adapters/asterisk/session.h"
#include "adapters/asterisk/settings.h"
#include "core/api/pbx_plugin.h"

namespace citybridge::asterisk {
namespace {

struct Protocol {
    using Session = asterisk::Session;
    using Config = asterisk::Config;
    static constexpr std::string_view kStrandFull = "asterisk.strand_full";

    static SettingsDoc settings() { return settings_doc(); }
    static Config configure(const RawSettings& raw, Problems& problems) { return parse_config(raw, problems); }
    static SessionSettings session_settings(const Config& config) { return asterisk::session_settings(config); }
    static PastCallsSettings past_calls(const Config& config) { return past_calls_settings(config); }
    static std::vector<CallAction> call_actions(const Config& config) {
        std::vector<CallAction> actions = offered_actions(config);
        actions.insert(actions.begin(), CallAction::hangup);
        return actions;
    }
};

using AsteriskPlugin = PbxPlugin<Protocol>;

}  // namespace
}  // namespace citybridge::asterisk

CITYBRIDGE_PLUGIN(citybridge::asterisk::AsteriskPlugin, "asterisk", "0.1.0");
