// POP3S by POCO. POCO has time-outs for single reads only and cannot be
// interrupted, so a watchdog and cut() shut the socket itself.
#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/POP3ClientSession.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>
#include <ostream>
#include <streambuf>

#include "core/api/delivery_text.h"
#include "core/api/text.h"
#include "plugins/email/mailbox.h"
#include "plugins/email/watchdog.h"

namespace citybridge::email {
namespace {

constexpr Millis kSlice{100};
constexpr int kMaxMails = 100'000;

// Keeps the beginning, drops the rest: the session must go on behind it.
class BoundedBuffer final : public std::streambuf {
public:
    explicit BoundedBuffer(std::size_t most) : most_(most) {}
    std::string take() { return std::move(bytes_); }

protected:
    int_type overflow(int_type c) override {
        if (c != traits_type::eof() && bytes_.size() < most_) bytes_ += static_cast<char>(c);
        return c == traits_type::eof() ? 0 : c;
    }
    std::streamsize xsputn(const char* text, std::streamsize count) override {
        bytes_.append(text, std::min(static_cast<std::size_t>(count), most_ - bytes_.size()));
        return count;
    }

private:
    const std::size_t most_;
    std::string bytes_;
};

// The name must be the certificate's; checked by OpenSSL within the handshake.
void expect_host(const Poco::Net::Context& context, const std::string& host) {
    X509_VERIFY_PARAM* const expected = SSL_CTX_get0_param(context.sslContext());
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1) return;
    if (X509_VERIFY_PARAM_set1_host(expected, host.c_str(), host.size()) != 1)
        throw Poco::Net::SSLException("no host name to verify");
}

class Pop3Box final : public Mailbox {
public:
    explicit Pop3Box(MailboxSettings settings) : settings_(std::move(settings)), watchdog_([this] { cut(); }) {}
    Pop3Box(const Pop3Box&) = delete;
    Pop3Box& operator=(const Pop3Box&) = delete;
    ~Pop3Box() override { let_go(); }

    Result<std::vector<std::string>> open(const std::set<std::string>& known, std::size_t most) override {
        std::vector<std::string> names;
        const auto done = guarded([&] {
            connect();
            log_in();
            const int count = std::min(session_->messageCount(), kMaxMails);
            for (int number = 1; number <= count && names.size() < most; ++number) {
                std::string uid = unique_id(number);
                if (known.contains(uid)) continue;
                numbers_.emplace_back(uid, number);
                names.push_back(std::move(uid));
            }
        });
        if (!done) return done.error();
        return names;
    }

    Result<std::string> fetch(const std::string& name) override {
        std::string mail;
        const auto done = guarded([&] {
            BoundedBuffer buffer(settings_.max_bytes);
            std::ostream out(&buffer);
            session_->retrieveMessage(number_of(name), out);
            mail = buffer.take();
        });
        if (!done) return done.error();
        return mail;
    }

    Result<> remove(const std::string& name) override {
        return guarded([&] { session_->deleteMessage(number_of(name)); });
    }

    Result<> close() override {
        auto done = guarded([&] { session_->close(); });
        let_go();
        return done;
    }

    // The descriptor only: POCO's objects belong to the other thread.
    void cut() override {
        const std::lock_guard lock(mutex_);
        cut_ = true;
        if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
    }

private:
    template <class Work>
    Result<> guarded(const Work& work) {
        watchdog_.arm(settings_.timeout);
        Result<> result = ok();
        try {
            work();
        } catch (const LoginRefused& refused) {
            watchdog_.disarm();
            return Error{"email.read_login_refused", short_text(refused.said)};
        } catch (const Poco::Net::SSLException& e) {
            result = Error{"email.read_tls", e.displayText()};
        } catch (const Poco::Exception& e) {
            result = Error{"email.read_failed", short_text(e.displayText())};
        } catch (const std::exception& e) {
            result = Error{"email.read_failed", e.what()};
        }
        watchdog_.disarm();
        // A socket that was shut looks like a fault of TLS, a broken line, or whatever was under way.
        if (!result && is_cut())
            return Error{"email.read_failed",
                         "the server did not answer within " + std::to_string(settings_.timeout.count()) + " ms"};
        return result;
    }
    bool is_cut() {
        const std::lock_guard lock(mutex_);
        return cut_;
    }

    struct LoginRefused {
        std::string said;
    };

    void connect() {
        using Poco::Net::Context;
        Context::Ptr context = new Context(Context::TLS_CLIENT_USE, "", "", settings_.ca_file, Context::VERIFY_STRICT,
                                           9, settings_.ca_file.empty());
        context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
        expect_host(*context, settings_.host);
        Poco::Net::StreamSocket plain;
        plain.connectNB({settings_.host, static_cast<Poco::UInt16>(settings_.port)});
        hold(plain.impl()->sockfd());
        wait_connected(plain);
        plain.setBlocking(true);
        const Poco::Timespan patience(settings_.timeout.count() * 1'000);
        plain.setReceiveTimeout(patience);
        plain.setSendTimeout(patience);
        const auto secure = Poco::Net::SecureStreamSocket::attach(plain, settings_.host, context);
        session_.emplace(secure);
        session_->setTimeout(patience);
    }

    void wait_connected(Poco::Net::StreamSocket& socket) {
        using Poco::Net::Socket;
        const MonoTime until = system_now().mono + settings_.timeout;
        while (!socket.poll(Poco::Timespan(kSlice.count() * 1'000), Socket::SELECT_WRITE | Socket::SELECT_ERROR)) {
            const std::lock_guard lock(mutex_);
            if (cut_ || system_now().mono > until) throw Poco::TimeoutException("connecting took too long");
        }
        if (const int failed = socket.impl()->socketError(); failed != 0)
            throw Poco::Net::ConnectionRefusedException(settings_.host + ": " + std::string(std::strerror(failed)));
    }

    void log_in() {
        for (const char c : settings_.user + settings_.password)
            if (static_cast<unsigned char>(c) < ' ')
                throw Poco::InvalidArgumentException("user or password has controls");
        try {
            session_->login(settings_.user, settings_.password);
        } catch (const Poco::Net::POP3Exception& refused) {
            // RFC 3206: the server cannot look at the moment, or the mailbox is in use.
            const std::string said = lower_case(refused.displayText());
            const bool about_us = said.find("rejected") != std::string::npos;
            if (!about_us || said.find("[sys/temp]") != std::string::npos || said.find("[in-use]") != std::string::npos)
                throw;
            throw LoginRefused{refused.displayText()};
        }
    }

    std::string unique_id(int number) {
        std::string answer;
        if (!session_->sendCommand("UIDL", std::to_string(number), answer))
            throw Poco::IOException("the server has no UIDL: " + answer);
        const auto blank = answer.rfind(' ');
        std::string uid(trimmed(std::string_view(answer).substr(blank == std::string::npos ? 0 : blank + 1)));
        if (uid.empty() || uid.size() > 1'000) throw Poco::IOException("the server's UIDL is not understood");
        return uid;
    }

    int number_of(const std::string& name) const {
        const auto found =
            std::find_if(numbers_.begin(), numbers_.end(), [&](const auto& row) { return row.first == name; });
        if (found == numbers_.end() || !session_) throw Poco::NotFoundException("no such mail in this session");
        return found->second;
    }

    void hold(int descriptor) {
        const std::lock_guard lock(mutex_);
        descriptor_ = descriptor;
        if (cut_) ::shutdown(descriptor_, SHUT_RDWR);
    }

    // Before POCO closes the descriptor, whose number somebody else may get. What was not closed in order is broken
    // off: POCO would say goodbye and wait for an answer.
    void let_go() {
        {
            const std::lock_guard lock(mutex_);
            if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
            descriptor_ = -1;
        }
        try {
            session_.reset();
        } catch (const std::exception&) {
            // It could not say goodbye; there is nothing left to end.
        }
    }

    const MailboxSettings settings_;
    std::mutex mutex_;
    int descriptor_ = -1;  // guarded by mutex_
    bool cut_ = false;     // guarded by mutex_
    std::optional<Poco::Net::POP3ClientSession> session_;
    std::vector<std::pair<std::string, int>> numbers_;  // of this session
    Watchdog watchdog_;                                 // last: it ends before what it bites
};

}  // namespace

std::unique_ptr<Mailbox> make_pop3(const MailboxSettings& settings) { return std::make_unique<Pop3Box>(settings); }

}  // namespace citybridge::email
