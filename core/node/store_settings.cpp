#include "core/node/store_settings.h"

#include <filesystem>

#include "core/api/setting_rows.h"
#include "core/desk/message_rules.h"
#include "core/node/paths.h"

namespace citybridge {
namespace {

namespace fs = std::filesystem;

template <class C>
Setting<C> days(std::string_view name, std::string_view fallback, std::string_view sentence, std::int64_t C::*member) {
    return setting_rows::integer(name, "days", fallback, 1, 36'500, sentence, member);
}

Millis in_days(std::int64_t days) { return std::chrono::days(days); }

}  // namespace

const std::vector<Setting<StoreConfig>>& store_settings_table() {
    using namespace setting_rows;
    using S = StoreConfig;
    static const std::vector<Setting<S>> table{
        choice("database", "sqlite|postgresql", "sqlite",
               "SQLite needs nothing else; PostgreSQL 15 is a server of your own.", &S::database),
        text("path", "", "SQLite's file, made if it is not there; empty: /var/lib/citybridge/ and the city's name.",
             &S::path),
        secret("connection", "PostgreSQL's connection string: host=... dbname=... user=... password=...",
               &S::connection),
        text("backup_dir", "", "Where a copy is kept before an upgrade of the database; empty: beside SQLite's file.",
             &S::backup_dir),
        text("attachments", "",
             "Folder of the files attached to orders; empty: /var/lib/citybridge/<city>.attachments, or beside "
             "SQLite's file.",
             &S::attachments),
        integer("attachment_mib", "MiB", "10", 1, 100, "Largest file that may be attached to an order.",
                &S::attachment_mib),
        integer("busy_timeout_ms", "ms", "10000", 100, 60'000,
                "How long a step waits for the database before its caller is told.", &S::busy_timeout_ms),
        integer("readers", "", "4", 1, 64, "Connections that read beside the one that writes.", &S::readers),
        days<S>("keep_delivered_days", "30", "How long delivered messages are kept.", &S::keep_delivered_days),
        days<S>("keep_inbox_days", "400", "How long a repeated inbound message is known as such.", &S::keep_inbox_days),
        days<S>("keep_idempotency_days", "400", "How long a repeated request gets its first answer.",
                &S::keep_idempotency_days),
        days<S>("keep_commands_days", "90", "How long results of commands are kept.", &S::keep_commands_days),
        days<S>("keep_contacts_days", "400", "How long ended contacts are kept.", &S::keep_contacts_days),
        days<S>("keep_facts_days", "1100", "How long the facts of reports are kept; they name no customer.",
                &S::keep_facts_days),
    };
    return table;
}

const std::vector<Setting<DeskConfig>>& desk_settings_table() {
    using namespace setting_rows;
    using S = DeskConfig;
    static const std::vector<Setting<S>> table{
        text("flows", "", "Folder of the flows; empty: those shipped with the node.", &S::flows),
        text("calendar", "", "The city's calendar of business time; empty: the standard one, 8:00 to 20:00 daily.",
             &S::calendar),
        text("directory", "",
             "Folder of the directory, who answers for what; empty: the example shipped with the node.", &S::directory),
        text("email", "",
             "Plugin instance that carries what flows tell by e-mail; empty: there is none, and they try "
             "their next channel.",
             &S::email),
        text("sms", "", "Plugin instance that carries what flows tell by SMS; empty: there is none.", &S::sms),
        text("sms_signature", "",
             "What every SMS begins with, in brackets 【】, as gateways in China ask for; written without them; "
             "empty: none.",
             &S::sms_signature),
        text("quiet_hours", "",
             "When messages to customers wait, by the city's clock: 21:00-08:00; empty: never. Codes that a "
             "caller asked for and what people of the house are told go at once.",
             &S::quiet_hours),
        text("verification_text", desk::kCodeText,
             "What the SMS with a code says; {code} and {minutes} are filled in when it is sent.",
             &S::verification_text),
        list("sms_free_text_roles", "supervisor",
             "Who may write an SMS in words of his own: roles; the others take the flows' templates. Empty: nobody.",
             &S::sms_free_text_roles),
        integer("sms_max_parts", "", "5", 1, 255, "Parts that an SMS of a person has at most.", &S::sms_max_parts),
        integer("sms_per_user_day", "", "100", 0, 100'000, "Messages that one person may write to customers in a day.",
                &S::sms_per_user_day),
        integer("sms_per_customer_day", "", "5", 0, 1'000,
                "Messages that people may write to one customer in a day; what flows tell him is not counted.",
                &S::sms_per_customer_day),
        text("idle_after", "2d",
             "Business time after which the owner of an open order that nothing is due of is reminded of it, "
             "if its flow says nothing else: a number with min, h or d (working days).",
             &S::idle_after),
    };
    return table;
}

const std::vector<Setting<OutgoingConfig>>& outgoing_settings_table() {
    using namespace setting_rows;
    using S = OutgoingConfig;
    static const std::vector<Setting<S>> table{
        list("allow", "", "Hosts (or host:port) plugins may send requests to; empty: those their settings name.",
             &S::allow),
    };
    return table;
}

StoreConfig read_store(const NodeConfig& config, Problems& problems) {
    const RawSettings raw = section_of(config, "store");
    StoreConfig out = parse_settings(store_settings_table(), raw, problems);
    if (out.database == "postgresql" && out.connection.empty())
        problems.push_back(
            {raw.where, "<store> with database \"postgresql\" needs connection=\"host=... dbname=...\""});
    if (out.database == "sqlite" && !out.connection.empty())
        problems.push_back({raw.where, "<store> with database \"sqlite\" takes no connection; it needs a path"});
    out.path = out.path.empty() ? "/var/lib/citybridge/" + config.city + ".db" : beside_config(config, out.path);
    out.backup_dir = beside_config(config, out.backup_dir);
    out.attachments = out.attachments.empty() ? fs::path(out.path).replace_extension(".attachments").string()
                                              : beside_config(config, out.attachments);
    return out;
}

DeskConfig read_desk(const NodeConfig& config, Problems& problems) {
    DeskConfig out = parse_settings(desk_settings_table(), section_of(config, "desk"), problems);
    out.flows = out.flows.empty() ? default_config_dir() + "/flows" : beside_config(config, out.flows);
    out.calendar =
        out.calendar.empty() ? default_config_dir() + "/calendars/standard.xml" : beside_config(config, out.calendar);
    out.directory = out.directory.empty() ? default_config_dir() + "/directory" : beside_config(config, out.directory);
    return out;
}

OutgoingConfig read_outgoing(const NodeConfig& config, Problems& problems) {
    return parse_settings(outgoing_settings_table(), section_of(config, "outgoing"), problems);
}

store::StoreSettings store_settings(const StoreConfig& config) {
    store::StoreSettings out;
    out.database = config.database == "postgresql" ? store::Database::postgresql : store::Database::sqlite;
    out.path = config.path;
    out.connection = config.connection;
    out.backup_dir = config.backup_dir;
    out.busy_timeout = Millis(config.busy_timeout_ms);
    return out;
}

store::Store::Retention retention(const StoreConfig& config) {
    store::Store::Retention out;
    out.delivered = in_days(config.keep_delivered_days);
    out.inbox = in_days(config.keep_inbox_days);
    out.idempotency = in_days(config.keep_idempotency_days);
    out.commands = in_days(config.keep_commands_days);
    out.journal = in_days(config.keep_contacts_days);
    out.facts = in_days(config.keep_facts_days);
    return out;
}

}  // namespace citybridge
