#pragma once
// Looks into the mailbox again and again, on a thread of its own, and gives the
// node what came. A mail is removed only after the node has said that it has
// it; until then it is read again, and the node knows its id.
//
// Threads: start() and stop() on the lane's. `take` and `log` are called on the
// reader's thread, never after stop().
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/api/plugin.h"
#include "plugins/email/reply.h"
#include "plugins/email/settings.h"

namespace citybridge::email {

class MailReader {
public:
    struct Callbacks {
        std::function<void(InboundMessage, std::function<void(Result<>)>)> take;  // as Host::take
        std::function<void(LogLevel, std::string_view code, std::string_view text)> log;
    };

    MailReader(ReaderSettings settings, TokenKeys keys, std::string instance, Callbacks callbacks);
    ~MailReader();
    MailReader(const MailReader&) = delete;
    MailReader& operator=(const MailReader&) = delete;

    void start();  // throws std::system_error
    void stop();   // within moments: what is under way is broken off

private:
    enum class Fate { remove, keep, later };

    void loop();
    Result<bool> round();  // true: there may be more
    Result<bool> read_mails(Mailbox& box);
    Fate judge(const std::string& bytes);
    Result<> offer(InboundMessage message);
    void remember(const std::string& name);
    void report(const Result<bool>& outcome);
    bool stopping();

    const ReaderSettings settings_;
    const TokenKeys keys_;
    const std::string instance_;
    const Callbacks callbacks_;

    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;    // guarded by mutex_
    Mailbox* open_ = nullptr;  // guarded by mutex_: what stop() has to cut

    // The reader's thread only.
    std::set<std::string> kept_;  // mails that were looked at and stay where they are
    std::string trouble_;         // the code that was told last
    MonoTime not_before_{};       // after a refused login

    std::thread thread_;
};

}  // namespace citybridge::email
