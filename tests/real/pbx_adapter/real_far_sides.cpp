// Real PBXs, found by environment variables. Their phones ring; nothing of
// their link is broken on purpose.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/contract/pbx_adapter/far_sides.h"

namespace citybridge::contract {
namespace {

class RealFarSide final : public FarSide {
public:
    // `prefix`: CITYBRIDGE_REAL_ASTERISK. `names`: settings of the plugin by the variable's ending.
    RealFarSide(std::string library, std::string prefix, std::string secret_setting,
                std::map<std::string, std::string> names)
        : library_(std::move(library)),
          prefix_(std::move(prefix)),
          secret_setting_(std::move(secret_setting)),
          names_(std::move(names)) {}

    std::string library() const override { return library_; }
    bool is_real() const override { return true; }
    std::string absent() const override {
        for (const char* needed : {"", "_SECRET_FILE", "_ANSWERS", "_NUMBER", "_COLLEAGUE"}) {
            if (given(needed).empty())
                return prefix_ + needed + " is not set: this suite needs a " + library_ +
                       " with phones that may ring; docs/plugins/real-pbx.md says what to give";
        }
        return {};
    }
    bool can(Fate fate) const override { return fate == Fate::unknown_number || !given(ending_of(fate)).empty(); }
    std::vector<std::pair<std::string, std::string>> settings(Fate) override {
        const std::string address = given("");
        const std::size_t colon = address.rfind(':');
        std::vector<std::pair<std::string, std::string>> out{{"host", address.substr(0, colon)}};
        if (colon != std::string::npos) out.emplace_back("port", address.substr(colon + 1));
        out.emplace_back(secret_setting_, secret());
        for (const auto& [ending, setting] : names_) {
            if (const std::string value = given(ending.c_str()); !value.empty()) out.emplace_back(setting, value);
        }
        if (library_ == "asterisk" && !given("_ROOMS").empty())
            out.emplace_back("offers", "transfer, consult, conference, record, park");
        return out;
    }
    DialCommand dial(Fate fate) override {
        // Of this run alone: a call of an earlier one may still be there.
        const auto now = std::chrono::system_clock::now().time_since_epoch().count();
        DialCommand command{"real-" + std::to_string(now), given("_ANSWERS"), given("_NUMBER"), Millis{15'000}};
        if (fate == Fate::unknown_number) {
            command.number = given("_UNKNOWN").empty() ? "5555" : given("_UNKNOWN");
        } else {
            command.device = given(ending_of(fate));
        }
        if (fate == Fate::no_answer) command.ring_timeout = Millis{5'000};
        return command;
    }
    std::string agent() const override { return given("_ANSWERS"); }
    std::string colleague() const override { return given("_COLLEAGUE"); }
    std::vector<std::string> queues() const override {
        std::vector<std::string> out;
        std::istringstream words(given("_QUEUES"));
        for (std::string word; std::getline(words, word, ',');) out.push_back(word);
        return out;
    }

private:
    std::string given(const char* ending) const {
        const char* value = std::getenv((prefix_ + ending).c_str());
        return value != nullptr ? value : "";
    }
    static const char* ending_of(Fate fate) {
        switch (fate) {
            case Fate::answers: return "_ANSWERS";
            case Fate::busy: return "_BUSY";
            case Fate::no_answer: return "_NO_ANSWER";
            case Fate::rejects: return "_REJECTS";
            case Fate::unregistered: return "_UNREGISTERED";
            case Fate::unknown_number: return "_UNKNOWN";
            case Fate::lost_but_there:
            case Fate::lost: break;  // a real PBX loses no answers for us
        }
        return "_NEVER";
    }
    std::string secret() const {
        std::ifstream file(given("_SECRET_FILE"));
        std::string line;
        std::getline(file, line);
        return line;
    }

    std::string library_;
    std::string prefix_;
    std::string secret_setting_;
    std::map<std::string, std::string> names_;
};

}  // namespace

std::vector<Implementation> implementations() {
    return {{"asterisk",
             [] {
                 return std::make_unique<RealFarSide>(
                     "asterisk", "CITYBRIDGE_REAL_ASTERISK", "secret",
                     std::map<std::string, std::string>{
                         {"_USER", "user"}, {"_CONTEXT", "context"}, {"_ROOMS", "conference_context"}});
             }},
            {"freeswitch", [] {
                 return std::make_unique<RealFarSide>(
                     "freeswitch", "CITYBRIDGE_REAL_FREESWITCH", "password",
                     std::map<std::string, std::string>{{"_USER", "user"},
                                                        {"_DOMAIN", "domain"},
                                                        {"_CONTEXT", "context"},
                                                        {"_RECORDINGS", "recording_folder"},
                                                        {"_PARK", "park_extension"}});
             }}};
}

}  // namespace citybridge::contract
