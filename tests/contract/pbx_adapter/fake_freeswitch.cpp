#include "tests/contract/pbx_adapter/fake_freeswitch.h"

#include <nlohmann/json.hpp>
#include <sstream>

namespace citybridge::contract {
namespace {

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

std::string api_response(const std::string& body) {
    return "Content-Type: api/response\nContent-Length: " + std::to_string(body.size()) + "\n\n" + body;
}

// Event values are percent-encoded; of ours only the sign in a channel's name needs it.
std::string encoded(std::string text) {
    if (const std::size_t at = text.find('@'); at != std::string::npos) text.replace(at, 1, "%40");
    return text;
}

std::string between(const std::string& text, const std::string& before, const std::string& ends) {
    const std::size_t at = text.find(before);
    if (at == std::string::npos) return {};
    const std::size_t from = at + before.size();
    return text.substr(from, text.find_first_of(ends, from) - from);
}

}  // namespace

FakeFreeSwitch::FakeFreeSwitch() : PlayedPbx("\n\n") { start(); }
FakeFreeSwitch::~FakeFreeSwitch() { stop(); }

std::string FakeFreeSwitch::greet() {
    replies_ = std::make_unique<freeswitch::ReplayReplies>();
    replies_->set_core_uuid(core_uuid());
    return replies_->greeting();
}

void FakeFreeSwitch::begin_again() {
    ++starts_;
    channels_.clear();
}

std::string FakeFreeSwitch::new_id() {
    std::string digits = std::to_string(++last_);
    return "7c1e0000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

std::string FakeFreeSwitch::answer(const std::string& command) {
    const std::string first = command.substr(0, command.find('\n'));
    if (first.starts_with("bgapi originate ")) {
        const std::string id = between(command, "Job-UUID: ", "\n");
        const std::string known = id.empty() ? new_id() : id;
        return "Content-Type: command/reply\nReply-Text: +OK Job-UUID: " + known + "\nJob-UUID: " + known + "\n\n" +
               originate(first, known);
    }
    if (!first.starts_with("api ")) return replies_->on_client_bytes(command);
    const std::string own = api(first.substr(4));
    return own.empty() ? replies_->on_client_bytes(command) : own;
}

std::string FakeFreeSwitch::api(const std::string& command) {
    std::vector<std::string> words = words_of(command);
    const std::string verb = words.empty() ? std::string() : words.front();
    if (command == "show channels as json") return api_response(shown());
    if (verb == "uuid_exists") return api_response(channels_.contains(words.at(1)) ? "true" : "false");
    if (verb == "callcenter_config" && words.at(1) == "agent" && words.at(2) == "set") {
        const bool known_agent = words.at(4).starts_with("1001") || words.at(4).starts_with("1003");
        return api_response(known_agent ? "+OK\n" : "-ERR Agent not found!\n");
    }
    if (!verb.starts_with("uuid_")) return {};
    words.erase(words.begin());
    return on_channel(verb, std::move(words));
}

std::string FakeFreeSwitch::on_channel(const std::string& verb, std::vector<std::string> words) {
    const bool off = !words.empty() && (words.front() == "off" || words.front() == "toggle");
    if (off) words.erase(words.begin());
    const std::string id = words.empty() ? std::string() : words.front();
    if (!channels_.contains(id)) {
        if (verb == "uuid_hold") return api_response("-ERR Operation failed\n");
        if (verb == "uuid_bridge") return api_response("-ERR Invalid uuid\n");
        return api_response(verb == "uuid_record" ? "-ERR Cannot locate session!\n" : "-ERR No such channel!\n");
    }
    if (verb == "uuid_kill") return api_response("+OK\n") + end(id);
    if (verb == "uuid_hold") return api_response("+OK Success\n") + about(off ? "CHANNEL_UNHOLD" : "CHANNEL_HOLD", id);
    if (verb == "uuid_transfer") return api_response("+OK\n") + moved(id, words);
    if (verb == "uuid_bridge") {
        if (words.size() < 2 || !channels_.contains(words[1])) return api_response("-ERR Invalid uuid\n");
        return in_order(
            {api_response("+OK " + words[1] + "\n"), unbridge(id), unbridge(words[1]), bridge(id, words[1])});
    }
    if (verb == "uuid_record" && words.size() > 2) {
        const bool starts = words[1] == "start";
        const bool stops = words[1] == "stop";
        std::string out = api_response("+OK Success\n");
        if (starts || stops)
            out += about(starts ? "RECORD_START" : "RECORD_STOP", id, {{"Record-File-Path", words[2]}});
        return out;
    }
    return api_response("+OK\n");
}

// `uuid_transfer`: parked, to a conference, or (the agent) to who is consulted.
std::string FakeFreeSwitch::moved(const std::string& id, const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += word + ' ';
    const std::string peer = channels_.at(id).peer;
    const bool both = text.find(" -both ") != std::string::npos;
    std::string out = unbridge(id);
    if (const std::string whom = between(text, "bridge:user/", ", @"); !whom.empty()) {
        const std::string third = new_id();
        return in_order({out, begin(third, whom, id), about("CHANNEL_ANSWER", third), bridge(id, third)});
    }
    const bool room = text.find("conference:") != std::string::npos;
    for (const std::string& each : {id, both ? peer : std::string()}) {
        if (each.empty() || !channels_.contains(each)) continue;
        if (!room) {
            out += about("CHANNEL_PARK", each);
        } else {
            out += about("CUSTOM", each,
                         {{"Event-Subclass", "conference%3A%3Amaintenance"},
                          {"Conference-Name", between(text, "conference:", "@")},
                          {"Conference-Unique-ID", "conf-" + between(text, "conference:", "@")},
                          {"Action", "add-member"}});
        }
    }
    if (!both && text.find(" XML ") != std::string::npos && !peer.empty()) out += end(peer);
    return out;
}

std::string FakeFreeSwitch::originate(const std::string& command, const std::string& job_id) {
    ++dials_;
    std::string id = between(command, "origination_uuid=", ",}");
    if (id.empty()) id = new_id();
    const std::string phone = between(command, "}user/", "@ ");
    const std::string number =
        command.substr(0, command.find(" XML ")).substr(command.substr(0, command.find(" XML ")).rfind(' ') + 1);
    if (phone == "1003") return job(job_id, "-ERR USER_NOT_REGISTERED\n");
    if (number == "5555") return job(job_id, "-ERR NO_ROUTE_DESTINATION\n");
    if (phone == "1015") return {};
    std::string out = begin(id, phone);
    const std::map<std::string, std::string> failures{
        {"1011", "USER_BUSY"}, {"1012", "NO_ANSWER"}, {"1013", "CALL_REJECTED"}};
    if (const auto it = failures.find(phone); it != failures.end())
        return in_order({out, end(id), job(job_id, "-ERR " + it->second + "\n")});
    if (phone == "1014") return out + about("CHANNEL_ANSWER", id);  // the job's end is lost
    out += about("CHANNEL_ANSWER", id) + job(job_id, "+OK " + id + "\n");
    if (command.find("&conference") != std::string::npos) return out;
    const std::string customer = new_id();
    out += in_order({begin(customer, number, id), about("CHANNEL_ANSWER", customer)});
    return out + bridge(id, customer);
}

std::string FakeFreeSwitch::shown() const {
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& [id, channel] : channels_) {
        rows.push_back({{"uuid", id},
                        {"direction", "outbound"},
                        {"created_epoch", "1795290000"},
                        {"name", channel.name},
                        {"state", "CS_EXECUTE"},
                        {"cid_num", channel.number},
                        {"dest", channel.number},
                        {"callstate", "ACTIVE"},
                        {"application", ""},
                        {"call_uuid", channel.peer.empty() ? id : channel.peer}});
    }
    nlohmann::json out{{"row_count", rows.size()}};
    if (!rows.empty()) out["rows"] = rows;
    return out.dump();
}

std::string FakeFreeSwitch::event(const std::string& name, const Headers& headers, const std::string& body) {
    now_us_ += 20'000;
    std::string inner = "Event-Name: " + name + "\nCore-UUID: " + core_uuid() +
                        "\nEvent-Date-Timestamp: " + std::to_string(now_us_) + "\n";
    for (const auto& [key, value] : headers) inner += key + ": " + value + "\n";
    if (!body.empty()) inner += "Content-Length: " + std::to_string(body.size()) + "\n";
    inner += "\n" + body;
    return "Content-Length: " + std::to_string(inner.size()) + "\nContent-Type: text/event-plain\n\n" + inner;
}

std::string FakeFreeSwitch::about(const std::string& name, const std::string& id, Headers more) {
    const Channel& channel = channels_.at(id);
    Headers all{{"Unique-ID", id},
                {"Channel-Name", encoded(channel.name)},
                {"Call-Direction", "outbound"},
                {"Caller-Caller-ID-Number", channel.number},
                {"Caller-Destination-Number", channel.number},
                {"Channel-Call-UUID", id}};
    all.insert(all.end(), more.begin(), more.end());
    return event(name, all);
}

std::string FakeFreeSwitch::job(const std::string& id, const std::string& body) {
    return event("BACKGROUND_JOB", {{"Job-UUID", id}, {"Job-Command", "originate"}}, body);
}

std::string FakeFreeSwitch::begin(const std::string& id, const std::string& number, const std::string& from) {
    const bool phone = number.size() <= 5;
    channels_[id] = {phone ? "sofia/internal/" + number + "@127.0.0.1" : "sofia/external/" + number, number, true, {}};
    Headers more;
    if (phone) more.emplace_back("variable_dialed_user", number);
    if (!from.empty()) {
        more.emplace_back("variable_originating_leg_uuid", from);
        more.emplace_back("Other-Type", "originator");
        more.emplace_back("Other-Leg-Unique-ID", from);
    }
    return about("CHANNEL_CREATE", id, more) + about("CHANNEL_PROGRESS", id);
}

std::string FakeFreeSwitch::bridge(const std::string& one, const std::string& other) {
    channels_.at(one).peer = other;
    channels_.at(other).peer = one;
    return about("CHANNEL_BRIDGE", one, {{"Bridge-A-Unique-ID", one}, {"Bridge-B-Unique-ID", other}});
}

std::string FakeFreeSwitch::unbridge(const std::string& one) {
    const std::string other = std::exchange(channels_.at(one).peer, {});
    if (other.empty() || !channels_.contains(other)) return {};
    channels_.at(other).peer.clear();
    return about("CHANNEL_UNBRIDGE", one, {{"Bridge-A-Unique-ID", one}, {"Bridge-B-Unique-ID", other}});
}

std::string FakeFreeSwitch::end(const std::string& id) {
    std::string out = unbridge(id);
    out += about("CHANNEL_HANGUP", id, {{"Hangup-Cause", "NORMAL_CLEARING"}});
    out += about("CHANNEL_HANGUP_COMPLETE", id, {{"Hangup-Cause", "NORMAL_CLEARING"}});
    channels_.erase(id);
    return out;
}

}  // namespace citybridge::contract
