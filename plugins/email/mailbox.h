#pragma once
// A mailbox on a server, as POP3S and IMAPS both show it: one session from
// opening to closing. Calls block up to the time-out; every one may end with
// Error codes "email.read_login_refused", "email.read_tls", "email.read_failed",
// after which the session is over.
//
// Threads: one; cut() any.
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/api/result.h"
#include "core/api/time.h"

namespace citybridge::email {

struct MailboxSettings {
    std::string host;
    std::int64_t port = 0;
    std::string ca_file;  // PEM; empty: the system's
    std::string user;
    std::string password;
    std::string folder = "INBOX";  // IMAP
    std::string done_folder;       // IMAP: where mails go that were taken
    Millis timeout{60'000};        // of one call
    std::size_t max_bytes = 0;     // of a mail; what is longer is cut off
};

class Mailbox {
public:
    virtual ~Mailbox() = default;
    // Connects and logs in. The names of at most `most` mails not in `known`, oldest first; a name stays the mail's own
    // in later sessions.
    virtual Result<std::vector<std::string>> open(const std::set<std::string>& known, std::size_t most) = 0;
    virtual Result<std::string> fetch(const std::string& name) = 0;
    // Deleted (POP3, with close()) or moved to the folder of those done (IMAP).
    virtual Result<> remove(const std::string& name) = 0;
    // Ends the session; only then removals are certain.
    virtual Result<> close() = 0;
    // Ends what is under way and everything after it.
    virtual void cut() = 0;
};

std::unique_ptr<Mailbox> make_pop3(const MailboxSettings& settings);
std::unique_ptr<Mailbox> make_imap(const MailboxSettings& settings);

}  // namespace citybridge::email
