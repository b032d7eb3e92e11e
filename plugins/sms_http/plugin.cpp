// The library's manifest.
#include "plugins/sms_http/sms_http.h"

using citybridge::sms_http::SmsHttpPlugin;

CITYBRIDGE_PLUGIN(SmsHttpPlugin, "sms_http", "0.1.0");
