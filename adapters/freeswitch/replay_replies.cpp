#include "adapters/freeswitch/replay_replies.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/freeswitch/framer.h"

namespace citybridge::freeswitch {
namespace {

constexpr std::size_t kMaxClientBytes = std::size_t{64} * 1024;  // of a command that does not end

constexpr std::string_view kAgentColumns =
    "name|instance_id|uuid|type|contact|status|state|max_no_answer|wrap_up_time|reject_delay_time|busy_delay_time|"
    "no_answer_delay_time|last_bridge_start|last_bridge_end|last_offered_call|last_status_change|no_answer_count|"
    "calls_answered|talk_time|ready_time|external_calls_count\n";
constexpr std::string_view kTierColumns = "queue|agent|state|level|position\n";
constexpr std::string_view kQueueColumns =
    "name|strategy|moh_sound|time_base_score|tier_rules_apply|tier_rule_wait_second|tier_rule_wait_multiply_level|"
    "tier_rule_no_agent_no_wait|discard_abandoned_after|abandoned_resume_allowed|max_wait_time|"
    "max_wait_time_with_no_agent|max_wait_time_with_no_agent_time_reached|record_template|calls_answered|"
    "calls_abandoned|ring_progressively_delay|skip_agents_with_external_calls|agent_no_answer_status\n";

// Takes the next word off `text`.
std::string_view take_word(std::string_view& text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    const std::string_view word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(word.size());
    return word;
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
    }
    return out;
}

std::string reply(std::string_view text, std::string_view more = {}) {
    return std::string("Content-Type: command/reply\nReply-Text: ").append(text).append("\n").append(more) + '\n';
}

std::string with_body(std::string_view type, std::string_view body) {
    return "Content-Type: " + std::string(type) + "\nContent-Length: " + std::to_string(body.size()) + "\n\n" +
           std::string(body);
}

std::string_view header(std::string_view command, std::string_view name) {
    Frame frame;
    frame.headers = command;
    return frame.header(name);
}

std::string list_of_callcenter(std::string_view words) {
    const std::string_view what = take_word(words);
    const std::string_view verb = take_word(words);
    const std::string_view which = take_word(words);
    if (verb != "list") return verb == "set" || verb == "add" || verb == "del" ? "+OK\n" : "-ERR Invalid!\n";
    if (what == "tier" || which == "tiers") return std::string(kTierColumns) + "+OK\n";
    if (what == "agent" || which == "agents") return std::string(kAgentColumns) + "+OK\n";
    if (what == "queue" && which.empty()) return std::string(kQueueColumns) + "+OK\n";
    return "+OK\n";
}

// `words`: after "show". The table of nothing at all.
std::string shown(std::string_view words) {
    const bool json = words.find("as json") != std::string_view::npos;
    return json ? R"({"row_count":0})" : "\n0 total.\n";
}

}  // namespace

std::string ReplayReplies::greeting() const { return "Content-Type: auth/request\n\n"; }

std::string ReplayReplies::on_client_bytes(std::string_view bytes) {
    for (const char c : bytes) {
        if (c != '\r') client_bytes_.push_back(c);
    }
    std::string out;
    while (true) {
        client_bytes_.erase(0, std::min(client_bytes_.find_first_not_of('\n'), client_bytes_.size()));
        const std::size_t end = client_bytes_.find("\n\n");
        if (end == std::string::npos) break;
        const std::string_view length = header(std::string_view(client_bytes_).substr(0, end), "Content-Length");
        std::size_t body = 0;
        std::from_chars(length.data(), length.data() + length.size(), body);
        body = std::min(body, kMaxClientBytes);
        if (client_bytes_.size() < end + 2 + body) break;
        const std::string command = client_bytes_.substr(0, end);
        client_bytes_.erase(0, end + 2 + body);
        out += answer(command);
    }
    if (client_bytes_.size() > 2 * kMaxClientBytes) client_bytes_.clear();
    return out;
}

std::string ReplayReplies::answer(std::string_view command) {
    std::string_view rest = command;
    const std::string_view word = take_word(rest);
    if (!logged_in_) {
        logged_in_ = word == "auth" || word == "userauth";
        return logged_in_ ? reply("+OK accepted") : reply("-ERR command not found");
    }
    if (word == "exit") {
        logged_in_ = false;
        return reply("+OK bye") + with_body("text/disconnect-notice",
                                            "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n");
    }
    if (word == "event") {
        const std::string_view format = take_word(rest);
        std::string_view keywords = rest;
        if (take_word(keywords).empty()) return reply("-ERR no keywords supplied");
        subscribe(rest);
        return reply("+OK event listener enabled " + std::string(format));
    }
    if (word == "nixevent") {
        unsubscribe(rest);
        return reply("+OK events nixed");
    }
    if (word == "noevents") {
        all_ = false;
        names_.clear();
        subclasses_.clear();
        return reply("+OK no longer listening for events");
    }
    if (word == "filter") return reply("+OK filter added.");
    if (word == "sendmsg" || word == "sendevent" || word == "linger" || word == "nolinger" || word == "log" ||
        word == "nolog")
        return reply("+OK");
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    if (rest.empty()) return reply("-ERR command not found");
    if (word == "api") return with_body("api/response", answer_api(rest.substr(0, rest.find('\n'))));
    if (word == "bgapi") return background(rest);
    return reply("-ERR command not found");
}

std::string ReplayReplies::answer_api(std::string_view command) const {
    std::string_view rest = command;
    const std::string_view word = take_word(rest);
    if (word == "show") return shown(rest);
    if (word == "callcenter_config") return list_of_callcenter(rest);
    if (word == "global_getvar") return take_word(rest) == "core_uuid" ? core_uuid_ : "";
    if (word == "status") return "UP 0 years, 0 days, 0 hours, 0 minutes, 1 second, 0 milliseconds, 0 microseconds\n";
    if (word == "version") return "FreeSWITCH Version 1.10.12-release~64bit ( 64bit)\n";
    if (word == "uptime") return "1\n";
    if (word == "uuid_exists") return "false";
    if (word == "sofia_contact") return "error/user_not_registered";
    if (word.starts_with("uuid_")) return "-ERR No such channel!\n";
    if (word == "originate") return "-ERR USER_NOT_REGISTERED\n";
    return "-ERR " + std::string(word) + " Command not found!\n";
}

std::string ReplayReplies::background(std::string_view command) {
    const std::string_view line = command.substr(0, command.find('\n'));
    std::string job(header(command, "Job-UUID"));
    if (job.empty()) job = "00000000-0000-4000-9000-" + std::to_string(100'000'000'000 + ++jobs_);
    std::string out = reply("+OK Job-UUID: " + job, "Job-UUID: " + job + "\n");
    if (!subscribed("BACKGROUND_JOB", {})) return out;
    std::string_view rest = line;
    const std::string_view word = take_word(rest);
    const std::string result = answer_api(line);
    return out +
           with_body("text/event-plain", "Event-Name: BACKGROUND_JOB\nCore-UUID: " + core_uuid_ + "\nJob-UUID: " + job +
                                             "\nJob-Command: " + std::string(word) +
                                             "\nContent-Length: " + std::to_string(result.size()) + "\n\n" + result);
}

void ReplayReplies::subscribe(std::string_view words) {
    bool custom = false;
    for (std::string_view word = take_word(words); !word.empty(); word = take_word(words)) {
        const std::string name = upper(word);
        if (custom) {
            subclasses_.insert(std::string(word));
            nixed_.erase(std::string(word));
        } else if (name == "ALL") {
            all_ = true;
            nixed_.clear();
        } else {
            names_.insert(name);
            nixed_.erase(name);
            custom = name == "CUSTOM";
        }
    }
}

void ReplayReplies::unsubscribe(std::string_view words) {
    bool custom = false;
    for (std::string_view word = take_word(words); !word.empty(); word = take_word(words)) {
        const std::string name = custom ? std::string(word) : upper(word);
        if (name == "ALL") {
            all_ = false;
            names_.clear();
            subclasses_.clear();
        }
        names_.erase(name);
        subclasses_.erase(name);
        if (all_ && name != "CUSTOM") nixed_.insert(name);
        custom = custom || name == "CUSTOM";
    }
}

bool ReplayReplies::subscribed(std::string_view event, std::string_view subclass) const {
    if (event == "CUSTOM") return (all_ && !nixed_.contains(subclass)) || subclasses_.contains(subclass);
    return (all_ && !nixed_.contains(event)) || names_.contains(event);
}

}  // namespace citybridge::freeswitch
