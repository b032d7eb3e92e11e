#pragma once
// One SMTP session to the submission server, kept open between mails (libcurl).
// It knows how far a mail got, so that "certainly not sent" and "may have been
// taken" are never mixed up (DESIGN P2).
//
// Threads: send() on one thread; abort() on any.
#include <curl/curl.h>

#include <atomic>
#include <string>
#include <string_view>

#include "core/api/capabilities.h"
#include "core/api/time.h"
#include "plugins/email/curl_sockets.h"

namespace citybridge::email {

enum class Tls {
    starttls,  // clear text until STARTTLS, which must be offered
    implicit,  // TLS from the first byte
    none,      // clear text; only to this machine itself
};

struct SmtpServer {
    std::string host;
    std::int64_t port = 587;
    Tls tls = Tls::starttls;
    std::string ca_file;  // PEM; empty: the system's
    std::string user;     // empty: without AUTH
    std::string password;
    std::string hello;  // name given with EHLO; empty: this machine's
    Millis connect_timeout{10'000};
    Millis timeout{60'000};  // of one mail, from connecting to the server's last answer
    Millis idle{60'000};     // a session that waited longer is not used again
};

struct Envelope {
    std::string from;  // addresses, without brackets
    std::string to;
};

class SmtpSession {
public:
    explicit SmtpSession(SmtpServer server);  // throws std::bad_alloc
    ~SmtpSession();
    SmtpSession(const SmtpSession&) = delete;
    SmtpSession& operator=(const SmtpSession&) = delete;

    // `bytes`: lines with CR LF. Blocks up to the server's time-outs. A session that the server had ended in the
    // meantime is opened anew once, if the mail certainly was not taken. Codes: see docs/errors.md, "email.".
    DeliveryReply send(const Envelope& envelope, std::string_view bytes);
    // Of the last send(): the server let us begin a mail, so that it knows us.
    bool was_heard() const { return transfer_.begun; }
    // Ends what is under way and everything after it, within milliseconds.
    void abort();

private:
    struct Transfer {
        std::string_view bytes;
        std::size_t sent = 0;
        bool ended = false;      // the mail's end was handed over: from here on the server may have taken it
        std::string last_line;   // the server's latest
        bool begun = false;      // MAIL FROM went out: what is refused from here on is the mail, not us
        bool connected = false;  // a connection was opened for it
    };

    bool set_up();
    CURLcode run(const Envelope& envelope);
    DeliveryReply judge(CURLcode result, long status) const;
    DeliveryReply judge_status(long status) const;
    static std::size_t on_read(char* into, std::size_t size, std::size_t count, void* self);
    static std::size_t on_answer(char* data, std::size_t size, std::size_t count, void* self);
    static int on_command(CURL* easy, curl_infotype what, char* data, std::size_t size, void* self);

    const SmtpServer server_;
    CurlSockets sockets_;
    CURLM* const multi_;
    CURL* const easy_;
    Transfer transfer_;
    bool logged_in_ = false;  // on the connection that is open now
    std::atomic<bool> aborted_{false};
    char error_[CURL_ERROR_SIZE] = {};
};

}  // namespace citybridge::email
