#include "tests/wire/reports/pbx_books.h"

#include <cstdio>
#include <ctime>
#include <sstream>
#include <vector>

namespace citybridge::wire {
namespace {

std::vector<std::string> split(const std::string& line, char by) {
    std::vector<std::string> out;
    std::istringstream in(line);
    for (std::string part; std::getline(in, part, by);) out.push_back(part);
    return out;
}

// Every value between quotes, and none of them holds one.
std::vector<std::string> values_of(const std::string& line) {
    std::vector<std::string> out;
    for (std::size_t at = line.find('"'); at != std::string::npos; at = line.find('"', at)) {
        const std::size_t end = line.find('"', at + 1);
        out.push_back(line.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    return out;
}

long seconds_of(const std::string& text) {
    std::tm parts{};
    if (text.empty() || ::strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &parts) == nullptr) return 0;
    return static_cast<long>(::timegm(&parts));
}

}  // namespace

// time|call|queue|agent|event|...: ENTERQUEUE; CONNECT|holdtime|..; COMPLETEx|holdtime|calltime|..; ABANDON|..|..|wait
Book read_queue_log(const std::string& text) {
    Book calls;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto fields = split(line, '|');
        if (fields.size() < 6) continue;
        BookedCall& call = calls[fields[1]];
        const long at = std::stol(fields[0]);
        if (fields[4] == "ENTERQUEUE") call.entered = at;
        if (fields[4] == "CONNECT") {
            call.agent = fields[3];
            call.answered = at;
            call.wait = std::stol(fields[5]);
        }
        if (fields[4] == "COMPLETECALLER" || fields[4] == "COMPLETEAGENT") {
            call.ended = at;
            call.talk = std::stol(fields.at(6));
        }
        if (fields[4] == "ABANDON") {
            call.abandoned = true;
            call.ended = at;
            call.wait = std::stol(fields.at(7));
        }
    }
    return calls;
}

// uuid, direction, caller name, caller number, destination, channel, start, answer, end, duration, billsec, cause,
// bleg uuid, other leg, last app, cc_queue, cc_agent, cc_cause, cc_cancel_reason
Book read_callcenter_cdr(const std::string& text) {
    std::map<std::string, std::vector<std::string>> rows;
    std::istringstream lines(text);
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        auto row = values_of(line);
        if (row.size() >= 19) rows[row[0]] = row;
    }
    Book calls;
    for (const auto& [id, row] : rows) {
        if (row[1] != "inbound" || row[14] != "callcenter") continue;
        BookedCall call;
        call.agent = row[16];
        call.entered = seconds_of(row[7]);
        call.ended = seconds_of(row[8]);
        const auto other = rows.find(row[12]);
        if (row[17] == "answered" && other != rows.end()) {
            call.answered = seconds_of(other->second[7]);
            call.wait = call.answered - call.entered;
            call.talk = std::stol(other->second[10]);
        }
        call.abandoned = row[17] == "cancel";
        calls[id] = call;
    }
    return calls;
}

}  // namespace citybridge::wire
