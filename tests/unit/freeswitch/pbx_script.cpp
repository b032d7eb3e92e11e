#include "tests/unit/freeswitch/pbx_script.h"

#include <gtest/gtest.h>

namespace citybridge::freeswitch {
namespace {

std::string encoded(std::string_view value) {
    constexpr std::string_view kPlain = "!'()*,-./_~";
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || kPlain.find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += '%';
            out += kHex[byte >> 4U];
            out += kHex[byte & 15U];
        }
    }
    return out;
}

std::string framed(std::string_view type, std::string_view body) {
    return "Content-Length: " + std::to_string(body.size()) + "\nContent-Type: " + std::string(type) + "\n\n" +
           std::string(body);
}

}  // namespace

std::string event_frame(const Fields& fields, std::string_view body) {
    std::string text;
    for (const auto& [name, value] : fields) text += name + ": " + encoded(value) + "\n";
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\n";
    return framed("text/event-plain", text.append("\n").append(body));
}

std::string reply_frame(std::string_view text) {
    return "Content-Type: command/reply\nReply-Text: " + std::string(text) + "\n\n";
}

std::string api_frame(std::string_view body) { return framed("api/response", body); }

SessionSettings PbxScript::with_password() {
    SessionSettings settings;
    settings.password = "ClueCon";
    settings.commands.recording_folder = "/srv/recordings";
    return settings;
}

void PbxScript::collect() {
    Output output = session.take_output();
    std::string rest = output.write;
    while (!rest.empty()) {
        const std::size_t end = rest.find("\n\n");
        ASSERT_NE(end, std::string::npos) << "a command is written in one piece";
        commands.push_back(rest.substr(0, end));
        rest.erase(0, end + 2);
    }
    for (PbxSignal& s : output.signals) signals.push_back(std::move(s));
    for (Completion& c : output.completed) c.done(c.reply);
    log.insert(log.end(), output.log.begin(), output.log.end());
    if (output.close) closed = output.close;
}

void PbxScript::connect() {
    closed.reset();
    session.on_connected(now);
    collect();
}

void PbxScript::bytes(std::string_view text) {
    session.on_bytes(text, now);
    collect();
}

void PbxScript::job_ends(std::string_view job, std::string_view body) {
    event({{"Event-Name", "BACKGROUND_JOB"}, {"Job-UUID", std::string(job)}}, body);
}

void PbxScript::log_in() {
    connect();
    greet();
    bytes(reply_frame("+OK accepted"));
    bytes(reply_frame("+OK event listener enabled plain"));
}

void PbxScript::answer_lists(std::string_view channels) {
    for (const std::string& command : take_commands()) {
        if (command == "api global_getvar core_uuid") {
            bytes(api_frame(kCoreUuid));
        } else if (command == "api show channels as json") {
            bytes(api_frame(channels));
        } else if (command.starts_with("api show")) {
            bytes(api_frame(R"({"row_count":0})"));
        } else {
            bytes(api_frame("+OK\n"));
        }
    }
}

void PbxScript::make_ready(std::string_view channels) {
    log_in();
    take_commands();
    pass(kTableLag);
    answer_lists(channels);
    ASSERT_TRUE(session.ready());
}

void PbxScript::pass(Millis time) {
    now.wall += time;
    now.mono += time;
    session.on_tick(now);
    collect();
}

Millis PbxScript::close(const std::string& code) {
    const Millis wait = session.on_closed({code, "closed by the test"}, now);
    collect();
    return wait;
}

CommandDone PbxScript::expect_reply() {
    return [this](CommandReply reply) { replies.push_back(std::move(reply)); };
}

}  // namespace citybridge::freeswitch
