#pragma once
// The settings table, and what it means.
#include <string>

#include "core/api/capabilities.h"
#include "core/api/link.h"
#include "core/api/settings.h"
#include "plugins/sms_smpp/message.h"
#include "plugins/sms_smpp/session.h"

namespace citybridge::sms_smpp {

struct Config {
    LinkOptions link;
    SessionSettings session;  // but for `instance`
    MessageSettings message;
    DeliveryTraits traits;
};

SettingsDoc settings_doc();

// Problems are appended with their places; on any, the result is not to be used.
Config read_config(const RawSettings& raw, Problems& problems);

}  // namespace citybridge::sms_smpp
