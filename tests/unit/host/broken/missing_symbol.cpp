// Calls what nobody provides: the loader must find out, not the first call.
#include <stdexcept>

#include "core/api/plugin.h"

void nobody_defines_this();

namespace {
class MissingSymbol final : public citybridge::Plugin {
public:
    explicit MissingSymbol(citybridge::Host&) {}
    static citybridge::SettingsDoc settings() { return {}; }
    void configure(const citybridge::RawSettings&, citybridge::Problems&) override {}
    citybridge::Result<> start() override {
        nobody_defines_this();
        return citybridge::ok();
    }
    void stop(citybridge::Millis) override {}
};
}  // namespace

CITYBRIDGE_PLUGIN(MissingSymbol, "missing_symbol", "1");
