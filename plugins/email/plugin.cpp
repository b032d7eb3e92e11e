// The library's manifest.
#include "plugins/email/email.h"

using citybridge::email::EmailPlugin;

CITYBRIDGE_PLUGIN(EmailPlugin, "email", "0.1.0");
