// The library's manifest.
#include "plugins/webhook/webhook.h"

using citybridge::webhook::WebhookPlugin;

CITYBRIDGE_PLUGIN(WebhookPlugin, "webhook", "0.1.0");
