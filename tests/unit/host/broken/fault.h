#pragma once
// What a library of a misbehaving plugin is made of. Light on purpose: fourteen of them are compiled.
#include <string_view>

#include "core/api/manifest.h"

namespace citybridge::test {

// Each library defines it: what its plugin does wrong, and where.
extern const std::string_view kFault;

SettingsDoc misbehaving_settings();
Plugin* make_misbehaving(Host& host);
void drop_misbehaving(Plugin* plugin);

}  // namespace citybridge::test
