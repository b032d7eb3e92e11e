// The FreeSWITCH adapter as a plugin: its parts, by name.
#include "adapters/freeswitch/cdr_settings.h"
#include "adapters/freeswitch/session.h"
#include "adapters/freeswitch/settings.h"
#include "core/api/pbx_plugin.h"

namespace citybridge::freeswitch {
namespace {

struct Protocol {
    using Session = freeswitch::Session;
    using Config = freeswitch::Config;
    static constexpr std::string_view kStrandFull = freeswitch::kStrandFull;

    static SettingsDoc settings() { return settings_doc(); }
    static Config configure(const RawSettings& raw, Problems& problems) { return parse_config(raw, problems); }
    static SessionSettings session_settings(const Config& config) { return freeswitch::session_settings(config); }
    static PastCallsSettings past_calls(const Config& config) { return past_calls_settings(config); }
    static std::vector<CallAction> call_actions(const Config& config) {
        return CommandWriter(freeswitch::session_settings(config).commands).call_actions();
    }
};

using FreeswitchPlugin = PbxPlugin<Protocol>;

}  // namespace
}  // namespace citybridge::freeswitch

CITYBRIDGE_PLUGIN(citybridge::freeswitch::FreeswitchPlugin, "freeswitch", "0.1.0");
