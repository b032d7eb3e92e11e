#include "plugins/email/settings_table.h"

#include "core/api/setting_rows.h"

namespace citybridge::email {
namespace {

using setting_rows::choice;
using setting_rows::integer;
using setting_rows::required;
using setting_rows::secret;
using setting_rows::text;

using S = GivenSettings;
using Row = Setting<S>;

std::vector<Row> server_rows() {
    return {
        required(text("host", "", "The submission server: its name as its certificate has it.", &S::host)),
        integer("port", "", "587", 1, 65'535, "The server's port: 587 for starttls, 465 for implicit.", &S::port),
        choice("tls", "starttls|implicit|none", "starttls",
               "How the session is encrypted; a server that does not offer STARTTLS gets no mail. none: in clear, only "
               "to this machine itself.",
               &S::tls),
        text("ca_file", "", "Certificates that the server's is checked against, PEM; empty: the system's.",
             &S::ca_file),
        text("user", "", "Name for AUTH; empty: without.", &S::user),
        secret("password", "Password for AUTH.", &S::password),
        text("hello_name", "", "Name given with EHLO; empty: this machine's.", &S::hello_name),
    };
}

std::vector<Row> writing_rows() {
    return {
        required(text("from", "", "Address that mails come from.", &S::from)),
        text("from_name", "", "Name shown with it; any language.", &S::from_name),
        text("reply_to", "",
             "Address that replies and bounces go to: the mailbox that is read. Empty: the same as from.",
             &S::reply_to),
        choice("sub_addresses", "+|-|off", "+",
               "The mailbox takes mails to name+anything: replies and bounces are known by it. off: by the subject and "
               "the headers of the reply.",
               &S::sub_addresses),
        secret("confirm_key",
               "Signs the tokens by which replies are known; at least 32 characters, the same on every start.",
               &S::confirm_key),
        secret("confirm_old_key", "Verifies too while replies to mails with the old key still come.",
               &S::confirm_old_key),
        integer("max_mail_bytes", "bytes", "20000000", 10'000, 100'000'000,
                "A mail that is longer, attachments included, is refused.", &S::max_mail_bytes),
    };
}

std::vector<Row> delivery_rows() {
    return {
        integer("sessions", "", "2", 1, 64, "Mails on their way at once, each in a session that is kept open.",
                &S::sessions),
        integer("connect_timeout_ms", "ms", "10000", 100, 600'000, "Time to connect.", &S::connect_timeout_ms),
        integer("timeout_ms", "ms", "120000", 100, 3'600'000,
                "Time for one mail, from connecting to the server's last answer, however slow it is.", &S::timeout_ms),
        integer("idle_s", "s", "60", 1, 3'600, "A session that was not used for so long is opened anew.", &S::idle_s),
        integer("login_wait_s", "s", "900", 1, 86'400,
                "After a refused login, sending or reading: how long nothing is tried. Mails wait.", &S::login_wait_s),
        text("retry_schedule", "1m, 5m, 15m, 30m, 1h, 2h, 4h, 8h, 12h, 24h, 24h, 24h",
             "Waits between attempts; after the last one the mail waits for a person.", &S::retry_schedule),
        integer("jitter_percent", "percent", "20", 0, 100, "Each wait is lengthened by up to this share, at random.",
                &S::jitter_percent),
        choice(
            "repeats", "dedupes|neither", "dedupes",
            "After an answer that got lost: dedupes sends the mail again with the same Message-ID, so that at worst it "
            "comes twice; neither leaves it to a person.",
            &S::repeats),
        integer("far_timeout_ms", "ms", "60000", 0, 3'600'000,
                "After an unclear answer: how long the server may still be working on the mail.", &S::far_timeout_ms),
    };
}

std::vector<Row> reading_rows() {
    return {
        choice("read", "off|pop3|imap", "off",
               "How the mailbox of reply_to is read; always by TLS from the first byte.", &S::read),
        text("read_host", "", "Its server; empty: host.", &S::read_host),
        integer("read_port", "", "0", 0, 65'535, "Its port; 0: 995 for pop3, 993 for imap.", &S::read_port),
        text("read_ca_file", "", "Certificates that its is checked against, PEM; empty: ca_file.", &S::read_ca_file),
        text("read_user", "", "Name to log in; empty: user.", &S::read_user),
        secret("read_password", "Password to log in; empty: password.", &S::read_password),
        integer("read_every_s", "s", "60", 1, 86'400, "Time between two looks into the mailbox.", &S::read_every_s),
        integer("read_timeout_ms", "ms", "60000", 100, 3'600'000, "Time for each step of a look.", &S::read_timeout_ms),
        integer("read_max_bytes", "bytes", "10000000", 10'000, 100'000'000,
                "What a mail has beyond this is not looked at.", &S::read_max_bytes),
        text("folder", "INBOX", "imap: the folder that is read.", &S::folder),
        text("done_folder", "CityBridge", "imap: the folder that mails are moved to when the node has them.",
             &S::done_folder),
        choice("unrelated", "keep|remove", "keep",
               "What becomes of mails that belong to none of ours: keep leaves them in the mailbox.", &S::unrelated),
        text("charset", "GB18030", "Charset of mails that do not name theirs and are not UTF-8.", &S::charset),
    };
}

}  // namespace

const std::vector<Row>& settings_table() {
    static const std::vector<Row> rows = [] {
        std::vector<Row> all = server_rows();
        for (const auto& more : {writing_rows(), delivery_rows(), reading_rows()})
            all.insert(all.end(), more.begin(), more.end());
        return all;
    }();
    return rows;
}

}  // namespace citybridge::email
