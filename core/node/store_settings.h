#pragma once
// The node's sections <store>, <desk> and <outgoing>.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/settings.h"
#include "core/desk/calendar.h"
#include "core/desk/flow.h"
#include "core/host/config_file.h"
#include "core/store/store.h"

namespace citybridge {

// <store>: where what must not be lost is kept, and for how long.
struct StoreConfig {
    std::string database;
    std::string path;
    std::string connection;
    std::string backup_dir;
    std::string attachments;
    std::int64_t attachment_mib = 0;
    std::int64_t busy_timeout_ms = 0;
    std::int64_t readers = 0;
    std::int64_t keep_delivered_days = 0;
    std::int64_t keep_inbox_days = 0;
    std::int64_t keep_idempotency_days = 0;
    std::int64_t keep_commands_days = 0;
    std::int64_t keep_contacts_days = 0;
    std::int64_t keep_facts_days = 0;
};

// <desk>: what work orders are.
struct DeskConfig {
    std::string flows;
    std::string calendar;
    std::string directory;
    std::string email;
    std::string sms;
    std::string sms_signature;
    std::string quiet_hours;
    std::string verification_text;
    std::vector<std::string> sms_free_text_roles;
    std::int64_t sms_max_parts = 0;
    std::int64_t sms_per_user_day = 0;
    std::int64_t sms_per_customer_day = 0;
    std::string idle_after;
};

// <outgoing>: where plugins may send HTTP requests.
struct OutgoingConfig {
    std::vector<std::string> allow;
};

const std::vector<Setting<StoreConfig>>& store_settings_table();
const std::vector<Setting<DeskConfig>>& desk_settings_table();
const std::vector<Setting<OutgoingConfig>>& outgoing_settings_table();

// Append problems; on any, the result is not to be used. Paths are complete: relative ones are meant from the
// configuration's folder.
StoreConfig read_store(const NodeConfig& config, Problems& problems);
DeskConfig read_desk(const NodeConfig& config, Problems& problems);
OutgoingConfig read_outgoing(const NodeConfig& config, Problems& problems);

store::StoreSettings store_settings(const StoreConfig& config);
store::Store::Retention retention(const StoreConfig& config);

}  // namespace citybridge
