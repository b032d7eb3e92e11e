#include "plugins/email/mail_reader.h"

#include <chrono>
#include <exception>
#include <optional>

#include "core/api/quiet_thread.h"

namespace citybridge::email {
namespace {

constexpr std::size_t kMailsARound = 20;  // deletions by POP3 are certain only at a session's end
constexpr std::size_t kMaxKept = 10'000;
// The host's answer comes within a minute, or the message may be offered again.
constexpr std::chrono::seconds kPatience{70};

struct Answer {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Result<>> result;  // guarded by mutex
};

}  // namespace

MailReader::MailReader(ReaderSettings settings, TokenKeys keys, std::string instance, Callbacks callbacks)
    : settings_(std::move(settings)),
      keys_(std::move(keys)),
      instance_(std::move(instance)),
      callbacks_(std::move(callbacks)) {}

MailReader::~MailReader() { stop(); }

void MailReader::start() {
    thread_ = quiet_thread("mail reader", [this] { loop(); });
}

void MailReader::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        if (open_ != nullptr) open_->cut();
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

bool MailReader::stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void MailReader::loop() {
    while (!stopping()) {
        bool more = false;
        if (system_now().mono >= not_before_) {
            try {
                const auto outcome = round();
                report(outcome);
                more = outcome && *outcome;
            } catch (const std::exception& failure) {
                report(Error{"email.failed", failure.what()});
            }
        }
        std::unique_lock lock(mutex_);
        if (!more) changed_.wait_for(lock, settings_.every, [this] { return stopping_; });
    }
}

// Told when it begins and when it is over, not once a minute.
void MailReader::report(const Result<bool>& outcome) {
    if (stopping()) return;
    const std::string code = outcome ? "" : outcome.error().code;
    if (code == "email.read_login_refused") not_before_ = system_now().mono + settings_.login_wait;
    if (code == trouble_) return;
    if (outcome)
        callbacks_.log(LogLevel::info, "email.reading", "the mailbox is read again");
    else
        callbacks_.log(code == "email.read_failed" ? LogLevel::warning : LogLevel::error, code, outcome.error().detail);
    trouble_ = code;
}

Result<bool> MailReader::round() {
    const auto box = settings_.imap ? make_imap(settings_.box) : make_pop3(settings_.box);
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return false;
        open_ = box.get();
    }
    const auto forget = [this] {
        const std::lock_guard lock(mutex_);
        open_ = nullptr;
    };
    try {
        auto outcome = read_mails(*box);
        forget();
        return outcome;
    } catch (...) {
        forget();
        throw;
    }
}

Result<bool> MailReader::read_mails(Mailbox& box) {
    const auto names = box.open(kept_, kMailsARound);
    if (!names) return names.error();
    bool later = false;
    for (const std::string& name : *names) {
        const auto mail = box.fetch(name);
        if (!mail && mail.error().code == "email.read_refused") continue;  // somebody else took it away
        if (!mail) return mail.error();
        const Fate fate = judge(*mail);
        if (fate == Fate::later) later = true;
        if (fate == Fate::later) break;
        if (fate == Fate::keep) remember(name);
        if (fate == Fate::keep) continue;
        if (const auto removed = box.remove(name); !removed) return removed.error();
    }
    if (const auto closed = box.close(); !closed) return closed.error();
    return !later && names->size() == kMailsARound;
}

MailReader::Fate MailReader::judge(const std::string& bytes) {
    Reply reply;
    try {
        reply = read_reply(bytes, keys_, settings_.charset);
    } catch (const std::exception& failure) {
        // One mail must not hold back those behind it; it stays for a person.
        callbacks_.log(LogLevel::error, "email.unreadable", failure.what());
        return Fate::keep;
    }
    const bool ours = !reply.message.empty();
    const auto taken = offer(inbound_of(reply, instance_, system_now().wall));
    if (!taken && taken.error().code != "hook.not_understood" && taken.error().code != "hook.too_old")
        return Fate::later;
    return ours || settings_.remove_unrelated ? Fate::remove : Fate::keep;
}

Result<> MailReader::offer(InboundMessage message) {
    const auto answer = std::make_shared<Answer>();
    callbacks_.take(std::move(message), [answer](Result<> result) {
        const std::lock_guard lock(answer->mutex);
        answer->result = std::move(result);
        answer->changed.notify_all();
    });
    const auto until = std::chrono::steady_clock::now() + kPatience;
    std::unique_lock lock(answer->mutex);
    while (!answer->result) {
        if (stopping() || std::chrono::steady_clock::now() > until)
            return Error{"email.no_answer", "the node did not say that it has the mail"};
        answer->changed.wait_for(lock, std::chrono::milliseconds(200));
    }
    return *answer->result;
}

void MailReader::remember(const std::string& name) {
    // One that is forgotten is looked at once more, which the node knows.
    if (kept_.size() >= kMaxKept) kept_.erase(kept_.begin());
    kept_.insert(name);
}

}  // namespace citybridge::email
