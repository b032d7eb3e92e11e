// The library's manifest.
#include "plugins/sms_smpp/smpp.h"

using citybridge::sms_smpp::SmppPlugin;

CITYBRIDGE_PLUGIN(SmppPlugin, "sms_smpp", "0.1.0");
