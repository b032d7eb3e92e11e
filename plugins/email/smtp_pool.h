#pragma once
// The sessions of one plugin instance: a thread each, one bounded queue. A
// mail that is not taken into the queue was certainly not sent.
//
// Threads: submit() on any; stop() on one. `deliver` work runs on the pool's
// threads; results are kept until taken.
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/api/plugin.h"
#include "plugins/email/login_gate.h"
#include "plugins/email/smtp_session.h"

namespace citybridge::email {

struct Prepared {
    Envelope envelope;
    std::string bytes;
};

struct Letter {
    std::function<Result<Prepared>()> prepare;  // on a pool's thread: builds the mail
    DeliveryDone done;
};

class SmtpPool {
public:
    struct Settings {
        SmtpServer server;
        std::size_t sessions = 2;
        std::size_t queue = 64;
        Millis login_wait{900'000};
    };
    // A finished mail waits in take(); `tell` says so, and is called again soon if it answers false.
    struct Callbacks {
        std::function<bool()> tell;
        std::function<void(LogLevel level, const std::string& code, const std::string& detail)> log;  // any thread
    };
    struct Finished {
        DeliveryDone done;
        DeliveryReply reply;
    };

    SmtpPool(Settings settings, Callbacks callbacks);  // throws std::system_error, std::bad_alloc
    ~SmtpPool();
    SmtpPool(const SmtpPool&) = delete;
    SmtpPool& operator=(const SmtpPool&) = delete;

    bool submit(Letter letter);  // false: the queue is full, or it stops
    std::vector<Finished> take();
    // Mails that wait are dropped without a result; those under way get `grace` to end, then they are broken off.
    // After it take() gives the last results, and `tell` and `log` are not called any more.
    void stop(Millis grace);

private:
    void work(SmtpSession& session);
    DeliveryReply carry(SmtpSession& session, const Letter& letter);
    DeliveryReply send(SmtpSession& session, const Prepared& mail);
    void tell(std::unique_lock<std::mutex>& lock);
    void troubled(LogLevel level, const DeliveryReply& reply);
    void works_again();

    const Settings settings_;
    const Callbacks callbacks_;
    LoginGate gate_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Letter> waiting_;      // guarded by mutex_
    std::vector<Finished> finished_;  // guarded by mutex_
    std::size_t under_way_ = 0;       // guarded by mutex_
    bool told_ = false;               // guarded by mutex_: a take() is on its way
    bool stopping_ = false;           // guarded by mutex_
    std::set<std::string> troubles_;  // guarded by mutex_: codes told since a mail was taken

    std::vector<std::unique_ptr<SmtpSession>> sessions_;
    std::vector<std::thread> threads_;
};

}  // namespace citybridge::email
