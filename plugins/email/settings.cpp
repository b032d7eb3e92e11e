#include "plugins/email/settings.h"

#include <algorithm>
#include <utility>

#include "core/api/host_words.h"
#include "core/api/setting_rows.h"
#include "core/api/text.h"
#include "plugins/email/header_writer.h"
#include "plugins/email/settings_table.h"
#include "plugins/email/token.h"

namespace citybridge::email {
namespace {

// "+" and a token of the usual length: what is left of RFC 5321's 64 characters for the mailbox's own name.
constexpr std::size_t kMaxLocalWithSub = 11;
constexpr std::size_t kWaitingEach = 8;  // mails in the queue for each session

bool is_loopback(std::string_view host) { return host == "localhost" || host == "::1" || host == "127.0.0.1"; }

// Collects problems at the place of the setting each is about.
class Judge : public SettingsJudge {
public:
    using SettingsJudge::SettingsJudge;

    Address address(std::string_view name, const std::string& text) {
        auto address = parse_address(text);
        if (address) return *address;
        wrong(name, "is no address: " + address.error().detail);
        return {};
    }

    void host(std::string_view name, const std::string& text) {
        if (!is_host(text)) wrong(name, "is no host: write a name such as smtp.example.com, or an address");
    }

    void one_line_of(std::string_view name, const std::string& text) {
        if (!is_utf8(text) || one_line(text) != text)
            wrong(name, "must be one line of UTF-8 without control characters");
    }
};

SmtpPool::Settings pool_of(const GivenSettings& given, Judge& judge) {
    SmtpPool::Settings out;
    SmtpServer& server = out.server;
    server.host = given.host;
    server.port = given.port;
    server.tls = given.tls == "implicit" ? Tls::implicit : given.tls == "none" ? Tls::none : Tls::starttls;
    server.ca_file = given.ca_file;
    server.user = given.user;
    server.password = given.password;
    server.hello = given.hello_name;
    server.connect_timeout = Millis(given.connect_timeout_ms);
    server.timeout = Millis(given.timeout_ms);
    server.idle = Millis(given.idle_s * 1'000);
    out.sessions = static_cast<std::size_t>(given.sessions);
    out.queue = out.sessions * kWaitingEach;
    out.login_wait = Millis(given.login_wait_s * 1'000);
    judge.host("host", given.host);
    if (!given.hello_name.empty()) judge.host("hello_name", given.hello_name);
    if (server.tls == Tls::none && !is_loopback(given.host))
        judge.wrong("tls", "may be none only for a host that is this machine: localhost, 127.0.0.1 or ::1");
    if (given.user.empty() != given.password.empty())
        judge.wrong(given.user.empty() ? "user" : "password", "is missing: user and password are given together");
    judge.one_line_of("user", given.user);
    judge.one_line_of("password", given.password);
    return out;
}

Writer writer_of(const GivenSettings& given, Judge& judge) {
    Writer out;
    out.from = judge.address("from", given.from);
    out.from_name = given.from_name;
    out.reply_to = given.reply_to.empty() ? out.from : judge.address("reply_to", given.reply_to);
    out.delimiter = given.sub_addresses == "off" ? '\0' : given.sub_addresses.front();
    out.id_domain = out.from.domain;
    out.max_bytes = static_cast<std::size_t>(given.max_mail_bytes);
    judge.one_line_of("from_name", given.from_name);
    if (!given.confirm_key.empty() && out.delimiter != '\0' && out.reply_to.local.size() > kMaxLocalWithSub)
        judge.wrong(given.reply_to.empty() ? "from" : "reply_to",
                    "is too long before the @: a token must fit behind it; use at most 11 characters, or set "
                    "sub_addresses to off");
    return out;
}

DeliveryTraits traits_of(const GivenSettings& given, Judge& judge) {
    DeliveryTraits out;
    // No mail server drops a mail it has seen. What repeats has the same Message-ID, by which a receiver's may.
    out.repeats = given.repeats == "neither" ? Repeats::neither : Repeats::dedupes;
    out.far_timeout = Millis(given.far_timeout_ms);
    out.connections = static_cast<std::size_t>(given.sessions);
    out.jitter = static_cast<double>(given.jitter_percent) / 100.0;
    out.schedule = judge.schedule("retry_schedule", given.retry_schedule);
    return out;
}

std::vector<std::string> keys_of(const GivenSettings& given, Judge& judge) {
    std::vector<std::string> out;
    for (const auto& [name, key] :
         {std::pair{"confirm_key", &given.confirm_key}, std::pair{"confirm_old_key", &given.confirm_old_key}}) {
        if (key->empty()) continue;
        if (key->size() < TokenKeys::kMinKey) judge.wrong(name, "is too short: at least 32 characters");
        out.push_back(*key);
    }
    if (given.confirm_key.empty() && !given.confirm_old_key.empty())
        judge.wrong("confirm_key", "is missing: confirm_old_key is only for the time of a change");
    return out;
}

std::optional<ReaderSettings> reader_of(const GivenSettings& given, Judge& judge) {
    if (given.read == "off") return std::nullopt;
    const auto or_else = [](const std::string& own, const std::string& other) { return own.empty() ? other : own; };
    ReaderSettings out;
    out.imap = given.read == "imap";
    out.box.host = or_else(given.read_host, given.host);
    out.box.port = given.read_port != 0 ? given.read_port : out.imap ? 993 : 995;
    out.box.ca_file = or_else(given.read_ca_file, given.ca_file);
    out.box.user = or_else(given.read_user, given.user);
    out.box.password = or_else(given.read_password, given.password);
    out.box.folder = given.folder;
    out.box.done_folder = given.done_folder;
    out.box.timeout = Millis(given.read_timeout_ms);
    out.box.max_bytes = static_cast<std::size_t>(given.read_max_bytes);
    out.every = Millis(given.read_every_s * 1'000);
    out.login_wait = Millis(given.login_wait_s * 1'000);
    out.remove_unrelated = given.unrelated == "remove";
    out.charset = given.charset;
    judge.host(given.read_host.empty() ? "host" : "read_host", out.box.host);
    if (out.box.user.empty() || out.box.password.empty())
        judge.wrong("read_user", "and read_password are needed to read a mailbox, where user and password are not its");
    if (given.confirm_key.empty()) judge.wrong("confirm_key", "is needed to know replies by: read is not off");
    for (const auto& [name, text] : {std::pair{"folder", &given.folder}, std::pair{"done_folder", &given.done_folder},
                                     std::pair{"read_user", &std::as_const(out.box.user)},
                                     std::pair{"read_password", &std::as_const(out.box.password)}})
        judge.one_line_of(name, *text);
    if (given.folder.empty()) judge.wrong("folder", "is empty; write INBOX");
    if (given.done_folder.empty() || given.done_folder == given.folder)
        judge.wrong("done_folder", "must be another folder than the one that is read");
    return out;
}

}  // namespace

SettingsDoc settings_doc() {
    return describe(
        "Mails by SMTP submission, and what comes back: confirmations, automatic answers and bounces, read by POP3S or "
        "IMAPS.",
        settings_table());
}

Config read_config(const RawSettings& raw, Problems& problems) {
    const std::size_t before = problems.size();
    const GivenSettings given = parse_settings(settings_table(), raw, problems);
    if (problems.size() != before) return {};
    Judge judge(raw, problems);
    Config config;
    config.pool = pool_of(given, judge);
    config.writer = writer_of(given, judge);
    config.traits = traits_of(given, judge);
    config.confirm_keys = keys_of(given, judge);
    config.reader = reader_of(given, judge);
    return config;
}

}  // namespace citybridge::email
