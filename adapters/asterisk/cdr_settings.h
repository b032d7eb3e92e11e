#pragma once
// The settings that name the PBX's own records.
#include "adapters/asterisk/settings.h"
#include "core/api/past_calls.h"

namespace citybridge::asterisk {

// Appends what is wrong with cdr_time_zone.
void check_records(const Config& config, const RawSettings& raw, Problems& problems);
// Precondition: check_records found nothing.
PastCallsSettings past_calls_settings(const Config& config);

}  // namespace citybridge::asterisk
