#pragma once
// The settings table, and what it means: a server that takes mails, a mailbox whose mails are read, or both.
#include <optional>
#include <string>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/settings.h"
#include "plugins/email/address.h"
#include "plugins/email/mailbox.h"
#include "plugins/email/smtp_pool.h"

namespace citybridge::email {

// How our mails are written.
struct Writer {
    Address from;
    std::string from_name;
    Address reply_to;
    char delimiter = '+';  // of sub-addresses; '\0': the mailbox has none
    std::string id_domain;
    std::size_t max_bytes = 0;
};

struct ReaderSettings {
    bool imap = false;
    MailboxSettings box;
    Millis every{60'000};
    Millis login_wait{900'000};
    bool remove_unrelated = false;
    std::string charset;
};

struct Config {
    SmtpPool::Settings pool;
    DeliveryTraits traits;
    Writer writer;
    std::vector<std::string> confirm_keys;  // the current first
    std::optional<ReaderSettings> reader;
};

SettingsDoc settings_doc();

// Problems are appended with their places; on any, the result is not to be used.
Config read_config(const RawSettings& raw, Problems& problems);

}  // namespace citybridge::email
