#include "tests/unit/asterisk/session_driver.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace citybridge::asterisk {
namespace {

std::string header(const std::string& action, const std::string& key) {
    const std::string start = key + ": ";
    std::size_t at = action.starts_with(start) ? 0 : action.find("\r\n" + start);
    if (at == std::string::npos) return {};
    at += at == 0 ? start.size() : start.size() + 2;
    return action.substr(at, action.find("\r\n", at) - at);
}

}  // namespace

std::string message(const Fields& fields) {
    std::string out;
    for (const auto& [key, value] : fields) out += key + ": " + value + "\r\n";
    return out + "\r\n";
}

void SessionDriver::collect() {
    Output output = session.take_output();
    written += output.write;
    std::string rest = output.write;
    while (!rest.empty()) {
        const std::size_t end = rest.find("\r\n\r\n");
        const std::string action = rest.substr(0, end + 2);
        actions_.emplace_back(header(action, "Action"), action);
        rest.erase(0, end + 4);
    }
    for (PbxSignal& s : output.signals) signals.push_back(std::move(s));
    for (Completion& c : output.completed) c.done(c.reply);
    log.insert(log.end(), output.log.begin(), output.log.end());
    if (output.close) closed = output.close;
}

void SessionDriver::bytes(std::string_view text) {
    session.on_bytes(text, now);
    collect();
}

std::string SessionDriver::waiting(const std::string& action) const {
    for (const auto& [name, text] : actions_) {
        std::string id = header(text, "ActionID");
        if (name == action && std::find(answered_.begin(), answered_.end(), id) == answered_.end()) return id;
    }
    return {};
}

std::string SessionDriver::id_of(const std::string& action) const {
    for (auto it = actions_.rbegin(); it != actions_.rend(); ++it) {
        if (it->first == action) return header(it->second, "ActionID");
    }
    return {};
}

std::string SessionDriver::sent(const std::string& action, const std::string& key) const {
    for (auto it = actions_.rbegin(); it != actions_.rend(); ++it) {
        if (it->first == action) return header(it->second, key);
    }
    return {};
}

std::size_t SessionDriver::count(const std::string& action) const {
    return static_cast<std::size_t>(
        std::count_if(actions_.begin(), actions_.end(), [&](const auto& a) { return a.first == action; }));
}

void SessionDriver::answer(const std::string& action, const std::string& status, Fields rest) {
    const std::string id = waiting(action);
    ASSERT_FALSE(id.empty()) << "nothing to answer: " << action;
    answered_.push_back(id);
    Fields fields{{"Response", status}, {"ActionID", id}};
    fields.insert(fields.end(), rest.begin(), rest.end());
    bytes(message(fields));
}

void SessionDriver::finish_list(const std::string& action, const std::vector<Fields>& items) {
    const std::string id = waiting(action);
    answer(action, "Success", {{"EventList", "start"}});
    for (const Fields& item : items) {
        Fields with_id = item;
        with_id.emplace_back("ActionID", id);
        event(with_id);
    }
    event({{"Event", action + "Complete"}, {"ActionID", id}, {"EventList", "Complete"}});
}

void SessionDriver::log_in() {
    session.on_connected(now);
    bytes("Asterisk Call Manager/9.0.0\r\n");
    if (asked("Challenge")) answer("Challenge", "Success", {{"Challenge", "115214600"}});
    answer("Login", "Success", {{"Message", "Authentication accepted"}});
}

void SessionDriver::answer_lists() {
    while (asked("Filter")) answer("Filter", "Success");
    if (asked("CoreStatus"))
        answer("CoreStatus", "Success", {{"CoreStartupDate", "2026-11-21"}, {"CoreStartupTime", "19:35:00"}});
    for (const std::string_view action : kSnapshotActions) {
        if (asked(std::string(action))) finish_list(std::string(action), {});
    }
}

void SessionDriver::make_ready() {
    log_in();
    boot();
    answer_lists();
    ASSERT_TRUE(session.ready());
}

void SessionDriver::pass(Millis time) {
    now.wall += time;
    now.mono += time;
    session.on_tick(now);
    collect();
}

Millis SessionDriver::close(const std::string& code) {
    const Millis wait = session.on_closed({code, "closed by the test"}, now);
    collect();
    return wait;
}

CommandDone SessionDriver::expect_reply() {
    return [this](CommandReply reply) { replies.push_back(std::move(reply)); };
}

}  // namespace citybridge::asterisk
