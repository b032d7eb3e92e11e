#include "plugins/email/smtp_pool.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "core/api/quiet_thread.h"
#include "plugins/email/token.h"

namespace citybridge::email {
namespace {

constexpr auto kTellAgain = std::chrono::milliseconds(20);

bool is_refusal_of_us(const DeliveryReply& reply) {
    return reply.code == "email.login_refused" || reply.code == "email.not_welcome";
}

}  // namespace

SmtpPool::SmtpPool(Settings settings, Callbacks callbacks)
    : settings_(std::move(settings)), callbacks_(std::move(callbacks)), gate_(settings_.login_wait) {
    for (std::size_t i = 0; i < settings_.sessions; ++i)
        sessions_.push_back(std::make_unique<SmtpSession>(settings_.server));
    try {
        for (const auto& session : sessions_)
            threads_.push_back(quiet_thread("smtp session", [this, &session = *session] { work(session); }));
    } catch (...) {
        stop(Millis(0));
        throw;
    }
}

SmtpPool::~SmtpPool() { stop(Millis(0)); }

bool SmtpPool::submit(Letter letter) {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= settings_.queue) return false;
    waiting_.push_back(std::move(letter));
    changed_.notify_all();
    return true;
}

std::vector<SmtpPool::Finished> SmtpPool::take() {
    const std::lock_guard lock(mutex_);
    told_ = false;
    return std::exchange(finished_, {});
}

void SmtpPool::work(SmtpSession& session) {
    std::unique_lock lock(mutex_);
    const auto has_work = [this] { return stopping_ || !waiting_.empty(); };
    while (!stopping_) {
        if (finished_.empty() || told_) {
            changed_.wait(lock, has_work);
        } else {
            // The lane was full when it was told.
            changed_.wait_for(lock, kTellAgain, has_work);
            tell(lock);
        }
        if (stopping_ || waiting_.empty()) continue;
        const Letter letter = std::move(waiting_.front());
        waiting_.pop_front();
        ++under_way_;
        lock.unlock();
        DeliveryReply reply = carry(session, letter);
        lock.lock();
        --under_way_;
        finished_.push_back({letter.done, std::move(reply)});
        changed_.notify_all();
        tell(lock);
    }
}

// What ends while it stops is taken by who stops it.
void SmtpPool::tell(std::unique_lock<std::mutex>& lock) {
    if (told_ || stopping_ || finished_.empty()) return;
    told_ = true;  // before it is told, because take() may come at once
    lock.unlock();
    const bool told = callbacks_.tell();
    lock.lock();
    if (!told) told_ = false;
}

DeliveryReply SmtpPool::carry(SmtpSession& session, const Letter& letter) {
    try {
        const auto mail = letter.prepare();
        if (!mail) return {DeliveryOutcome::refused, mail.error().code, mail.error().detail, {}, std::nullopt};
        return send(session, *mail);
    } catch (const std::exception& failure) {
        // Nothing was sent: send() itself does not throw once the session talks.
        return {DeliveryOutcome::not_done, "email.failed", failure.what(), {}, std::nullopt};
    }
}

DeliveryReply SmtpPool::send(SmtpSession& session, const Prepared& mail) {
    if (const auto away = gate_.enter())
        return {DeliveryOutcome::not_done,
                "email.login_refused",
                "the server refused our login a while ago; it is asked again later",
                {},
                *away};
    DeliveryReply reply = session.send(mail.envelope, mail.bytes);
    // Servers repeat addresses, and ours hold tokens (P10).
    reply.detail = without_tokens(reply.detail);
    if (is_refusal_of_us(reply)) {
        reply.retry_after = settings_.login_wait;
        if (gate_.refused()) troubled(LogLevel::error, reply);
    } else if (session.was_heard()) {
        gate_.passed();
        works_again();
    } else {
        gate_.left();
        const bool unsafe = reply.code == "email.tls" || reply.code == "email.no_starttls";
        troubled(unsafe ? LogLevel::error : LogLevel::warning, reply);
    }
    return reply;
}

// Told when it begins and when it is over, not with every mail.
void SmtpPool::troubled(LogLevel level, const DeliveryReply& reply) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || !troubles_.insert(reply.code).second) return;
    }
    callbacks_.log(level, reply.code, reply.detail);
}

void SmtpPool::works_again() {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || troubles_.empty()) return;
        troubles_.clear();
    }
    callbacks_.log(LogLevel::info, "email.sending", "the server takes mails again");
}

void SmtpPool::stop(Millis grace) {
    {
        std::unique_lock lock(mutex_);
        stopping_ = true;
        waiting_.clear();
        changed_.notify_all();
        changed_.wait_for(lock, grace, [this] { return under_way_ == 0; });
    }
    gate_.close();
    for (const auto& session : sessions_) session->abort();
    for (std::thread& thread : threads_)
        if (thread.joinable()) thread.join();
}

}  // namespace citybridge::email
