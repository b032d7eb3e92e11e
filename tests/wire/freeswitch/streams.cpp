#include "tests/wire/freeswitch/streams.h"

#include <sstream>
#include <stdexcept>

#include "tests/wire/capture_file.h"

namespace citybridge::freeswitch {
namespace {

// "frames: auth/request 1, command/reply 4"
std::map<std::string, std::size_t> counts_in(const std::string& line) {
    std::map<std::string, std::size_t> out;
    std::istringstream items(line.substr(line.find(':') + 1));
    for (std::string item; std::getline(items, item, ',');) {
        std::istringstream words(item);
        std::string name;
        std::size_t count = 0;
        if (words >> name >> count) out[name] = count;
    }
    return out;
}

// "auth-2.esl" is described in auth.md.
std::string truth_of(std::string_view name) {
    const std::string base(name.substr(0, name.find('-')));
    return capture("freeswitch/" + base + ".md");
}

}  // namespace

std::string stream(std::string_view name) { return capture("freeswitch/" + std::string(name) + ".esl"); }

Counted counted(std::string_view name) {
    std::istringstream lines(truth_of(name));
    const std::string heading = "## " + std::string(name) + ".esl: ";
    Counted out;
    bool found = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("## ")) {
            if (found) break;
            if (!line.starts_with(heading)) continue;
            found = true;
            std::istringstream words(line.substr(heading.size()));
            std::string word;
            words >> out.bytes >> word >> out.frames >> word >> out.events >> word >> word >> word >> out.largest_body;
        }
        if (found && line.starts_with("frames:")) out.types = counts_in(line);
        if (found && line.starts_with("events:")) out.names = counts_in(line);
    }
    if (!found) throw std::runtime_error(std::string(name) + ": its ground truth does not count its frames");
    return out;
}

void drain(Framer& framer, std::vector<Kept>& out) {
    while (true) {
        const auto frame = framer.next();
        if (!frame) throw std::runtime_error(frame.error().code + ": " + frame.error().detail);
        if (*frame == nullptr) return;
        out.push_back({(*frame)->kind, std::string((*frame)->headers), std::string((*frame)->body), framer.consumed()});
    }
}

std::vector<Kept> frames_of(std::string_view bytes) {
    Framer framer;
    framer.feed(bytes);
    std::vector<Kept> out;
    drain(framer, out);
    return out;
}

}  // namespace citybridge::freeswitch
