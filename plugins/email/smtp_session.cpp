#include "plugins/email/smtp_session.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "core/api/delivery_text.h"
#include "plugins/email/smtp_answer.h"

namespace citybridge::email {
namespace {

constexpr int kPollMs = 1'000;
// libcurl says QUIT when it closes, and waits for the answer where nothing can interrupt it.
constexpr long kQuitSeconds = 2;

template <class T>
bool set(CURL* handle, CURLoption option, T value) {
    return curl_easy_setopt(handle, option, value) == CURLE_OK;
}

std::string url_of(const SmtpServer& server) {
    const bool v6 = server.host.find(':') != std::string::npos;
    const std::string host = v6 ? '[' + server.host + ']' : server.host;
    return (server.tls == Tls::implicit ? "smtps://" : "smtp://") + host + ':' + std::to_string(server.port) +
           (server.hello.empty() ? "" : '/' + server.hello);
}

DeliveryReply reply_of(DeliveryOutcome outcome, std::string code, std::string detail) {
    return {outcome, std::move(code), std::move(detail), {}, std::nullopt};
}

}  // namespace

SmtpSession::SmtpSession(SmtpServer server)
    : server_(std::move(server)), multi_(curl_multi_init()), easy_(curl_easy_init()) {
    if (multi_ == nullptr || easy_ == nullptr || !set_up()) {
        curl_easy_cleanup(easy_);
        curl_multi_cleanup(multi_);
        throw std::bad_alloc();
    }
}

SmtpSession::~SmtpSession() {
    sockets_.shut_all();  // no goodbye to a server that may not answer
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
}

bool SmtpSession::set_up() {
    const SmtpServer& server = server_;
    // CURLUSESSL_ALL: no STARTTLS, no mail. Certificates and names are always verified.
    return sockets_.watch(easy_) && set(easy_, CURLOPT_URL, url_of(server).c_str()) &&
           set(easy_, CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
           set(easy_, CURLOPT_USE_SSL, static_cast<long>(server.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL)) &&
           set(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2)) &&
           set(easy_, CURLOPT_SSL_VERIFYPEER, 1L) && set(easy_, CURLOPT_SSL_VERIFYHOST, 2L) &&
           (server.ca_file.empty() || (set(easy_, CURLOPT_CAINFO, server.ca_file.c_str()) &&
                                       set(easy_, CURLOPT_CAPATH, static_cast<char*>(nullptr)))) &&
           (server.user.empty() || (set(easy_, CURLOPT_USERNAME, server.user.c_str()) &&
                                    set(easy_, CURLOPT_PASSWORD, server.password.c_str()) &&
                                    set(easy_, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN"))) &&
           set(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.connect_timeout.count())) &&
           set(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(server.timeout.count())) &&
           set(easy_, CURLOPT_MAXAGE_CONN, static_cast<long>(server.idle.count() / 1'000)) &&
           set(easy_, CURLOPT_TCP_KEEPALIVE, 1L) && set(easy_, CURLOPT_NOSIGNAL, 1L) &&
           set(easy_, CURLOPT_QUICK_EXIT, 1L) && set(easy_, CURLOPT_PROXY, "") &&
           set(easy_, CURLOPT_ERRORBUFFER, error_) && set(easy_, CURLOPT_UPLOAD, 1L) &&
           set(easy_, CURLOPT_READFUNCTION, &SmtpSession::on_read) && set(easy_, CURLOPT_READDATA, this) &&
           set(easy_, CURLOPT_HEADERFUNCTION, &SmtpSession::on_answer) && set(easy_, CURLOPT_HEADERDATA, this) &&
           set(easy_, CURLOPT_DEBUGFUNCTION, &SmtpSession::on_command) && set(easy_, CURLOPT_DEBUGDATA, this) &&
           set(easy_, CURLOPT_VERBOSE, 1L) && curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 1L) == CURLM_OK;
}

std::size_t SmtpSession::on_read(char* into, std::size_t size, std::size_t count, void* self) {
    Transfer& transfer = static_cast<SmtpSession*>(self)->transfer_;
    const std::size_t next = std::min(size * count, transfer.bytes.size() - transfer.sent);
    std::memcpy(into, transfer.bytes.data() + transfer.sent, next);
    transfer.sent += next;
    // libcurl may send the final dot from here on, also together with the last bytes.
    if (next == 0 || transfer.sent == transfer.bytes.size()) transfer.ended = true;
    return next;
}

std::size_t SmtpSession::on_answer(char* data, std::size_t size, std::size_t count, void* self) {
    auto& session = *static_cast<SmtpSession*>(self);
    const std::string_view line(data, size * count);
    session.transfer_.last_line = line.substr(0, 1'000);
    if (line.starts_with("235")) session.logged_in_ = true;
    // Of a mail that was begun, a refusal is the end: what follows is QUIT.
    if (session.transfer_.begun && (line.starts_with('4') || line.starts_with('5')))
        curl_easy_setopt(session.easy_, CURLOPT_SERVER_RESPONSE_TIMEOUT, kQuitSeconds);
    return size * count;
}

// Sees the login too, and keeps nothing of it.
int SmtpSession::on_command(CURL*, curl_infotype what, char* data, std::size_t size, void* self) {
    if (what == CURLINFO_HEADER_OUT && std::string_view(data, size).starts_with("MAIL FROM"))
        static_cast<SmtpSession*>(self)->transfer_.begun = true;
    return 0;
}

void SmtpSession::abort() {
    aborted_ = true;
    curl_multi_wakeup(multi_);
}

CURLcode SmtpSession::run(const Envelope& envelope) {
    curl_slist* const to = curl_slist_append(nullptr, ('<' + envelope.to + '>').c_str());
    const std::string from = '<' + envelope.from + '>';
    if (to == nullptr || !set(easy_, CURLOPT_MAIL_RCPT, to) || !set(easy_, CURLOPT_MAIL_FROM, from.c_str()) ||
        !set(easy_, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(server_.timeout.count() / 1'000 + 1)) ||
        !set(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(transfer_.bytes.size())) ||
        curl_multi_add_handle(multi_, easy_) != CURLM_OK) {
        curl_slist_free_all(to);
        return CURLE_OUT_OF_MEMORY;
    }
    CURLcode result = CURLE_ABORTED_BY_CALLBACK;
    for (int running = 1; running > 0 && !aborted_;) {
        if (curl_multi_perform(multi_, &running) != CURLM_OK) break;
        if (running > 0 && !aborted_) curl_multi_poll(multi_, nullptr, 0, kPollMs, nullptr);
    }
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left))
        if (message->msg == CURLMSG_DONE) result = message->data.result;
    long opened = 0;
    curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &opened);
    transfer_.connected = opened > 0;
    if (aborted_) sockets_.shut_all();
    curl_multi_remove_handle(multi_, easy_);
    curl_easy_setopt(easy_, CURLOPT_MAIL_RCPT, nullptr);
    curl_slist_free_all(to);
    return result;
}

DeliveryReply SmtpSession::send(const Envelope& envelope, std::string_view bytes) {
    DeliveryReply reply;
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (aborted_) return reply_of(DeliveryOutcome::not_done, "email.stopping", "the node is stopping");
        transfer_ = {bytes, 0, false, {}, false, false};
        error_[0] = '\0';
        const bool was_logged_in = std::exchange(logged_in_, false);
        const CURLcode result = run(envelope);
        // Without a new connection the old one's login still holds.
        if (!transfer_.connected) logged_in_ = was_logged_in;
        long status = 0;
        curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
        reply = judge(result, status);
        const bool lost =
            result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR || result == CURLE_GOT_NOTHING || status == 421;
        // The server gave the waiting session up before it heard of this mail.
        if (transfer_.connected || transfer_.sent > 0 || !lost) return reply;
    }
    return reply;
}

DeliveryReply SmtpSession::judge(CURLcode result, long status) const {
    if (result == CURLE_OK) {
        DeliveryReply reply = reply_of(DeliveryOutcome::delivered, "", "");
        reply.external_id = queue_id_of(transfer_.last_line);
        return reply;
    }
    const std::string why = error_[0] != '\0' ? error_ : curl_easy_strerror(result);
    const std::string said = short_text(transfer_.last_line);
    switch (result) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT: return reply_of(DeliveryOutcome::not_done, "email.no_connection", why);
        case CURLE_USE_SSL_FAILED:
            return reply_of(DeliveryOutcome::not_done, "email.no_starttls",
                            "the server does not offer STARTTLS, and nothing is sent in clear: " + said);
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER: return reply_of(DeliveryOutcome::not_done, "email.tls", why);
        case CURLE_LOGIN_DENIED:
            // 454: the server cannot look at the moment. Only a refusal says something about the password.
            if (status >= 400 && status < 500) return reply_of(DeliveryOutcome::not_done, "email.temporary", said);
            return reply_of(DeliveryOutcome::not_done, "email.login_refused", said.empty() ? why : said);
        default: break;
    }
    if (status >= 400) return judge_status(status);
    if (transfer_.ended)
        return reply_of(DeliveryOutcome::unclear, "email.lost_answer",
                        "the mail was sent whole, and the server's answer did not come: " + why);
    if (result == CURLE_OPERATION_TIMEDOUT) return reply_of(DeliveryOutcome::not_done, "email.timeout", why);
    return reply_of(DeliveryOutcome::not_done, "email.closed_early", why);
}

DeliveryReply SmtpSession::judge_status(long status) const {
    const std::string said = short_text(transfer_.last_line);
    if (status < 500) return reply_of(DeliveryOutcome::not_done, "email.temporary", said);
    if (!transfer_.begun)
        return reply_of(DeliveryOutcome::not_done, "email.not_welcome", "the server takes no mails from us: " + said);
    // The server wants a login that it got none of: this is about us and not about the mail.
    if (status == 530 || status == 535 || (!server_.user.empty() && !logged_in_))
        return reply_of(DeliveryOutcome::not_done, "email.login_refused",
                        "the server took no login, and refuses without: " + said);
    return reply_of(DeliveryOutcome::refused, "email.refused", said);
}

}  // namespace citybridge::email
