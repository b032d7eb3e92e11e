// The library's manifest.
#include "plugins/sms_verification/sms_verification.h"

using citybridge::sms_verification::SmsVerificationPlugin;

CITYBRIDGE_PLUGIN(SmsVerificationPlugin, "sms_verification", "0.1.0");
